//! Whole or in part, in chunks of bounded size.

use std::ops::Range;

use blobs::{Error, HOP_BYTES};
use futures_util::{StreamExt, TryStreamExt};

use crate::scene::{Scene, key, noise, whole};

#[tokio::test]
async fn chunks_are_bounded_and_the_sizes_are_told_first() {
    let scene = Scene::new();
    let size = 20 * 1024 * 1024 + 1;
    scene.published(&key(1), &noise(size)).await;

    let body = scene.blobs.open(&key(1), None).await.unwrap();
    assert_eq!((body.size_bytes(), body.range()), (size as u64, 0..size as u64));
    let lengths: Vec<usize> = body.map_ok(|chunk| chunk.len()).try_collect().await.unwrap();
    assert!(lengths.iter().all(|length| (1..=HOP_BYTES).contains(length)));
    assert_eq!(lengths.iter().sum::<usize>(), size);
}

#[tokio::test]
async fn a_range_is_exactly_its_bytes() {
    let scene = Scene::new();
    let bytes = noise(3 * HOP_BYTES);
    let size = bytes.len() as u64;
    scene.published(&key(1), &bytes).await;
    let hop = HOP_BYTES as u64;

    for asked in [0..1, 0..size, 1..hop, hop - 1..hop + 1, hop..2 * hop, size - 1..size, 5..u64::MAX] {
        let body = scene.blobs.open(&key(1), Some(asked.clone())).await.unwrap();
        let told = asked.start..asked.end.min(size);
        assert_eq!(body.range(), told);
        assert_eq!(body.size_bytes(), size);
        assert!(whole(body).await == bytes[told.start as usize..told.end as usize], "{asked:?}");
    }
}

#[tokio::test]
async fn a_range_without_a_byte_is_refused_with_the_size() {
    let scene = Scene::new();
    scene.published(&key(1), b"0123456789").await;
    let backwards = Range { start: 5, end: 4 };
    for asked in [10..11, u64::MAX - 1..u64::MAX, 3..3, backwards] {
        let refused = scene.blobs.open(&key(1), Some(asked)).await.unwrap_err();
        assert!(matches!(refused, Error::RangeBeyondEnd { size_bytes: 10 }));
    }
}

#[tokio::test]
async fn an_empty_file_is_an_empty_stream_but_has_no_ranges() {
    let scene = Scene::new();
    scene.published(&key(1), b"").await;
    assert_eq!(scene.read(&key(1)).await.unwrap(), b"");
    let refused = scene.blobs.open(&key(1), Some(0..1)).await.unwrap_err();
    assert!(matches!(refused, Error::RangeBeyondEnd { size_bytes: 0 }));
}

#[tokio::test]
async fn what_was_never_there_and_what_was_deleted_is_not_found() {
    let scene = Scene::new();
    assert!(matches!(scene.read(&key(1)).await, Err(Error::NotFound)));
    assert_eq!(scene.blobs.size(&key(1)).await.unwrap(), None);
    assert!(!scene.blobs.delete(&key(1)).await.unwrap());

    scene.published(&key(1), b"here").await;
    assert!(scene.blobs.exists(&key(1)).await.unwrap());
    assert!(scene.blobs.delete(&key(1)).await.unwrap());
    assert!(!scene.blobs.delete(&key(1)).await.unwrap());
    assert!(matches!(scene.read(&key(1)).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_body_already_open_outlives_the_deletion() {
    let scene = Scene::new();
    let bytes = noise(4 * HOP_BYTES);
    scene.published(&key(1), &bytes).await;
    let body = scene.blobs.open(&key(1), None).await.unwrap();
    scene.blobs.delete(&key(1)).await.unwrap();
    assert!(whole(body).await == bytes);
}

#[tokio::test]
async fn a_file_cut_short_from_outside_ends_in_an_error() {
    let scene = Scene::new();
    scene.published(&key(1), &noise(4 * HOP_BYTES)).await;
    let mut body = scene.blobs.open(&key(1), None).await.unwrap();
    let file = std::fs::File::options().write(true).open(scene.path(&key(1))).unwrap();
    file.set_len(HOP_BYTES as u64 + 10).unwrap();

    assert_eq!(body.next().await.unwrap().unwrap().len(), HOP_BYTES);
    assert_eq!(body.next().await.unwrap().unwrap_err().kind(), std::io::ErrorKind::UnexpectedEof);
    assert!(body.next().await.is_none());
}
