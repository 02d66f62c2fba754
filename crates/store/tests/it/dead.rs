//! Dead ranges.

use crate::scene::at;
use domain::delivery::{Dead, DeadReason};
use domain::id::WebhookNumber;
use std::slice;
use store::{Store, dead};
use testkit::engines::on_both_engines;

#[tokio::test]
async fn ranges_are_kept_in_their_order_and_each_once() {
    on_both_engines(async |store: Store| {
        let range = |webhook, from_sequence, to_sequence, reason, micros| Dead {
            webhook: WebhookNumber::new(webhook),
            from_sequence,
            to_sequence,
            reason,
            at: at(micros),
        };
        let first = range(1, 1, 1, DeadReason::Exhausted, 5);
        let (second, third) = (range(1, 2, i64::MAX, DeadReason::Expired, 4), range(1, 2, 2, DeadReason::Exhausted, 6));
        let foreign = range(2, 1, 1, DeadReason::Exhausted, 5);
        let batch = [second.clone(), foreign.clone(), first.clone(), third.clone()];
        store.write(move |tx| dead::append_many(tx, &batch)).await.unwrap();
        let list =
            |webhook, skip, limit| store.read(move |tx| dead::list(tx, WebhookNumber::new(webhook), skip, limit));
        assert_eq!(list(1, 0, 9).await.unwrap(), [first.clone(), third.clone(), second.clone()]);
        assert_eq!(list(1, 1, 1).await.unwrap(), slice::from_ref(&third));
        assert_eq!(list(2, 0, 9).await.unwrap(), [foreign]);

        let again = range(1, 1, 1, DeadReason::Expired, 9);
        let batch = [first, again.clone()];
        store.write(move |tx| dead::append_many(tx, &batch)).await.unwrap();
        assert_eq!(list(1, 0, 9).await.unwrap(), [again, third, second], "the last of several counts");
    })
    .await;
}
