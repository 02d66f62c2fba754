//! What a receiver's refusal means: gone for good, gone for a moment, or not this one.

use crate::scene::Scene;
use crate::told::{Told, told_at};
use domain::delivery::DeadReason;
use domain::event::EventKind;
use domain::health::{DisabledReason, State};
use domain::policy::{Order, Policy};
use std::time::Duration;
use testkit::engines::on_both_engines;
use testkit::receiver::Answer;

#[tokio::test]
async fn gone_disables_the_webhook_and_holds_what_it_is_owed() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook_of("/", Policy { order: Order::Fifo, ..Policy::default() }).await;
        scene.pulse().await;
        scene.receiver.answer(|request| Answer::Status(if request.path == "/" { 410 } else { 200 }));
        let running = scene.start();
        scene.happen([1, 2]).await;
        let health = scene.health_until(&webhook, |health| health.state != State::Active).await;
        assert_eq!(health.state, State::Disabled(DisabledReason::Gone));
        scene.happen([1]).await;
        scene.clock.advance(Duration::from_hours(24));
        scene.beat().await;
        assert_eq!(told_at(&scene, "/"), [1]);
        assert_eq!(scene.notices().await, [EventKind::WebhookDisabled]);
        assert!(scene.retries_until(&webhook, |_| true).await.is_empty());
        assert!(scene.dead_until(&webhook, 0).await.is_empty());
        scene.receiver.answer(|_| Answer::Status(200));
        scene.decide(&webhook, |health, now| assert!(health.resume(now))).await;
        let told = scene.receiver.wait_for(4, |one| one.path == "/").await;
        running.stop().await;
        assert_eq!(told[0].body, told[1].body);
        assert_eq!(told.iter().map(Told::attempt).collect::<Vec<_>>(), [1, 1, 1, 1], "it was not to blame");
    })
    .await;
}

#[tokio::test]
async fn a_retry_that_finds_the_receiver_gone_is_held_too() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook_of("/", Policy::default()).await;
        scene.receiver.answer(|request| Answer::Status(if request.attempt() == 1 { 500 } else { 410 }));
        let running = scene.start();
        scene.happen([1]).await;
        scene.retries_until(&webhook, |retries| retries.len() == 1).await;
        scene.clock.advance(Duration::from_secs(7));
        scene.health_until(&webhook, |health| health.state != State::Active).await;
        running.kill().await;
        scene.receiver.answer(|_| Answer::Status(200));
        scene.clock.advance(Duration::from_hours(10));
        let running = scene.start();
        scene.decide(&webhook, |health, now| assert!(health.resume(now))).await;
        let told = scene.receiver.wait_for(3, |_| true).await;
        scene.retries_until(&webhook, Vec::is_empty).await;
        running.stop().await;
        assert_eq!(told.iter().map(Told::attempt).collect::<Vec<_>>(), [1, 2, 2]);
    })
    .await;
}

#[tokio::test]
async fn a_refused_connection_is_tried_once_more_at_once() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook_of("/", Policy::default()).await;
        scene.receiver.refuse().await;
        let (receiver, mut sent) = (scene.receiver.clone(), 0);
        scene.on_sending(move || {
            sent += 1;
            if sent == 2 {
                receiver.welcome();
            }
        });
        let running = scene.start();
        scene.happen([1]).await;
        let made = scene.attempts_until(&webhook, 1).await;
        running.stop().await;
        assert_eq!((made.len(), made[0].number, made[0].status), (1, 1, Some(200)));
        assert_eq!(told_at(&scene, "/"), [1]);
    })
    .await;
}

#[tokio::test]
async fn a_connection_refused_twice_is_one_failed_attempt() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook_of("/", Policy::default()).await;
        scene.receiver.refuse().await;
        let running = scene.start();
        scene.happen([1]).await;
        let retries = scene.retries_until(&webhook, |retries| retries.len() == 1).await;
        let made = scene.attempts_until(&webhook, 1).await;
        assert_eq!((made.len(), made[0].class.as_deref(), retries[0].attempts), (1, Some("connect_refused"), 1));
        scene.receiver.welcome();
        scene.clock.advance(Duration::from_secs(7));
        scene.retries_until(&webhook, Vec::is_empty).await;
        running.stop().await;
        assert_eq!(told_at(&scene, "/"), [1]);
    })
    .await;
}

#[tokio::test]
async fn a_webhook_may_take_4xx_for_an_end_but_for_those_that_mean_later() {
    on_both_engines(async |store| {
        let mut scene = Scene::new(store).await;
        scene.settings.window_start = 1.0;
        let webhook = scene.webhook_of("/", Policy { stops_on_4xx: true, ..Policy::default() }).await;
        let statuses = [404, 200, 408, 200, 425, 200, 429, 200, 422, 200, 500];
        scene.receiver.answer(move |request| Answer::Status(statuses[request.sequence() as usize - 1]));
        let running = scene.start();
        scene.happen(1..=11).await;
        let retries = scene.retries_until(&webhook, |retries| retries.len() == 4).await;
        let dead = scene.dead_until(&webhook, 2).await;
        running.stop().await;
        assert_eq!(retries.iter().map(|retry| retry.sequence).collect::<Vec<_>>(), [3, 5, 7, 11]);
        let dead: Vec<_> = dead.iter().map(|dead| (dead.from_sequence, dead.to_sequence, dead.reason)).collect();
        assert_eq!(dead, [(1, 1, DeadReason::Refused), (9, 9, DeadReason::Refused)]);
        assert_eq!(scene.receiver.received().len(), 11);
    })
    .await;
}
