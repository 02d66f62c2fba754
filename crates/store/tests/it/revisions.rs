//! Revisions: which webhook held for which event.

use crate::scene::{at, event, project, webhook, wish};
use domain::secret::Secret;
use domain::webhook::Webhook;
use std::slice;
use store::{Error, Store, webhooks};
use testkit::engines::on_both_engines;

/// Changes the target and the secret, with the log where it is.
async fn amend(store: &Store, webhook: &mut Webhook, target: &str) {
    assert!(webhook.amend(wish(target), Some(Secret::new(target)), 0, at(5)));
    let saved = webhook.clone();
    store.write(move |tx| webhooks::save(tx, &saved)).await.unwrap();
}

/// Of each revision that holds above a sequence: number, where it begins, target, signing secret.
async fn held(store: &Store, webhook: &Webhook, above: i64) -> Vec<(i64, i64, String, String)> {
    let number = webhook.number;
    let revisions = store.read(move |tx| webhooks::revisions(tx, number, above)).await.unwrap();
    let told = revisions.into_iter().map(|held| {
        (held.revision, held.since_sequence, held.wish.target_url, held.secret.unwrap().expose().to_owned())
    });
    told.collect()
}

#[tokio::test]
async fn each_event_has_the_revision_of_its_moment_and_the_secret_of_now() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let mut webhook = webhook(&store, project, 1).await;
        let first = webhook.clone();
        event(&store, project, 1).await;
        event(&store, project, 2).await;
        amend(&store, &mut webhook, "b").await;
        amend(&store, &mut webhook, "c").await;
        event(&store, project, 3).await;
        amend(&store, &mut webhook, "d").await;

        let row = |revision, since: i64, target: &str| (revision, since, target.to_owned(), "d".to_owned());
        let a = row(1, 0, &first.wish.target_url);
        let (c, d) = (row(3, 2, "c"), row(4, 3, "d"));
        assert_eq!(held(&store, &webhook, 0).await, [a.clone(), c.clone(), d.clone()], "b held for nothing");
        assert_eq!(held(&store, &webhook, 1).await, [a, c.clone(), d.clone()]);
        assert_eq!(held(&store, &webhook, 2).await, [c, d.clone()]);
        assert_eq!(held(&store, &webhook, 3).await, slice::from_ref(&d));
        assert_eq!(held(&store, &webhook, 99).await, [d]);
    })
    .await;
}

#[tokio::test]
async fn a_revision_is_the_whole_webhook() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let first = webhook(&store, project, 1).await;
        webhook(&store, project, 2).await;
        event(&store, project, 1).await;
        let mut second = first.clone();
        amend(&store, &mut second, "b").await;
        let number = first.number;
        let read =
            store.read(move |tx| Ok::<_, Error>((webhooks::revisions(tx, number, 0)?, webhooks::live(tx)?.remove(0))));
        let (revisions, current) = read.await.unwrap();
        assert_eq!(
            revisions,
            [Webhook { secret: Some(Secret::new("b")), ..first }, Webhook { since_sequence: 1, ..second }]
        );
        assert_eq!(revisions.last(), Some(&current));
    })
    .await;
}
