//! What fails is tried again by the schedule, the same bytes under the same id, until it is delivered or dead.

use crate::scene::Scene;
use domain::delivery::{Dead, DeadReason};
use domain::id::WebhookNumber;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::{Error, attempts, dead, retries};
use testkit::engines::on_both_engines;
use testkit::receiver::Answer;

fn one() -> WebhookNumber {
    WebhookNumber::new(1)
}

#[tokio::test]
async fn a_failed_delivery_is_sent_again_when_it_is_due() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        scene.webhook("/").await;
        let asked = AtomicUsize::new(0);
        scene
            .receiver
            .answer(move |_| Answer::Status(if asked.fetch_add(1, Ordering::Relaxed) == 0 { 503 } else { 200 }));
        let running = scene.start();
        scene.happen([1]).await;
        scene.until(|tx| attempts::of_delivery(tx, one(), 1), |made| made.len() == 1).await;
        scene.clock.advance(Duration::from_secs(7));
        let told = scene.receiver.wait_for(2, |_| true).await;
        scene.until(|tx| retries::next_due_of(tx, one()), Option::is_none).await;
        running.stop().await;
        assert_eq!(told[0].body, told[1].body);
        assert_eq!(told[0].header("webhook-id"), told[1].header("webhook-id"));
        assert_ne!(told[0].header("webhook-timestamp"), told[1].header("webhook-timestamp"));
        let made: Result<_, Error> = scene.store.read(|tx| attempts::of_delivery(tx, one(), 1)).await;
        let made: Vec<_> =
            made.unwrap().into_iter().map(|attempt| (attempt.number, attempt.status, attempt.class)).collect();
        assert_eq!(made, [(1, Some(503), Some("server_error".into())), (2, Some(200), None)]);
    })
    .await;
}

#[tokio::test]
async fn a_delivery_that_never_succeeds_dies_when_its_schedule_is_spent() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        scene.webhook("/").await;
        scene.receiver.answer(|_| Answer::Status(404));
        let running = scene.start();
        scene.happen([1]).await;
        for (attempts, wait) in [(1, 7), (2, 40)] {
            // An attempt and its retry are written together.
            scene.until(|tx| attempts::of_delivery(tx, one(), 1), |made| made.len() == attempts).await;
            scene.clock.advance(Duration::from_secs(wait));
        }
        scene.receiver.wait_for(3, |_| true).await;
        let look = |tx: &mut store::Tx<'_>| dead::list(tx, one(), 0, 10);
        let dead: Vec<Dead> = scene.until(look, |dead| !dead.is_empty()).await;
        running.stop().await;
        assert_eq!((dead[0].from_sequence, dead[0].to_sequence, dead[0].reason), (1, 1, DeadReason::Exhausted));
        let due: Result<_, Error> = scene.store.read(|tx| retries::next_due_of(tx, one())).await;
        assert_eq!(due.unwrap(), None);
        assert_eq!(scene.receiver.received().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_blocked_address_is_a_failure_that_says_so() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook("/").await;
        scene.amend(&webhook, |wish| wish.target_url = "http://10.0.0.1/".into()).await;
        let running = scene.start();
        scene.happen([1]).await;
        let made = scene.until(|tx| attempts::of_delivery(tx, one(), 1), |made| !made.is_empty()).await;
        running.stop().await;
        assert_eq!((made[0].status, made[0].class.as_deref()), (None, Some("blocked_address")));
    })
    .await;
}
