//! What operators do about deliveries.

use domain::attempt::Attempt;
use domain::clock::Timestamp;
use domain::cursor::Cursor;
use domain::delivery::{Dead, DeadReason, Retry};
use domain::health::{DisabledReason, Health, State};
use domain::project::Grant;
use domain::webhook::Webhook;
use platform::deliveries::{AttemptsWanted, ResumeFrom, Undelivered};
use platform::webhooks::{NewWebhook, WebhookRef};
use platform::{Error, Noun};
use std::time::Duration;
use store::{Tx, attempts, cursors, dead, health, retries};

use crate::scene::{Scene, scene};
use crate::webhooks::{LIMITS, wish};

async fn webhook(scene: &Scene) -> (Webhook, WebhookRef) {
    let new =
        NewWebhook { dialect: "uploadcare", wish: wish("https://hooks.example.test/a"), secret: None, limits: LIMITS };
    let made = scene.platform.create_webhook(&scene.owner, new).await.unwrap();
    let which = WebhookRef::Number(made.number);
    (made, which)
}

async fn write(scene: &Scene, verb: impl Fn(&mut Tx<'_>) -> Result<(), store::Error> + Send + 'static) {
    scene.kit.store.write(verb).await.unwrap();
}

async fn skipped(scene: &Scene, webhook: &Webhook) -> Vec<(i64, i64)> {
    let number = webhook.number;
    let listed = scene.kit.store.read(move |tx| dead::list(tx, number, 0, 100)).await.unwrap();
    assert!(listed.iter().all(|range| range.reason == DeadReason::Skipped), "{listed:?}");
    listed.into_iter().map(|range| (range.from_sequence, range.to_sequence)).collect()
}

#[tokio::test]
async fn a_paused_webhook_goes_on_where_it_stood() {
    let scene = scene().await;
    let (made, which) = webhook(&scene).await;
    scene.upload("a").await;
    let paused = scene.platform.pause_webhook(&scene.owner, &which).await.unwrap();
    assert_eq!((paused.health.state, paused.health.state_since), (State::Paused, testkit::clock::BEGINNING));
    assert_eq!((paused.cursor.low(), paused.head, paused.oldest_at), (0, 1, Some(testkit::clock::BEGINNING)));
    assert_eq!(scene.platform.webhook_standing(&scene.owner, &WebhookRef::Id(made.id)).await.unwrap(), paused);
    let (resumed, left_out) = scene.platform.resume_webhook(&scene.owner, &which, ResumeFrom::Cursor).await.unwrap();
    assert_eq!((resumed.health.state, resumed.cursor.low(), left_out), (State::Active, 0, 0));
    assert_eq!(skipped(&scene, &made).await, []);
}

#[tokio::test]
async fn what_is_left_out_when_resuming_is_buried_and_nothing_else() {
    let scene = scene().await;
    let (made, which) = webhook(&scene).await;
    let number = made.number;
    let mut instants: Vec<Timestamp> = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        instants.push(scene.kit.clock.advance(Duration::from_secs(10)));
        scene.upload(name).await;
    }
    let disabled = Health { state: State::Disabled(DisabledReason::Gone), failures: 9, ..Health::default() };
    write(&scene, move |tx| {
        let mut cursor = Cursor::at(0);
        cursor.settle(2);
        cursors::save_many(tx, &[(number, cursor)])?;
        health::decide(tx, number, &disabled)
    })
    .await;
    let resume = async |from| scene.platform.resume_webhook(&scene.owner, &which, from).await.unwrap();
    let (standing, left_out) = resume(ResumeFrom::At(instants[3])).await;
    assert_eq!((standing.health.state, standing.health.failures), (State::Active, 0));
    assert_eq!((standing.cursor.low(), left_out), (3, 2), "the second was settled");
    assert_eq!(skipped(&scene, &made).await, [(1, 1), (3, 3)]);
    assert_eq!(resume(ResumeFrom::At(instants[0])).await.1, 0, "a cursor never moves back");
    let (standing, left_out) = resume(ResumeFrom::Now).await;
    assert_eq!((standing.cursor.low(), standing.oldest_at, left_out), (5, None, 2));
    assert_eq!(skipped(&scene, &made).await, [(1, 1), (3, 3), (4, 5)]);
}

#[tokio::test]
async fn attempts_and_what_is_undelivered_are_listed() {
    let scene = scene().await;
    let (made, which) = webhook(&scene).await;
    let number = made.number;
    let attempt = move |sequence, seconds: i64, class: Option<&str>| Attempt {
        project: made.project,
        webhook: number,
        sequence,
        number: 1,
        at: Timestamp::from_micros(seconds * 1_000_000),
        duration: Duration::from_millis(5),
        status: Some(if class.is_none() { 200 } else { 500 }),
        class: class.map(str::to_owned),
        remote_address: None,
        response: Vec::new(),
    };
    let retry = Retry {
        webhook: number,
        sequence: 2,
        previous_sequence: 1,
        attempts: 1,
        first_at: Timestamp::default(),
        due_at: Timestamp::from_micros(9),
    };
    let range = |from_sequence, to_sequence| Dead {
        webhook: number,
        from_sequence,
        to_sequence,
        reason: DeadReason::Exhausted,
        at: Timestamp::default(),
    };
    let (kept, buried) = (retry.clone(), vec![range(1, 1), range(3, 3), range(3, 9), range(10, 10)]);
    write(&scene, move |tx| {
        attempts::append_many(tx, &[attempt(1, 1, Some("server_error")), attempt(2, 2, None), attempt(1, 3, None)])?;
        retries::save_many(tx, std::slice::from_ref(&kept))?;
        dead::append_many(tx, &buried)
    })
    .await;

    let list = async |wanted| {
        let wanted = AttemptsWanted { limit: 10, ..wanted };
        let listed = scene.platform.list_attempts(&scene.owner, &which, wanted).await.unwrap();
        listed.iter().map(|one| (one.sequence, one.at.as_seconds())).collect::<Vec<_>>()
    };
    let any = AttemptsWanted::default();
    assert_eq!(list(any.clone()).await, [(1, 3), (2, 2), (1, 1)]);
    assert_eq!(list(AttemptsWanted { sequence: Some(1), ..any.clone() }).await, [(1, 3), (1, 1)]);
    assert_eq!(list(AttemptsWanted { class: Some("success".into()), ..any.clone() }).await, [(1, 3), (2, 2)]);
    let both = AttemptsWanted { sequence: Some(1), class: Some("server_error".into()), ..any.clone() };
    assert_eq!(list(both).await, [(1, 1)]);
    let before = Some((Timestamp::from_micros(2_000_000), 2, 1));
    assert_eq!(list(AttemptsWanted { before, ..any }).await, [(1, 1)]);

    let page = async |after, limit| scene.platform.list_undelivered(&scene.owner, &which, after, limit).await.unwrap();
    let first = page(0, 3).await;
    let expected = [
        Undelivered::Dead(range(1, 1)),
        Undelivered::Retry(retry),
        Undelivered::Dead(range(3, 3)),
        Undelivered::Dead(range(3, 9)),
    ];
    assert_eq!((&first.list[..], first.has_more), (&expected[..], true), "what begins together stays together");
    let second = page(3, 3).await;
    assert_eq!((&second.list[..], second.has_more), (&[Undelivered::Dead(range(10, 10))][..], false));
    assert_eq!(second.standing.retries, 1);
}

#[tokio::test]
async fn only_a_secret_key_of_the_project_opens_any_of_it() {
    let scene = scene().await;
    let (_, which) = webhook(&scene).await;
    let public = scene.holding(Grant::Public);
    assert!(matches!(scene.platform.webhook_standing(&public, &which).await, Err(Error::Forbidden)));
    let resumed = scene.platform.resume_webhook(&public, &which, ResumeFrom::Now).await;
    assert!(matches!(resumed, Err(Error::Forbidden)), "{resumed:?}");
    let (other, _) = scene.kit.project("quay").await;
    let stranger = scene.kit.principal(&other, Grant::Secret);
    let paused = scene.platform.pause_webhook(&stranger, &which).await;
    assert!(matches!(paused, Err(Error::NotFound(Noun::Webhook))), "{paused:?}");
}
