//! A webhook that is paused is sent nothing and loses nothing; who resumes it may choose what to leave out.

use crate::scene::Scene;
use crate::told::told_at;
use domain::delivery::DeadReason;
use domain::health::State;
use domain::policy::Policy;
use std::time::Duration;
use testkit::engines::on_both_engines;
use testkit::receiver::Answer;

#[tokio::test]
async fn nothing_is_sent_while_it_is_paused_and_all_of_it_after() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook_of("/", Policy::default()).await;
        scene.pulse().await;
        scene.receiver.answer(|request| Answer::Status(if request.path == "/" { 500 } else { 200 }));
        let running = scene.start();
        scene.happen([1]).await;
        scene.retries_until(&webhook, |retries| retries.len() == 1).await;
        scene.decide(&webhook, |health, now| assert!(health.pause(now))).await;
        scene.receiver.answer(|_| Answer::Status(200));
        scene.happen([1, 2, 3]).await;
        scene.clock.advance(Duration::from_secs(7));
        scene.beat().await;
        running.kill().await;
        let running = scene.start();
        scene.happen([4]).await;
        scene.clock.advance(Duration::from_mins(30));
        scene.beat().await;
        assert_eq!(told_at(&scene, "/"), [1], "only before the pause");
        scene.decide(&webhook, |health, now| assert!(health.resume(now))).await;
        scene.until_settled(&[webhook.number]).await;
        running.stop().await;
        let mut told = told_at(&scene, "/");
        told.sort_unstable();
        assert_eq!(told[..3], [1, 1, 2]);
        assert_eq!(told.len(), 6);
    })
    .await;
}

/// Skips a part of what a paused webhook is owed, perhaps after a restart.
async fn skip_some(scene: &Scene, restarts: bool) {
    let webhook = scene.webhook_of("/", Policy::default()).await;
    scene.pulse().await;
    let mut running = scene.start();
    scene.happen([1]).await;
    scene.until_settled(&[webhook.number]).await;
    scene.decide(&webhook, |health, now| assert!(health.pause(now))).await;
    scene.happen([1, 1, 2, 2, 1, 2]).await;
    scene.beat().await;
    if restarts {
        running.kill().await;
        running = scene.start();
    }
    scene.skip_to(&webhook, 5).await;
    scene.happen([3]).await;
    scene.until_settled(&[webhook.number]).await;
    running.stop().await;
    let dead = scene.dead_until(&webhook, 1).await;
    let dead: Vec<_> = dead.iter().map(|dead| (dead.from_sequence, dead.to_sequence, dead.reason)).collect();
    assert_eq!(dead, [(2, 5, DeadReason::Skipped)]);
    let mut told = told_at(scene, "/");
    told.sort_unstable();
    assert_eq!(told, [1, 6, 7, 9]);
}

#[tokio::test]
async fn what_is_skipped_is_left_out_and_nothing_else() {
    on_both_engines(async |store| skip_some(&Scene::new(store).await, false).await).await;
    on_both_engines(async |store| skip_some(&Scene::new(store).await, true).await).await;
}

#[tokio::test]
async fn skipping_what_was_held_frees_its_resource() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook_of("/", Policy::default()).await;
        scene.receiver.answer(|_| Answer::Status(410));
        let running = scene.start();
        scene.happen([1]).await;
        scene.health_until(&webhook, |health| health.state != State::Active).await;
        scene.receiver.answer(|_| Answer::Status(200));
        // What operators are told is the second event of the log.
        scene.happen([1, 1]).await;
        scene.skip_to(&webhook, 3).await;
        scene.until_settled(&[webhook.number]).await;
        running.stop().await;
        assert_eq!(told_at(&scene, "/"), [1, 4]);
    })
    .await;
}
