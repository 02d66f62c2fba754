//! Cursors.

use crate::scene::{project, webhook};
use domain::cursor::{Cursor, WINDOW};
use domain::id::WebhookNumber;
use store::{Store, cursors};
use testkit::engines::on_both_engines;

/// A cursor with these settled above `low`.
fn cursor(low: i64, settled: &[i64]) -> Cursor {
    let mut cursor = Cursor::at(low);
    for sequence in settled {
        cursor.settle(*sequence);
    }
    cursor
}

async fn save(store: &Store, cursors: Vec<(WebhookNumber, Cursor)>) {
    store.write(move |tx| cursors::save_many(tx, &cursors)).await.unwrap();
}

#[tokio::test]
async fn cursors_are_saved_many_at_a_time() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let mut numbers = Vec::new();
        for n in 0..3 {
            numbers.push(webhook(&store, project, n).await.number);
        }
        let full: Vec<i64> = (2..=WINDOW).collect();
        let moved = vec![(numbers[2], cursor(0, &full)), (numbers[0], cursor(7, &[9, 80]))];
        save(&store, moved.clone()).await;
        let expected = vec![moved[1].clone(), (numbers[1], Cursor::at(0)), moved[0].clone()];
        let all = store.read(cursors::all).await.unwrap();
        assert_eq!(windows(&all), windows(&expected));
        let (first, unknown) = (numbers[0], WebhookNumber::new(99));
        let find = |number| store.read(move |tx| cursors::find(tx, number));
        assert_eq!(
            find(first).await.unwrap().map(|it| (it.low(), it.window())),
            Some((7, vec![0b10, 0, 0, 0, 0, 0, 0, 0, 0, 1]))
        );
        assert_eq!(find(unknown).await.unwrap(), None);
        save(&store, vec![]).await;
        assert_eq!(windows(&store.read(cursors::all).await.unwrap()), windows(&expected));
    })
    .await;
}

fn windows(cursors: &[(WebhookNumber, Cursor)]) -> Vec<(i64, i64, Vec<u8>)> {
    cursors.iter().map(|(number, cursor)| (number.get(), cursor.low(), cursor.window())).collect()
}

#[tokio::test]
async fn a_cursor_never_moves_back() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let (one, two) = (webhook(&store, project, 1).await.number, webhook(&store, project, 2).await.number);
        save(&store, vec![(one, cursor(10, &[12]))]).await;
        save(&store, vec![(one, cursor(9, &[11, 12])), (two, cursor(3, &[]))]).await;
        let all = || async { windows(&store.read(cursors::all).await.unwrap()) };
        assert_eq!(all().await, [(one.get(), 10, vec![0b10]), (two.get(), 3, vec![])], "the other one moved");
        save(&store, vec![(one, cursor(10, &[12, 13]))]).await;
        assert_eq!(all().await[0], (one.get(), 10, vec![0b110]), "its window grows");
        save(&store, vec![(one, cursor(11, &[])), (one, cursor(14, &[]))]).await;
        assert_eq!(all().await[0], (one.get(), 14, vec![]), "the last of several counts");
    })
    .await;
}
