//! A receiver that asks to be left alone is left alone, with all that is owed to it, for as long as it asks and no longer.

use crate::scene::Scene;
use crate::told::{Told, told_at};
use domain::policy::Policy;
use std::time::Duration;
use testkit::engines::on_both_engines;
use testkit::receiver::Answer;

/// The first event is answered with this; everything else is taken.
fn ask_for_rest(scene: &Scene, status: u16, retry_after: &'static str) {
    scene.receiver.answer(move |request| match (request.path.as_str(), request.sequence(), request.attempt()) {
        ("/", 1, 1) => Answer::RetryAfter(status, retry_after),
        _ => Answer::Status(200),
    });
}

#[tokio::test]
async fn the_whole_webhook_rests_for_the_seconds_or_until_the_date_asked_for() {
    for (status, retry_after) in [(429, "120"), (503, "Tue, 03 Mar 2026 10:22:00 GMT")] {
        on_both_engines(async |store| {
            let scene = Scene::new(store).await;
            let webhook = scene.webhook_of("/", Policy::default()).await;
            scene.pulse().await;
            ask_for_rest(&scene, status, retry_after);
            let running = scene.start();
            scene.happen([1]).await;
            scene.retries_until(&webhook, |retries| retries.len() == 1).await;
            scene.happen([2, 3]).await;
            scene.clock.advance(Duration::from_secs(119));
            scene.beat().await;
            assert_eq!(told_at(&scene, "/"), [1], "{retry_after}");
            scene.clock.advance(Duration::from_secs(1));
            scene.receiver.wait_for(4, |one| one.path == "/").await;
            running.stop().await;
        })
        .await;
    }
}

#[tokio::test]
async fn nobody_rests_for_longer_than_an_hour() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook_of("/", Policy::default()).await;
        ask_for_rest(&scene, 429, "31536000");
        let running = scene.start();
        scene.happen([1]).await;
        let retries = scene.retries_until(&webhook, |retries| retries.len() == 1).await;
        assert_eq!(retries[0].due_at.since(retries[0].first_at), Duration::from_hours(1));
        scene.happen([2]).await;
        scene.clock.advance(Duration::from_hours(1));
        scene.receiver.wait_for(1, |one| one.sequence() == 2).await;
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_rest_ends_even_if_the_breaker_opened_for_less_time_meanwhile() {
    on_both_engines(async |store| {
        let mut scene = Scene::new(store).await;
        scene.settings.window_start = 8.0;
        let policy = Policy { waits: Some(vec![Duration::from_hours(12)]), ..Policy::default() };
        let webhook = scene.webhook_of("/", policy).await;
        scene.pulse().await;
        scene.receiver.answer(|request| match request.sequence() {
            1..=5 => Answer::RetryAfter(429, "60"),
            _ => Answer::Status(200),
        });
        scene.happen(1..=5).await;
        let running = scene.start();
        scene.retries_until(&webhook, |retries| retries.len() == 5).await;
        scene.happen([6]).await;
        scene.clock.advance(Duration::from_secs(10));
        scene.beat().await;
        assert_eq!(told_at(&scene, "/").len(), 5);
        scene.clock.advance(Duration::from_secs(50));
        scene.receiver.wait_for(1, |one| one.sequence() == 6).await;
        running.stop().await;
    })
    .await;
}
