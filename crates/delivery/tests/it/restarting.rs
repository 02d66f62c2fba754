//! What was not settled is told after a restart; what was settled is not told again.

use crate::scene::Scene;
use crate::told::sequences;
use std::collections::BTreeSet;
use std::time::Duration;
use store::retries;
use testkit::engines::on_both_engines;
use testkit::receiver::Answer;

#[tokio::test]
async fn nothing_is_told_twice_after_a_stop_in_good_order() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        scene.webhook("/").await;
        for round in 0..3 {
            let running = scene.start();
            scene.happen(0..50).await;
            scene.receiver.wait_for((round + 1) * 50, |_| true).await;
            running.stop().await;
        }
        let mut seen = sequences(&scene.receiver.received());
        seen.sort_unstable();
        assert_eq!(seen, (1..=150).collect::<Vec<i64>>());
    })
    .await;
}

#[tokio::test]
async fn what_happens_while_nobody_delivers_is_told_later() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        scene.webhook("/").await;
        scene.happen(0..40).await;
        let running = scene.start();
        scene.receiver.wait_for(40, |_| true).await;
        running.kill().await;
        scene.happen(0..40).await;
        let running = scene.start();
        // What was under way at the kill is told again: at least once, not exactly once.
        let all: BTreeSet<i64> = (1..=80).collect();
        scene.receiver.wait_until(|received| sequences(received).into_iter().collect::<BTreeSet<_>>() == all).await;
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_retry_outlives_the_process_that_failed() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let number = scene.webhook("/").await.number;
        scene.receiver.answer(|_| Answer::Status(500));
        let running = scene.start();
        scene.happen([1]).await;
        scene.until(move |tx| retries::next_due_of(tx, number), Option::is_some).await;
        running.kill().await;
        scene.receiver.answer(|_| Answer::Status(200));
        scene.clock.advance(Duration::from_secs(7));
        let running = scene.start();
        let told = scene.receiver.wait_for(2, |_| true).await;
        running.stop().await;
        assert_eq!(told[0].body, told[1].body);
    })
    .await;
}
