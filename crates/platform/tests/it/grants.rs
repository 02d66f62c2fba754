//! What each grant opens: every verb for a secret key, uploading for the public key, one file for its token.

use domain::id::{AccessToken, FileId, WebhookId};
use domain::page::{Listing, Order};
use domain::project::Grant;
use domain::webhook::Limits;
use platform::access::Principal;
use platform::files::FileWish;
use platform::webhooks::{NewWebhook, PolicyWish, SecretChange, WebhookChange, WebhookRef};
use platform::{Error, Kind};

use crate::scene::{Scene, arrival, scene};
use crate::webhooks::{LIMITS, wish};

const OTHER: FileId = FileId::from_bytes([9; 16]);

/// Every verb with a principal, and whether the caller was let in: whatever came of it then.
async fn let_in(scene: &Scene, who: &Principal, id: FileId) -> Vec<(&'static str, bool)> {
    let platform = &scene.platform;
    let webhook = WebhookRef::Id(WebhookId::from_bytes([9; 16]));
    let received = scene.receive(b"x").await.unwrap();
    vec![
        ("admit", entered(platform.admit(who, vec![(received, arrival("x"))]).await)),
        ("find_file", entered(platform.find_file(who, id).await)),
        ("amend_file", entered(platform.amend_file(who, id, FileWish::default()).await)),
        ("remove_file", entered(platform.remove_file(who, id).await)),
        ("find_files", entered(platform.find_files(who, &[id]).await)),
        ("list_files", entered(platform.list_files(who, &first_page()).await)),
        ("file_totals", entered(platform.file_totals(who).await)),
        ("store_file", entered(platform.store_file(who, id).await)),
        ("store_files", entered(platform.store_files(who, &[id]).await)),
        ("remove_files", entered(platform.remove_files(who, &[id]).await)),
        ("set_file_metadata", entered(platform.set_file_metadata(who, id, "k".into(), "v".into()).await)),
        ("delete_file_metadata", entered(platform.delete_file_metadata(who, id, "k").await)),
        ("create_webhook", entered(platform.create_webhook(who, new_webhook()).await)),
        ("list_webhooks", entered(platform.list_webhooks(who, "uc", 0, 10).await)),
        ("find_webhook", entered(platform.find_webhook(who, "uc", &webhook).await)),
        ("amend_webhook", entered(platform.amend_webhook(who, "uc", &webhook, no_change(LIMITS)).await)),
        ("delete_webhook", entered(platform.delete_webhook(who, "uc", &webhook).await)),
        ("unsubscribe", entered(platform.unsubscribe(who, "uc", "https://example.com/", None).await)),
    ]
}

fn entered<T>(answer: Result<T, Error>) -> bool {
    !answer.is_err_and(|error| error.kind() == Kind::Forbidden)
}

async fn check(grant: impl Fn(FileId) -> Grant, opened: &[&str]) {
    let scene = scene().await;
    let id = scene.upload("a").await.id;
    for (verb, is_let_in) in let_in(&scene, &scene.holding(grant(id)), id).await {
        assert_eq!(is_let_in, opened.contains(&verb) || opened == ["all"], "{verb}");
    }
}

#[tokio::test]
async fn a_secret_key_opens_everything() {
    check(|_| Grant::Secret, &["all"]).await;
}

#[tokio::test]
async fn the_public_key_opens_uploading() {
    check(|_| Grant::Public, &["admit"]).await;
}

#[tokio::test]
async fn a_token_opens_its_file() {
    check(Grant::File, &["find_file", "amend_file", "remove_file"]).await;
}

#[tokio::test]
async fn a_token_opens_no_other_file() {
    check(|_| Grant::File(OTHER), &[]).await;
}

#[tokio::test]
async fn a_token_is_that_of_one_file_of_one_project() {
    let scene = scene().await;
    let (file, other) = (scene.upload("a").await, scene.upload("b").await);
    let (elsewhere, _) = scene.kit.project("quay").await;
    let wrong = AccessToken::from_bytes([0; 16]);
    for (project, id, token, opens) in [
        (&scene.project, file.id, file.access_token, true),
        (&scene.project, file.id, other.access_token, false),
        (&scene.project, file.id, wrong, false),
        (&scene.project, OTHER, file.access_token, false),
        (&elsewhere, file.id, file.access_token, false),
    ] {
        assert_eq!(scene.platform.file_opened_by(project, id, token).await.unwrap(), opens);
    }
}

fn first_page() -> Listing {
    Listing {
        is_removed: None,
        is_stored: None,
        order: Order::Size,
        is_descending: true,
        after: None,
        before: None,
        skip: 0,
        limit: 1,
    }
}

fn new_webhook() -> NewWebhook {
    NewWebhook { dialect: "uc", wish: wish("https://example.com/"), secret: None, limits: LIMITS }
}

fn no_change(limits: Limits) -> WebhookChange {
    WebhookChange {
        target_url: None,
        events: None,
        is_active: None,
        version: None,
        secret: SecretChange::Keep,
        policy: PolicyWish::default(),
        limits,
    }
}
