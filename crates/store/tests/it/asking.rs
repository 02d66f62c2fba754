//! What operators ask: of one webhook of whichever wire, of one event, of one delivery.

use crate::scene::{at, bytes, event, fact, file, insert_webhook, new_webhook, project, webhook};
use domain::attempt::Attempt;
use domain::delivery::{Dead, DeadReason, Retry};
use domain::health::{Health, State};
use domain::id::{EventId, WebhookId, WebhookNumber};
use std::time::Duration;
use store::webhooks::{self, WebhookRef};
use store::{Error, Store, attempts, cursors, dead, events, health, retries};
use testkit::engines::on_both_engines;

#[tokio::test]
async fn a_webhook_of_whichever_wire_is_found_in_its_project() {
    on_both_engines(async |store: Store| {
        let (here, there) = (project(&store, 1).await.id, project(&store, 2).await.id);
        let one = webhook(&store, here, 1).await;
        let other = webhooks::NewWebhook { dialect: "uc".into(), ..new_webhook(here, 2) };
        let other = insert_webhook(&store, other).await.unwrap();
        let find = |project, which| store.read(move |tx| webhooks::find_of_any_wire(tx, project, &which));
        for webhook in [&one, &other] {
            for which in [WebhookRef::Id(webhook.id), WebhookRef::Number(webhook.number)] {
                assert_eq!(find(here, which).await.unwrap().as_ref(), Some(webhook));
                assert_eq!(find(there, which).await.unwrap(), None);
            }
        }
        assert_eq!(find(here, WebhookRef::Id(WebhookId::from_bytes(bytes(9)))).await.unwrap(), None);
        let list = |project| store.read(move |tx| webhooks::list_of_all_wires(tx, project));
        assert_eq!(list(here).await.unwrap(), [one, other]);
        assert_eq!(list(there).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn an_event_is_found_by_sequence_by_id_and_by_time() {
    on_both_engines(async |store: Store| {
        let (here, there) = (project(&store, 1).await.id, project(&store, 2).await.id);
        for n in 1..=4 {
            let facts = domain::event::Fact { at: at(n * 10), ..fact(file(here, 1), n as u64) };
            store.write(move |tx| events::append(tx, facts.clone())).await.unwrap();
        }
        let found = store.read(move |tx| events::find(tx, here, 3)).await.unwrap().unwrap();
        assert_eq!((found.sequence, found.fact.at), (3, at(30)));
        let by_id = |project, n| store.read(move |tx| events::find_by_id(tx, project, EventId::from_bytes(bytes(n))));
        assert_eq!(by_id(here, 3).await.unwrap(), Some(found));
        assert_eq!((by_id(there, 3).await.unwrap(), by_id(here, 9).await.unwrap()), (None, None));
        assert_eq!(store.read(move |tx| events::find(tx, here, 5)).await.unwrap(), None);
        let since = |after, micros| store.read(move |tx| events::first_since(tx, here, after, at(micros)));
        assert_eq!(since(0, 20).await.unwrap(), Some(2));
        assert_eq!(since(0, 21).await.unwrap(), Some(3));
        assert_eq!(since(3, 0).await.unwrap(), Some(4));
        assert_eq!(since(0, 41).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn retries_and_dead_ranges_are_found_by_delivery() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        event(&store, project, 1).await;
        let number = webhook(&store, project, 1).await.number;
        let retry = |sequence| Retry {
            webhook: number,
            sequence,
            previous_sequence: 0,
            attempts: 2,
            first_at: at(1),
            due_at: at(2),
        };
        let range = |from_sequence, to_sequence, reason, micros| Dead {
            webhook: number,
            from_sequence,
            to_sequence,
            reason,
            at: at(micros),
        };
        let saved = vec![retry(4), retry(8)];
        let (wide, narrow) = (range(5, 9, DeadReason::Skipped, 1), range(7, 7, DeadReason::Exhausted, 2));
        let buried = vec![wide.clone(), narrow.clone()];
        store
            .write::<_, Error, _>(move |tx| {
                retries::save_many(tx, &saved)?;
                dead::append_many(tx, &buried)
            })
            .await
            .unwrap();
        let find = |sequence| store.read(move |tx| retries::find(tx, number, sequence));
        assert_eq!((find(4).await.unwrap(), find(5).await.unwrap()), (Some(retry(4)), None));
        let count = |number| store.read(move |tx| retries::count(tx, number));
        assert_eq!((count(number).await.unwrap(), count(WebhookNumber::new(99)).await.unwrap()), (2, 0));
        let covering = |sequence| store.read(move |tx| dead::covering(tx, number, sequence));
        assert_eq!(covering(9).await.unwrap(), Some(wide.clone()));
        assert_eq!(covering(7).await.unwrap(), Some(narrow.clone()), "the latest counts");
        assert_eq!((covering(4).await.unwrap(), covering(10).await.unwrap()), (None, None));
        let after = |sequence, limit| store.read(move |tx| dead::after(tx, number, sequence, limit));
        assert_eq!(after(0, 9).await.unwrap(), [wide.clone(), narrow.clone()]);
        assert_eq!(after(0, 1).await.unwrap(), [wide]);
        assert_eq!(after(5, 9).await.unwrap(), [narrow]);
    })
    .await;
}

#[tokio::test]
async fn attempts_are_paged_from_the_newest_without_counting() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let number = webhook(&store, project, 1).await.number;
        let attempt = |sequence, micros, class: Option<&str>| Attempt {
            project,
            webhook: number,
            sequence,
            number: 1,
            at: at(micros),
            duration: Duration::from_millis(3),
            status: Some(200),
            class: class.map(str::to_owned),
            remote_address: None,
            response: b"ok".to_vec(),
        };
        let all = [attempt(1, 10, None), attempt(2, 10, Some("server_error")), attempt(3, 20, None)];
        let batch = all.to_vec();
        store.write(move |tx| attempts::append_many(tx, &batch)).await.unwrap();
        let before = |place, class: Option<&'static str>, limit| {
            store.read(move |tx| attempts::before(tx, number, place, class, limit))
        };
        let end = (at(i64::MAX), i64::MAX, i64::MAX);
        let [first, second, third] = all;
        assert_eq!(before(end, None, 2).await.unwrap(), [third.clone(), second.clone()]);
        assert_eq!(before((at(10), 2, 1), None, 9).await.unwrap(), std::slice::from_ref(&first));
        assert_eq!(before(end, Some("success"), 9).await.unwrap(), [third, first]);
        assert_eq!(before(end, Some("server_error"), 9).await.unwrap(), [second]);
        assert_eq!(before(end, Some("server%"), 9).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn health_and_cursors_are_looked_at_and_held() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let number = webhook(&store, project, 1).await.number;
        let look = || store.read(move |tx| health::look(tx, number));
        assert_eq!(look().await.unwrap(), Health::default());
        let paused = Health { state: State::Paused, state_since: at(5), ..Health::default() };
        let decided = paused.clone();
        let held = store.write::<_, Error, _>(move |tx| {
            health::decide(tx, number, &decided)?;
            Ok((health::find(tx, number)?, cursors::find_for_update(tx, number)?, cursors::find(tx, number)?))
        });
        let ((revision, health), held, found) = held.await.unwrap();
        assert_eq!((revision, &health), (1, &paused));
        assert!(held.is_some() && held == found);
        assert_eq!(look().await.unwrap(), paused);
    })
    .await;
}
