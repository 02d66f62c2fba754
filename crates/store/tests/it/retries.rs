//! Retries.

use crate::scene::{at, project, webhook};
use domain::delivery::Retry;
use domain::id::WebhookNumber;
use store::{Error, Store, retries};
use testkit::engines::on_both_engines;
use tokio::task::JoinSet;

fn retry(webhook: WebhookNumber, sequence: i64, due_at: i64) -> Retry {
    Retry {
        webhook,
        sequence,
        previous_sequence: sequence - 1,
        attempts: 3,
        first_at: at(i64::MIN),
        due_at: at(due_at),
    }
}

async fn save(store: &Store, retries: Vec<Retry>) {
    store.write(move |tx| retries::save_many(tx, &retries)).await.unwrap();
}

async fn claim(store: &Store, webhook: WebhookNumber, now: i64, until: i64, limit: i64) -> Vec<Retry> {
    store.write(move |tx| retries::claim(tx, webhook, at(now), at(until), limit)).await.unwrap()
}

#[tokio::test]
async fn what_is_due_is_claimed_until_a_moment() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let (one, two) = (webhook(&store, project, 1).await.number, webhook(&store, project, 2).await.number);
        let [late, later, tied, ahead] = [retry(one, 9, 10), retry(one, 3, 20), retry(one, 4, 20), retry(one, 1, 31)];
        save(&store, vec![later.clone(), tied.clone(), ahead.clone(), late.clone(), retry(two, 3, 5)]).await;

        assert_eq!(claim(&store, one, 30, 100, 2).await, [late, later], "the longest due first, as they were due");
        assert_eq!(claim(&store, one, 30, 101, 9).await, [tied], "claimed ones are not due, nor another webhook's");
        assert_eq!(claim(&store, one, 30, 102, 9).await, []);
        assert_eq!(
            claim(&store, one, 100, 200, 9).await,
            [ahead, retry(one, 3, 100), retry(one, 9, 100)],
            "left undone"
        );
    })
    .await;
}

#[tokio::test]
async fn a_retry_has_one_taker() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let webhook = webhook(&store, project, 1).await.number;
        save(&store, (0..50).map(|n| retry(webhook, n, n)).collect()).await;
        let mut takers = JoinSet::new();
        for _ in 0..20 {
            let store = store.clone();
            takers.spawn(async move { claim(&store, webhook, 99, 1000, 10).await });
        }
        let mut taken: Vec<i64> = takers.join_all().await.concat().iter().map(|retry| retry.sequence).collect();
        taken.extend(claim(&store, webhook, 99, 1000, 100).await.iter().map(|retry| retry.sequence));
        taken.sort_unstable();
        assert!(taken.iter().copied().eq(0..50), "{taken:?}");
    })
    .await;
}

#[tokio::test]
async fn a_retry_is_replaced_and_deleted() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let (one, two) = (webhook(&store, project, 1).await.number, webhook(&store, project, 2).await.number);
        let next_due = || async { store.read(retries::next_due).await.unwrap() };
        assert_eq!(next_due().await, []);
        save(&store, vec![retry(one, 1, 50), retry(one, 2, 40), retry(two, 1, 60)]).await;
        assert_eq!(next_due().await, [(one, at(40)), (two, at(60))]);

        let again = Retry { attempts: 4, first_at: at(7), ..retry(one, 2, 70) };
        save(&store, vec![retry(one, 2, 1), again.clone()]).await;
        assert_eq!(next_due().await, [(one, at(50)), (two, at(60))], "the last of several counts");

        let gone = [(one, 1), (two, 1), (two, 99)];
        store.write::<_, Error, _>(move |tx| retries::delete_many(tx, &gone)).await.unwrap();
        assert_eq!(next_due().await, [(one, at(70))]);
        let next_due_of = |webhook| store.read(move |tx| retries::next_due_of(tx, webhook));
        assert_eq!((next_due_of(one).await.unwrap(), next_due_of(two).await.unwrap()), (Some(at(70)), None));
        assert_eq!(claim(&store, one, 70, 99, 9).await, [again]);
        save(&store, vec![]).await;
    })
    .await;
}
