//! Webhooks are made, changed and removed; each wire sees its own.

use domain::secret::Secret;
use domain::webhook::{Limits, Webhook, Wish};
use platform::webhooks::{NewWebhook, Part, PolicyProblem, PolicyWish, SecretChange, WebhookChange, WebhookRef};
use platform::{Error, Kind, Noun, Settings, TargetProblem};

use crate::scene::{Scene, scene, scene_with};

pub const LIMITS: Limits = Limits { target_chars_max: 255, secret_chars_max: 32 };

pub fn wish(target_url: &str) -> Wish {
    Wish {
        target_url: target_url.into(),
        events: vec!["file.uploaded".into()],
        is_active: true,
        version: "0.7".into(),
        policy: domain::policy::Policy::default(),
        is_exclusive: true,
    }
}

async fn create(scene: &Scene, wish: Wish) -> Result<Webhook, Error> {
    let new = NewWebhook { dialect: "uploadcare", wish, secret: Some(Secret::new("psst")), limits: LIMITS };
    scene.platform.create_webhook(&scene.owner, new).await
}

async fn amend(scene: &Scene, webhook: &Webhook, change: WebhookChange) -> Result<Webhook, Error> {
    let which = WebhookRef::Number(webhook.number);
    scene.platform.amend_webhook(&scene.owner, "uploadcare", &which, change).await
}

fn nothing() -> WebhookChange {
    WebhookChange {
        target_url: None,
        events: None,
        is_active: None,
        version: None,
        secret: SecretChange::Keep,
        policy: PolicyWish::default(),
        limits: LIMITS,
    }
}

#[tokio::test]
async fn a_webhook_is_made_found_and_listed() {
    let scene = scene().await;
    let made = create(&scene, wish("https://hooks.example.test/a")).await.unwrap();
    let other = create(&scene, wish("https://hooks.example.test/b")).await.unwrap();
    assert_eq!((made.project, made.revision, made.dialect.as_str()), (scene.project.id, 1, "uploadcare"));
    for which in [WebhookRef::Id(made.id), WebhookRef::Number(made.number)] {
        let found = scene.platform.find_webhook(&scene.owner, "uploadcare", &which).await.unwrap();
        assert_eq!(found, made);
    }
    let list = async |skip| scene.platform.list_webhooks(&scene.owner, "uploadcare", skip, 1).await.unwrap();
    assert_eq!(list(0).await, (vec![made], 2));
    assert_eq!(list(1).await, (vec![other], 2));
}

#[tokio::test]
async fn a_change_makes_a_revision_and_no_change_makes_none() {
    let scene = scene().await;
    let made = create(&scene, wish("https://hooks.example.test/a")).await.unwrap();
    scene.upload("a").await;
    let same = WebhookChange {
        target_url: Some(made.wish.target_url.clone()),
        is_active: Some(true),
        secret: SecretChange::Set(Secret::new("psst")),
        ..nothing()
    };
    assert_eq!(amend(&scene, &made, same).await.unwrap(), made);

    let change = WebhookChange {
        target_url: Some("https://hooks.example.test/b".into()),
        events: Some(vec!["file.stored".into()]),
        is_active: Some(false),
        secret: SecretChange::Clear,
        ..nothing()
    };
    let amended = amend(&scene, &made, change).await.unwrap();
    assert_eq!((amended.revision, amended.since_sequence, amended.secret.as_ref()), (2, 1, None));
    let expected = Wish {
        target_url: "https://hooks.example.test/b".into(),
        events: vec!["file.stored".into()],
        is_active: false,
        ..made.wish
    };
    assert_eq!(amended.wish, expected);
    let which = WebhookRef::Id(made.id);
    assert_eq!(scene.platform.find_webhook(&scene.owner, "uploadcare", &which).await.unwrap(), amended);
}

#[tokio::test]
async fn the_same_subscription_is_refused_when_made_and_when_amended() {
    let scene = scene().await;
    create(&scene, wish("https://hooks.example.test/a")).await.unwrap();
    let other = create(&scene, wish("https://hooks.example.test/b")).await.unwrap();
    let again = create(&scene, wish("https://hooks.example.test/a")).await;
    let change = WebhookChange { target_url: Some("https://hooks.example.test/a".into()), ..nothing() };
    for answer in [again, amend(&scene, &other, change).await] {
        assert!(matches!(answer, Err(Error::AlreadySubscribed)), "{answer:?}");
    }
    let shared = Wish { is_exclusive: false, ..wish("https://hooks.example.test/a") };
    assert!(create(&scene, shared).await.is_ok());
}

#[tokio::test]
async fn a_project_has_so_many_webhooks_and_no_more() {
    let settings = Settings { webhooks_per_project_max: 1, ..Settings::default() };
    let scene = scene_with(settings).await;
    create(&scene, wish("https://hooks.example.test/a")).await.unwrap();
    let error = create(&scene, wish("https://hooks.example.test/b")).await.unwrap_err();
    assert!(matches!(error, Error::WebhooksTooMany { max: 1 }), "{error:?}");
    assert_eq!(error.kind(), Kind::Conflict);
}

#[tokio::test]
async fn a_wish_keeps_within_its_wire_s_limits() {
    let scene = scene().await;
    let no_events = Wish { events: vec![], ..wish("https://hooks.example.test/a") };
    let answer = create(&scene, no_events).await;
    assert!(matches!(answer, Err(Error::Rule(domain::Error::WebhookEventsEmpty))), "{answer:?}");
    let made = create(&scene, wish("https://hooks.example.test/a")).await.unwrap();
    let long_secret = WebhookChange { secret: SecretChange::Set(Secret::new("x".repeat(33))), ..nothing() };
    let answer = amend(&scene, &made, long_secret).await;
    assert!(matches!(answer, Err(Error::Rule(domain::Error::WebhookSecretTooLong))), "{answer:?}");
}

#[tokio::test]
async fn a_target_must_be_a_url_that_may_be_called() {
    let scene = scene().await;
    let made = create(&scene, wish("https://hooks.example.test/a")).await.unwrap();
    for (target, is_blocked) in [
        ("nonsense", false),
        ("ftp://hooks.example.test/", false),
        ("https://user:secret@hooks.example.test/", false),
        ("http://127.0.0.1/", true),
        ("http://localhost:8000/", true),
        ("http://169.254.169.254/latest/meta-data/", true),
    ] {
        let change = WebhookChange { target_url: Some(target.into()), ..nothing() };
        for answer in [create(&scene, wish(target)).await, amend(&scene, &made, change).await] {
            let Err(Error::TargetUrl(problem)) = answer else { panic!("{target} was taken") };
            assert_eq!(problem == TargetProblem::Blocked, is_blocked, "{target}");
        }
    }
    let which = WebhookRef::Id(made.id);
    assert_eq!(scene.platform.find_webhook(&scene.owner, "uploadcare", &which).await.unwrap(), made);
}

#[tokio::test]
async fn a_webhook_of_another_wire_or_project_is_not_found() {
    let scene = scene().await;
    let made = create(&scene, wish("https://hooks.example.test/a")).await.unwrap();
    let (other, _) = scene.kit.project("quay").await;
    let stranger = scene.kit.principal(&other, domain::project::Grant::Secret);
    let which = WebhookRef::Id(made.id);
    for (who, dialect) in [(&scene.owner, "uc"), (&stranger, "uploadcare")] {
        for answer in [
            scene.platform.find_webhook(who, dialect, &which).await,
            scene.platform.amend_webhook(who, dialect, &which, nothing()).await,
            scene.platform.delete_webhook(who, dialect, &which).await,
        ] {
            assert!(matches!(answer, Err(Error::NotFound(Noun::Webhook))), "{answer:?}");
        }
        assert_eq!(scene.platform.list_webhooks(who, dialect, 0, 10).await.unwrap(), (vec![], 0));
    }
}

#[tokio::test]
async fn a_webhook_is_deleted_once() {
    let scene = scene().await;
    let made = create(&scene, wish("https://hooks.example.test/a")).await.unwrap();
    let which = WebhookRef::Number(made.number);
    let deleted = scene.platform.delete_webhook(&scene.owner, "uploadcare", &which).await.unwrap();
    assert_eq!(deleted, made);
    let again = scene.platform.delete_webhook(&scene.owner, "uploadcare", &which).await;
    assert!(matches!(again, Err(Error::NotFound(Noun::Webhook))), "{again:?}");
    assert!(create(&scene, made.wish).await.is_ok(), "its place is free again");
}

#[tokio::test]
async fn unsubscribing_takes_all_of_a_target_or_one_event() {
    let scene = scene().await;
    let target = "https://hooks.example.test/a";
    for event in ["file.uploaded", "file.stored", "file.deleted"] {
        let one = Wish { events: vec![event.into()], ..wish(target) };
        create(&scene, one).await.unwrap();
    }
    create(&scene, wish("https://hooks.example.test/b")).await.unwrap();
    let unsubscribe = async |event| scene.platform.unsubscribe(&scene.owner, "uploadcare", target, event).await;
    assert_eq!(unsubscribe(Some("file.stored")).await.unwrap(), 1);
    assert_eq!(unsubscribe(None).await.unwrap(), 2);
    assert_eq!(unsubscribe(None).await.unwrap(), 0);
    let left = scene.platform.list_webhooks(&scene.owner, "uploadcare", 0, 10).await.unwrap();
    assert_eq!((left.1, left.0[0].wish.target_url.as_str()), (1, "https://hooks.example.test/b"));
}

#[tokio::test]
async fn a_policy_changes_part_by_part_and_keeps_within_its_limits() {
    let scene = scene().await;
    let made = create(&scene, wish("https://hooks.example.test/a")).await.unwrap();
    let policy =
        PolicyWish { filter: Part::Set("size>1".into()), stops_on_4xx: Part::Set(true), ..PolicyWish::default() };
    let amended = amend(&scene, &made, WebhookChange { policy, ..nothing() }).await.unwrap();
    assert_eq!((amended.wish.policy.filter.as_deref(), amended.revision), (Some("size > 1"), 2));
    let policy = PolicyWish { filter: Part::Clear, ..PolicyWish::default() };
    let amended = amend(&scene, &made, WebhookChange { policy, ..nothing() }).await.unwrap();
    assert_eq!((amended.wish.policy.filter, amended.wish.policy.stops_on_4xx), (None, true));

    let policy = PolicyWish { filter: Part::Set("size >".into()), ..PolicyWish::default() };
    let refused = amend(&scene, &made, WebhookChange { policy, ..nothing() }).await;
    assert!(matches!(refused, Err(Error::Policy(PolicyProblem::Filter(_)))), "{refused:?}");
    let policy = domain::policy::Policy { waits: Some(vec![]), ..domain::policy::Policy::default() };
    let refused = create(&scene, Wish { policy, ..wish("https://hooks.example.test/b") }).await;
    assert!(matches!(refused, Err(Error::Policy(PolicyProblem::Limit(_)))), "{refused:?}");
}
