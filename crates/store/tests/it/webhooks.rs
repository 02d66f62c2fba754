//! Webhooks.

use crate::scene::{at, bytes, conflict, event, insert_webhook, new_webhook, project, webhook, wish};
use domain::cursor::Cursor;
use domain::delivery::Retry;
use domain::id::{ProjectId, WebhookId, WebhookNumber};
use domain::secret::Secret;
use domain::webhook::{Webhook, Wish};
use std::slice;
use store::webhooks::{self, NewWebhook, WebhookRef};
use store::{Error, News, Store, cursors, retries};
use testkit::engines::on_both_engines;

/// By each of the four ways to one webhook, with every dialect but its own too.
async fn found(store: &Store, project: ProjectId, webhook: &Webhook) -> Option<Webhook> {
    let (id, number) = (WebhookRef::Id(webhook.id), WebhookRef::Number(webhook.number));
    let look = move |tx: &mut store::Tx<'_>| {
        let mut found = Vec::new();
        for it in [id, number] {
            found.push(webhooks::find(tx, project, "uploadcare", &it)?);
            found.push(webhooks::find_for_update(tx, project, "uploadcare", &it)?);
            assert_eq!(webhooks::find(tx, project, "uc", &it)?, None);
        }
        Ok::<_, Error>(found)
    };
    let mut found = store.write(look).await.unwrap();
    found.dedup();
    assert_eq!(found.len(), 1, "the ways differ: {found:?}");
    found.remove(0)
}

async fn amended(store: &Store, before: &Webhook, wish: Wish, secret: Option<Secret>) -> Result<Webhook, Error> {
    let mut webhook = before.clone();
    assert!(webhook.amend(wish, secret, before.since_sequence, at(77)));
    let saved = webhook.clone();
    store.write(move |tx| webhooks::save(tx, &saved)).await.map(|()| webhook)
}

#[tokio::test]
async fn a_webhook_is_found_as_it_was_made() {
    on_both_engines(async |store: Store| {
        let (project, other) = (project(&store, 1).await.id, project(&store, 2).await.id);
        event(&store, project, 1).await;
        let new = new_webhook(project, 1);
        let made = insert_webhook(&store, new.clone()).await.unwrap();
        let expected = Webhook {
            number: WebhookNumber::new(1),
            id: new.id,
            project,
            dialect: new.dialect,
            revision: 1,
            since_sequence: 1,
            wish: new.wish,
            secret: new.secret,
            created_at: new.created_at,
            updated_at: new.created_at,
        };
        assert_eq!(made, expected);
        assert_eq!(found(&store, project, &made).await, Some(expected));
        assert_eq!(found(&store, other, &made).await, None);
        let cursor = store.read(|tx| cursors::find(tx, WebhookNumber::new(1))).await.unwrap().unwrap();
        assert_eq!((cursor.low(), cursor.window()), (1, vec![]), "nothing is owed for what was before it");
    })
    .await;
}

#[tokio::test]
async fn a_change_is_saved_and_holds_from_the_end_of_the_log() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let before = webhook(&store, project, 1).await;
        event(&store, project, 1).await;
        event(&store, project, 2).await;
        let changed = Wish {
            target_url: "http://elsewhere.test/".into(),
            events: vec!["file.deleted".into()],
            is_active: false,
            version: "0.6".into(),
            policy: domain::policy::Policy::default(),
            is_exclusive: false,
        };
        let after = amended(&store, &before, changed, None).await.unwrap();
        assert_eq!((after.revision, after.since_sequence), (2, 0));
        let after = Webhook { since_sequence: 2, ..after };
        assert_eq!(found(&store, project, &after).await, Some(after), "the log had grown since it was read");
    })
    .await;
}

#[tokio::test]
async fn an_exclusive_place_is_taken_once_in_a_project_and_dialect() {
    on_both_engines(async |store: Store| {
        let (project, other) = (project(&store, 1).await.id, project(&store, 2).await.id);
        let first = webhook(&store, project, 1).await;
        let like = |n: u64, change: fn(&mut NewWebhook)| {
            let mut new = NewWebhook { id: WebhookId::from_bytes(bytes(n)), ..new_webhook(project, 1) };
            change(&mut new);
            new
        };
        assert_eq!(conflict(insert_webhook(&store, like(2, |_| {})).await), "webhook_slot");
        insert_webhook(&store, like(3, |new| new.wish.is_exclusive = false)).await.unwrap();
        insert_webhook(&store, like(4, |new| new.dialect = "uc".into())).await.unwrap();
        insert_webhook(&store, NewWebhook { project: other, ..like(5, |_| {}) }).await.unwrap();
        let busy = insert_webhook(&store, like(6, |new| new.wish.events.truncate(1))).await.unwrap();

        let moved = amended(&store, &busy, first.wish.clone(), None).await;
        assert_eq!(conflict(moved), "webhook_slot");
        assert_eq!(found(&store, project, &busy).await, Some(busy), "nothing of it was kept");

        let (deleted, again) = (first.clone(), like(7, |_| {}));
        store.write(move |tx| webhooks::delete(tx, &deleted, at(1))).await.unwrap();
        insert_webhook(&store, again).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_deleted_webhook_is_found_no_more_and_owed_nothing() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let (webhook, neighbour) = (webhook(&store, project, 1).await, webhook(&store, project, 2).await);
        let retry = |webhook: &Webhook| Retry {
            webhook: webhook.number,
            sequence: 1,
            previous_sequence: 0,
            attempts: 1,
            first_at: at(1),
            due_at: at(2),
        };
        let retries = [retry(&webhook), retry(&neighbour)];
        store.write(move |tx| retries::save_many(tx, &retries)).await.unwrap();
        let deleted = webhook.clone();
        store.write(move |tx| webhooks::delete(tx, &deleted, at(9))).await.unwrap();

        assert_eq!(found(&store, project, &webhook).await, None);
        assert_eq!(found(&store, project, &neighbour).await, Some(neighbour.clone()));
        let (target, number) = (webhook.wish.target_url.clone(), webhook.number);
        let read = store.read(move |tx| {
            let listed = webhooks::list(tx, project, "uploadcare", 0, 9)?;
            let count = webhooks::count(tx, project, "uploadcare")?;
            let with_target = webhooks::find_by_target(tx, project, "uploadcare", &target, None)?;
            Ok::<_, Error>((listed, count, webhooks::live(tx)?, with_target, cursors::find(tx, number)?))
        });
        assert_eq!(read.await.unwrap(), (vec![neighbour.clone()], 1, vec![neighbour.clone()], vec![], None));
        assert_eq!(store.read(retries::next_due).await.unwrap(), [(neighbour.number, at(2))]);
        assert_eq!(store.read(cursors::all).await.unwrap().len(), 1);

        let saved = webhook.clone();
        let late = store.write(move |tx| webhooks::save(tx, &saved)).await;
        assert!(matches!(late, Err(Error::Bug(_))), "{late:?}");
    })
    .await;
}

#[tokio::test]
async fn an_outcome_that_comes_after_the_deletion_is_owed_to_nobody() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let webhook = webhook(&store, project, 1).await;
        let number = webhook.number;
        store.write(move |tx| webhooks::delete(tx, &webhook, at(9))).await.unwrap();
        let late = store.write(move |tx| {
            cursors::save_many(tx, &[(number, Cursor::at(4))])?;
            retries::save_many(
                tx,
                &[Retry {
                    webhook: number,
                    sequence: 1,
                    previous_sequence: 0,
                    attempts: 1,
                    first_at: at(1),
                    due_at: at(2),
                }],
            )
        });
        late.await.unwrap();
        assert_eq!(store.read(cursors::all).await.unwrap(), []);
        assert_eq!(store.read(retries::next_due).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn lists_are_by_number_and_keep_dialects_apart() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let mut made = Vec::new();
        for n in 0..5 {
            made.push(webhook(&store, project, n).await);
        }
        let uc = NewWebhook { dialect: "uc".into(), ..new_webhook(project, 9) };
        let uc = insert_webhook(&store, uc).await.unwrap();
        let list = |dialect, skip, limit| store.read(move |tx| webhooks::list(tx, project, dialect, skip, limit));
        assert_eq!(list("uploadcare", 0, 100).await.unwrap(), made);
        assert_eq!(list("uploadcare", 1, 2).await.unwrap(), made[1..3]);
        assert_eq!(list("uploadcare", 5, 2).await.unwrap(), []);
        assert_eq!(list("uc", 0, 100).await.unwrap(), slice::from_ref(&uc));
        let count = |dialect| store.read(move |tx| webhooks::count(tx, project, dialect));
        assert_eq!((count("uploadcare").await.unwrap(), count("none").await.unwrap()), (5, 0));
        made.push(uc);
        assert_eq!(store.read(webhooks::live).await.unwrap(), made);
    })
    .await;
}

#[tokio::test]
async fn a_target_finds_its_webhooks_with_or_without_an_event() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let asking = |n, target: &str, words: &[&str]| NewWebhook {
            wish: Wish { events: words.iter().map(ToString::to_string).collect(), ..wish(target) },
            ..new_webhook(project, n)
        };
        let mut made = Vec::new();
        for (n, target, words) in [
            (1, "http://a.test/", &["file.stored"][..]),
            (2, "http://a.test/", &["file.deleted", "file.stored"]),
            (3, "http://b.test/", &["file.stored"]),
        ] {
            made.push(insert_webhook(&store, asking(n, target, words)).await.unwrap());
        }
        let find =
            |target, event| store.read(move |tx| webhooks::find_by_target(tx, project, "uploadcare", target, event));
        assert_eq!(find("http://a.test/", None).await.unwrap(), made[..2]);
        assert_eq!(find("http://a.test/", Some("file.stored")).await.unwrap(), made[..2]);
        assert_eq!(find("http://a.test/", Some("file.deleted")).await.unwrap(), made[1..2]);
        assert_eq!(find("http://a.test/", Some("file")).await.unwrap(), []);
        assert_eq!(find("http://c.test/", None).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn every_write_is_told() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        store.tail().watch();
        let told = || matches!(store.tail().take().news.make_contiguous(), [News::Webhooks]);
        let made = webhook(&store, project, 1).await;
        assert!(told());
        let made = amended(&store, &made, wish("http://elsewhere.test/"), None).await.unwrap();
        assert!(told());
        store.write(move |tx| webhooks::delete(tx, &made, at(1))).await.unwrap();
        assert!(told());
    })
    .await;
}
