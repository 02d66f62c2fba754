//! Failed deliveries are tried so often and after such waits as the schedule says: the documented one, or the webhook's own.

use crate::scene::Scene;
use crate::told::Told;
use domain::delivery::DeadReason;
use domain::policy::Policy;
use domain::retry::Schedule;
use domain::webhook::Webhook;
use domain::{Clock, Timestamp};
use std::time::Duration;
use store::attempts;
use testkit::engines::on_both_engines;
use testkit::receiver::Answer;

const HOUR: u64 = 3600;

/// Fails the first event every time, moving the clock to the instant before and then to the instant when it is due; others succeed, so
/// that the breaker stays closed. Answers when the attempts were made, until none follows.
async fn play(scene: &Scene, webhook: &Webhook) -> Vec<Timestamp> {
    scene.receiver.answer(|request| Answer::Status(if request.sequence() == 1 { 500 } else { 200 }));
    scene.happen([1]).await;
    let number = webhook.number;
    let mut made = Vec::new();
    loop {
        made.push(scene.clock.now());
        let count = made.len();
        let found = scene.until(move |tx| attempts::of_delivery(tx, number, 1), |found| found.len() >= count).await;
        assert_eq!(found.iter().map(|attempt| attempt.at).collect::<Vec<_>>(), made);
        assert_eq!(found.last().unwrap().number, count as i64);
        // Two that succeed for each that fails.
        scene.happen([2, 3]).await;
        scene.attempts_until(webhook, 3 * count).await;
        let rows = scene.retries_until(webhook, |_| true).await;
        let Some(retry) = rows.first() else { return made };
        assert_eq!((rows.len(), retry.sequence, retry.attempts, retry.first_at), (1, 1, count as i64, made[0]));
        scene.clock.set(retry.due_at.minus(Duration::from_micros(1)));
        scene.beat().await;
        assert_eq!(scene.receiver.wait_for(count, |one| one.path == "/" && one.sequence() == 1).await.len(), count);
        scene.clock.set(retry.due_at);
    }
}

/// Each wait within a fifth of its step, unless it was cut at the end.
fn assert_waits(made: &[Timestamp], waits: &[Duration], ends_after: Duration) {
    let end = made[0].plus(ends_after);
    for (pair, wait) in made.windows(2).zip(waits) {
        let took = pair[1].since(pair[0]);
        assert!(took <= wait.mul_f64(1.2), "{took:?} in place of {wait:?}");
        assert!(took >= wait.mul_f64(0.8) || pair[1] == end, "{took:?} in place of {wait:?}");
        assert!(pair[1] <= end);
    }
}

#[tokio::test]
async fn fifteen_attempts_over_seventy_two_hours() {
    on_both_engines(async |store| {
        let mut scene = Scene::new(store).await;
        scene.settings.schedule = Schedule::default();
        let webhook = scene.webhook_of("/", Policy::default()).await;
        scene.pulse().await;
        let running = scene.start();
        let made = play(&scene, &webhook).await;
        let dead = scene.dead_until(&webhook, 1).await;
        running.stop().await;
        assert_eq!((dead.len(), dead[0].from_sequence, dead[0].reason), (1, 1, DeadReason::Exhausted));
        let (minute, hour) = (60, HOUR);
        let waits = [5, 30, 2 * minute, 10 * minute, 30 * minute, hour, 3 * hour, 6 * hour];
        let waits: Vec<_> = waits.into_iter().chain([12 * hour; 6]).map(Duration::from_secs).collect();
        assert_waits(&made, &waits, Duration::from_hours(72));
        assert_eq!(made.len(), 15);
    })
    .await;
}

#[tokio::test]
async fn a_webhook_may_have_waits_and_an_end_of_its_own() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let waits = [10, 20, 40].map(Duration::from_secs).to_vec();
        let webhook = scene.webhook_of("/", Policy { waits: Some(waits.clone()), ..Policy::default() }).await;
        scene.pulse().await;
        let running = scene.start();
        let made = play(&scene, &webhook).await;
        running.stop().await;
        assert_waits(&made, &waits, Duration::from_hours(1));
        assert_eq!(made.len(), 4, "one more than there are waits");
    })
    .await;
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let (waits, retry_for) = (vec![Duration::from_secs(20); 10], Duration::from_secs(50));
        let policy = Policy { waits: Some(waits.clone()), retry_for: Some(retry_for), ..Policy::default() };
        let webhook = scene.webhook_of("/", policy).await;
        scene.pulse().await;
        let running = scene.start();
        let made = play(&scene, &webhook).await;
        running.stop().await;
        assert_waits(&made, &waits, retry_for);
        assert_eq!(*made.last().unwrap(), made[0].plus(retry_for), "the last one at the very end");
    })
    .await;
}
