//! The log of attempts.

use crate::scene::at;
use domain::attempt::{Attempt, RESPONSE_BYTES_KEPT_MAX};
use domain::id::{ProjectId, WebhookNumber};
use std::time::Duration;
use store::{Store, attempts};
use testkit::engines::on_both_engines;

const PROJECT: ProjectId = ProjectId::new(1);
const WEBHOOK: WebhookNumber = WebhookNumber::new(1);

fn answered(sequence: i64, number: i64, micros: i64) -> Attempt {
    Attempt {
        project: PROJECT,
        webhook: WEBHOOK,
        sequence,
        number,
        at: at(micros),
        duration: Duration::from_micros(u64::from(u32::MAX) * 1000),
        status: Some(599),
        class: Some("server_error".into()),
        remote_address: Some("[2001:db8::1]:443".into()),
        response: (0..RESPONSE_BYTES_KEPT_MAX).map(|n| n as u8).collect(),
    }
}

fn unanswered(sequence: i64, number: i64, micros: i64) -> Attempt {
    Attempt {
        duration: Duration::ZERO,
        status: None,
        class: None,
        remote_address: None,
        response: Vec::new(),
        ..answered(sequence, number, micros)
    }
}

#[tokio::test]
async fn attempts_are_listed_newest_first_and_by_delivery_in_order() {
    on_both_engines(async |store: Store| {
        let [first, again, other, third] =
            [unanswered(1, 1, 10), answered(1, 2, 30), answered(2, 1, 20), unanswered(3, 1, 20)];
        let foreign = Attempt { webhook: WebhookNumber::new(2), ..first.clone() };
        let batch = [again.clone(), first.clone(), other.clone(), foreign.clone(), third.clone()];
        store.write(move |tx| attempts::append_many(tx, &batch)).await.unwrap();

        let list = |skip, limit| store.read(move |tx| attempts::list(tx, PROJECT, WEBHOOK, skip, limit));
        assert_eq!(list(0, 9).await.unwrap(), [again.clone(), third.clone(), other, first.clone()]);
        assert_eq!(list(1, 1).await.unwrap(), [third]);
        let elsewhere = store.read(|tx| attempts::list(tx, ProjectId::new(2), WEBHOOK, 0, 9));
        assert_eq!(elsewhere.await.unwrap(), []);

        let of_delivery = |webhook, sequence| store.read(move |tx| attempts::of_delivery(tx, webhook, sequence));
        assert_eq!(of_delivery(WEBHOOK, 1).await.unwrap(), [first, again]);
        assert_eq!(of_delivery(foreign.webhook, 1).await.unwrap(), [foreign]);
        assert_eq!(of_delivery(WEBHOOK, 9).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_number_is_a_fact_too() {
    on_both_engines(async |store: Store| {
        for micros in [1, 2] {
            store.write(move |tx| attempts::append_many(tx, &[answered(1, 1, micros)])).await.unwrap();
        }
        store.write(|tx| attempts::append_many(tx, &[])).await.unwrap();
        let kept = store.read(|tx| attempts::of_delivery(tx, WEBHOOK, 1)).await.unwrap();
        assert_eq!(kept, [answered(1, 1, 1), answered(1, 1, 2)]);
    })
    .await;
}

#[tokio::test]
async fn a_large_batch_is_one_write() {
    on_both_engines(async |store: Store| {
        let batch: Vec<Attempt> = (1..=2000).map(|sequence| unanswered(sequence, 1, sequence)).collect();
        let appended = batch.clone();
        store.write(move |tx| attempts::append_many(tx, &appended)).await.unwrap();
        let mut listed = store.read(|tx| attempts::list(tx, PROJECT, WEBHOOK, 0, 5000)).await.unwrap();
        listed.reverse();
        assert!(listed == batch);
    })
    .await;
}
