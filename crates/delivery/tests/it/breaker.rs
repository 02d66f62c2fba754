//! A receiver that keeps failing is sent nothing but probes, which count against nothing; what it is owed waits.

use crate::scene::Scene;
use crate::told::{Told, told_at};
use domain::delivery::Retry;
use domain::policy::Policy;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::cursors;
use testkit::engines::on_both_engines;
use testkit::receiver::Answer;

const FAILURES_IN_A_ROW: usize = 5;

/// One request at a time, and a receiver that fails them all.
async fn failing(scene: &mut Scene, policy: Policy) -> domain::webhook::Webhook {
    scene.settings.window_start = 1.0;
    let webhook = scene.webhook_of("/", policy).await;
    scene.pulse().await;
    scene.receiver.answer(|request| Answer::Status(if request.path == "/" { 500 } else { 200 }));
    webhook
}

fn attempts(retries: &[Retry]) -> Vec<i64> {
    retries.iter().map(|retry| retry.attempts).collect()
}

#[tokio::test]
async fn probes_alone_go_out_and_spend_nothing_until_one_is_taken() {
    on_both_engines(async |store| {
        let mut scene = Scene::new(store).await;
        let webhook = failing(&mut scene, Policy::default()).await;
        scene.happen(1..=8).await;
        let running = scene.start();
        let mut sent = FAILURES_IN_A_ROW;
        scene.attempts_until(&webhook, sent).await;
        for seconds in [5, 10, 20, 40, 80, 160, 300, 300] {
            scene.clock.advance(Duration::from_micros(seconds * 1_000_000 - 1));
            scene.beat().await;
            assert_eq!(told_at(&scene, "/").len(), sent, "within {seconds} s");
            scene.clock.advance(Duration::from_micros(1));
            sent += 1;
            scene.attempts_until(&webhook, sent).await;
            scene.beat().await;
            assert_eq!(told_at(&scene, "/").len(), sent, "one probe after {seconds} s");
            let retries = scene.retries_until(&webhook, |_| true).await;
            assert_eq!(attempts(&retries), [1; FAILURES_IN_A_ROW], "{retries:?}");
        }
        scene.receiver.answer(|_| Answer::Status(200));
        scene.clock.advance(Duration::from_mins(5));
        scene.retries_until(&webhook, Vec::is_empty).await;
        let all: BTreeSet<i64> = (1..=8).collect();
        let taken = |one: &&testkit::receiver::Received| one.path == "/";
        scene
            .receiver
            .wait_until(|told| told.iter().filter(taken).skip(sent).map(Told::sequence).collect::<BTreeSet<_>>() == all)
            .await;
        running.stop().await;
        assert_eq!(told_at(&scene, "/").len(), sent + 8, "each once");
    })
    .await;
}

#[tokio::test]
async fn a_dead_endpoint_with_a_long_backlog_is_one_cursor_standing_still() {
    on_both_engines(async |store| {
        let mut scene = Scene::new(store).await;
        scene.settings.ready_max = 64;
        let webhook = scene.webhook_of("/", Policy::default()).await;
        scene.pulse().await;
        scene.receiver.answer(|request| Answer::Status(if request.path == "/" { 500 } else { 200 }));
        scene.happen((0..400).map(|n| (n % 200) as u8)).await;
        let running = scene.start();
        scene.attempts_until(&webhook, FAILURES_IN_A_ROW).await;
        for _ in 0..5 {
            scene.clock.advance(Duration::from_mins(5));
            scene.beat().await;
        }
        let under_way_max = FAILURES_IN_A_ROW - 1 + scene.settings.window_start as usize;
        let rows = scene.retries_until(&webhook, |_| true).await;
        assert!((FAILURES_IN_A_ROW..=under_way_max).contains(&rows.len()), "{}", rows.len());
        let number = webhook.number;
        let cursor = scene.until(move |tx| cursors::find(tx, number), Option::is_some).await;
        assert!(cursor.unwrap().low() <= under_way_max as i64);
        scene.receiver.answer(|_| Answer::Status(200));
        scene.until_settled(&[number]).await;
        running.stop().await;
        let told: BTreeSet<i64> = told_at(&scene, "/").into_iter().collect();
        assert_eq!(told, (1..=400).collect());
    })
    .await;
}

#[tokio::test]
async fn retries_that_come_due_during_a_probe_are_sent_after_it() {
    on_both_engines(async |store| {
        let mut scene = Scene::new(store).await;
        let policy = Policy { waits: Some(vec![Duration::from_mins(1)]), ..Policy::default() };
        let webhook = failing(&mut scene, policy).await;
        scene.happen(1..=6).await;
        let running = scene.start();
        scene.attempts_until(&webhook, FAILURES_IN_A_ROW).await;
        scene.receiver.answer(|request| if request.sequence() == 6 { Answer::Held(200) } else { Answer::Status(200) });
        scene.clock.advance(Duration::from_secs(5));
        scene.receiver.wait_for(1, |one| one.sequence() == 6).await;
        scene.clock.advance(Duration::from_secs(75));
        scene.beat().await;
        assert_eq!(told_at(&scene, "/").len(), 6);
        scene.receiver.release();
        scene.retries_until(&webhook, Vec::is_empty).await;
        running.stop().await;
        assert_eq!(told_at(&scene, "/").len(), 11);
    })
    .await;
}

#[tokio::test]
async fn the_time_that_it_was_open_is_given_back_to_every_retry() {
    on_both_engines(async |store| {
        let mut scene = Scene::new(store).await;
        let webhook = failing(&mut scene, Policy::default()).await;
        scene.happen(1..=5).await;
        let running = scene.start();
        scene.attempts_until(&webhook, FAILURES_IN_A_ROW).await;
        // The probe is taken; of the others some fail again, long after the hour in which they were to be tried.
        let asked = AtomicUsize::new(0);
        scene.receiver.answer(move |request| {
            let fails = request.path == "/" && asked.fetch_add(1, Ordering::Relaxed) % 2 == 1;
            Answer::Status(if fails { 500 } else { 200 })
        });
        scene.clock.advance(Duration::from_hours(2));
        let retries = scene.retries_until(&webhook, |retries| attempts(retries) == [2, 2]).await;
        running.stop().await;
        assert!(scene.dead_until(&webhook, 0).await.is_empty());
        for retry in retries {
            let wait = Duration::from_secs(24)..=Duration::from_secs(36);
            assert!(wait.contains(&retry.due_at.since(retry.first_at)), "{retry:?}");
        }
    })
    .await;
}
