//! A test is owed to one webhook alone, whatever its state, is tried once, and says nothing of the receiver's health.

use crate::scene::Scene;
use crate::told::told_at;
use domain::event::{EventKind, Fact};
use domain::health::Health;
use domain::policy::Policy;
use domain::webhook::Webhook;
use std::time::Duration;
use testkit::engines::on_both_engines;
use testkit::receiver::Answer;

/// Tests a webhook with an event that it did not ask for.
async fn test(scene: &Scene, webhook: &Webhook) {
    scene.append(Fact { addressee: Some(webhook.number), ..scene.fact(9, EventKind::FileUploaded) }).await;
}

#[tokio::test]
async fn a_paused_webhook_is_told_of_a_test_and_of_nothing_else() {
    on_both_engines(async |store| {
        let mut scene = Scene::new(store).await;
        scene.settings.ready_max = 8;
        let webhook = scene.webhook_of("/", Policy::default()).await;
        scene.webhook("/other").await;
        scene.decide(&webhook, |health, now| assert!(health.pause(now))).await;
        let running = scene.start();
        scene.happen(1..=3).await;
        test(&scene, &webhook).await;
        let told = scene.receiver.wait_for(1, |one| one.path == "/").await;
        assert_eq!((told[0].header("webhook-test"), told[0].header("webhook-event")), ("true", "file.uploaded"));
        // More waits than is kept in memory; a test goes ahead of it.
        scene.happen(1..=50).await;
        test(&scene, &webhook).await;
        scene.receiver.wait_for(2, |one| one.path == "/").await;
        scene.decide(&webhook, |health, now| assert!(health.resume(now))).await;
        scene.until_settled(&[webhook.number]).await;
        scene.receiver.wait_for(53, |one| one.path == "/other").await;
        running.stop().await;
        let (mut told, other) = (told_at(&scene, "/"), told_at(&scene, "/other"));
        assert_eq!(told[..2], [4, 55]);
        told.sort_unstable();
        assert_eq!(told, (1..=55).collect::<Vec<i64>>(), "each once");
        assert!(!other.contains(&4) && !other.contains(&55) && other.len() == 53, "{other:?}");
    })
    .await;
}

#[tokio::test]
async fn a_test_that_fails_is_not_tried_again_and_counts_for_nothing() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook_of("/", Policy::default()).await;
        scene
            .receiver
            .answer(|request| Answer::Status(if request.header("webhook-test") == "true" { 410 } else { 200 }));
        let running = scene.start();
        for _ in 0..10 {
            test(&scene, &webhook).await;
        }
        scene.attempts_until(&webhook, 10).await;
        scene.clock.advance(Duration::from_hours(1));
        scene.happen([1]).await;
        scene.until_settled(&[webhook.number]).await;
        running.stop().await;
        assert_eq!(told_at(&scene, "/").len(), 11, "none was tried again, and the event went at once");
        assert!(scene.dead_until(&webhook, 0).await.is_empty());
        let health = scene.health_until(&webhook, |_| true).await;
        assert_eq!((health.failures, health.failing_since, health.state), (0, None, Health::default().state));
    })
    .await;
}
