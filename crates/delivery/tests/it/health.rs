//! Operators are told, once each, of a webhook that fails, that is disabled, and that is well again.

use crate::scene::Scene;
use crate::told::{Told, told_at};
use domain::event::EventKind::{self, WebhookDisabled, WebhookFailing, WebhookRecovered};
use domain::health::{DisabledReason, State};
use domain::policy::Policy;
use domain::retry::Schedule;
use domain::webhook::Webhook;
use std::time::Duration;
use testkit::engines::on_both_engines;
use testkit::receiver::Answer;

/// The engine is started anew after so many steps.
const RESTART_AT: usize = 11;
const STEP_HOURS: u64 = 6;

/// Lets it fail every six hours for five days; answers what operators were told, after how many hours.
async fn fail_for_five_days(scene: &Scene, webhook: &Webhook) -> Vec<(u64, EventKind)> {
    let mut running = scene.start();
    scene.happen(1..=8).await;
    scene.attempts_until(webhook, 5).await;
    let mut told = Vec::new();
    for step in 1..=5 * 24 / STEP_HOURS as usize {
        if step == RESTART_AT {
            settle_down(scene, webhook).await;
            running.kill().await;
            running = scene.start();
        }
        // An attempt still under way would be dated by the clock as it stands when it ends: let all of the step before end.
        settle_down(scene, webhook).await;
        let now = scene.clock.advance(Duration::from_hours(STEP_HOURS));
        let (project, number) = (scene.project.id, webhook.number);
        let latest = move |tx: &mut store::Tx<'_>| store::attempts::list(tx, project, number, 0, 1);
        scene.until(latest, |made| made.first().is_some_and(|attempt| attempt.at >= now)).await;
        let notices = scene.notices().await;
        told.extend(notices[told.len()..].iter().map(|kind| (step as u64 * STEP_HOURS, *kind)));
    }
    scene.beat().await;
    running.stop().await;
    told
}

/// Waits until every request that was made has its row, and nothing more is sent.
async fn settle_down(scene: &Scene, webhook: &Webhook) {
    loop {
        let sent = told_at(scene, "/").len();
        scene.attempts_until(webhook, sent).await;
        scene.beat().await;
        if told_at(scene, "/").len() == sent {
            return;
        }
    }
}

async fn scene_of(store: store::Store, policy: Policy) -> (Scene, Webhook) {
    let mut scene = Scene::new(store).await;
    scene.settings.schedule = Schedule::default();
    let webhook = scene.webhook_of("/", policy).await;
    scene.webhook_with("/operators", |wish| wish.events = vec!["webhook.*".into()]).await;
    scene.pulse().await;
    scene.receiver.answer(|request| Answer::Status(if request.path == "/" { 500 } else { 200 }));
    (scene, webhook)
}

#[tokio::test]
async fn five_days_without_a_success_are_told_of_and_disable_it() {
    on_both_engines(async |store| {
        let (scene, webhook) = scene_of(store, Policy::default()).await;
        let told = fail_for_five_days(&scene, &webhook).await;
        let expected = [(60, WebhookFailing), (90, WebhookFailing), (108, WebhookFailing), (120, WebhookDisabled)];
        assert_eq!(told, expected);
        let health = scene.health_until(&webhook, |_| true).await;
        assert_eq!(health.state, State::Disabled(DisabledReason::Failing));
        let sent = told_at(&scene, "/").len();
        let running = scene.start();
        scene.clock.advance(Duration::from_hours(24));
        scene.beat().await;
        assert_eq!(told_at(&scene, "/").len(), sent, "nothing is sent to a disabled webhook");
        scene.receiver.answer(|_| Answer::Status(200));
        scene.decide(&webhook, |health, now| assert!(health.resume(now))).await;
        scene.receiver.wait_for(1, |one| one.header("webhook-event") == "webhook.recovered").await;
        scene.until_settled(&[webhook.number]).await;
        running.stop().await;
        assert_eq!(
            scene.notices().await,
            expected.map(|(_, kind)| kind).into_iter().chain([WebhookRecovered]).collect::<Vec<_>>()
        );
        let operators = scene.receiver.wait_for(5, |one| one.path == "/operators").await;
        let mut told: Vec<_> =
            operators.iter().map(|one| (one.sequence(), one.header("webhook-event").to_owned())).collect();
        // One that was under way at the kill may have been told twice.
        told.sort_unstable();
        told.dedup();
        let words: Vec<_> = told.iter().map(|(_, word)| word.as_str()).collect();
        let failing = "webhook.failing";
        assert_eq!(words, [failing, failing, failing, "webhook.disabled", "webhook.recovered"]);
    })
    .await;
}

#[tokio::test]
async fn one_that_is_never_disabled_is_warned_of_all_the_same() {
    on_both_engines(async |store| {
        let (scene, webhook) = scene_of(store, Policy { is_never_disabled: true, ..Policy::default() }).await;
        let told = fail_for_five_days(&scene, &webhook).await;
        assert_eq!(told, [(60, WebhookFailing), (90, WebhookFailing), (108, WebhookFailing)]);
        assert_eq!(scene.health_until(&webhook, |_| true).await.state, State::Active);
    })
    .await;
}
