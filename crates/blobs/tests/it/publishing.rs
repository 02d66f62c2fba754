//! From the first chunk to a durable key.

use std::io::{Read, Seek, SeekFrom};

use blobs::{HEAD_BYTES, HELD_BYTES_MAX, HOP_BYTES, Key};
use bytes::Bytes;

use crate::scene::{Scene, key, noise, sha256};

const SIZES: [usize; 8] = [0, 1, HEAD_BYTES, HEAD_BYTES + 1, HOP_BYTES - 1, HOP_BYTES, HOP_BYTES + 1, 3 * HOP_BYTES];

#[tokio::test]
async fn what_goes_in_comes_out_at_every_turn_of_the_path() {
    let scene = Scene::new();
    for (number, size) in (0..).zip(SIZES) {
        let bytes = noise(size);
        scene.published(&key(number), &bytes).await;
        assert_eq!(scene.read(&key(number)).await.unwrap(), bytes, "{size} bytes");
    }
    assert!(scene.staging_files().is_empty());
}

#[tokio::test]
async fn size_hash_and_head_are_known_before_publishing() {
    let scene = Scene::new();
    for size in SIZES {
        let bytes = noise(size);
        let written = scene.written(&bytes).await;
        assert_eq!(written.size_bytes, size as u64);
        assert_eq!(written.sha256, sha256(&bytes), "{size} bytes");
        assert_eq!(written.head, bytes[..size.min(HEAD_BYTES)], "{size} bytes");
    }
}

/// The vectors of FIPS 180-4's examples, through a single chunk and through many.
#[tokio::test]
async fn the_hash_is_sha256() {
    let scene = Scene::new();
    let empty = scene.written(b"").await;
    assert_eq!(hex::encode(empty.sha256), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let abc = scene.written(b"abc").await;
    assert_eq!(hex::encode(abc.sha256), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    let million = scene.written(&vec![b'a'; 1_000_000]).await;
    assert_eq!(hex::encode(million.sha256), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

#[tokio::test]
async fn what_memory_has_no_place_for_waits_on_the_disk() {
    let scene = Scene::new();
    let bytes = noise(HOP_BYTES);
    let mut waiting = Vec::new();
    while waiting.len() * HOP_BYTES < HELD_BYTES_MAX {
        waiting.push(scene.written(&bytes).await);
    }
    assert!(scene.staging_files().is_empty());
    let beyond = scene.written(&bytes).await;
    assert_eq!(scene.staging_files().len(), 1);
    assert_eq!((beyond.sha256, &beyond.head[..]), (sha256(&bytes), &bytes[..HEAD_BYTES]));
    beyond.publish(&key(1)).await.unwrap();
    assert!(scene.read(&key(1)).await.unwrap() == bytes);

    waiting.pop();
    let _in_memory_again = scene.written(&bytes).await;
    assert!(scene.staging_files().is_empty());
}

#[tokio::test]
async fn twenty_megabytes_in_one_chunk_or_in_many_are_the_same() {
    let scene = Scene::new();
    let bytes = noise(20 * 1024 * 1024);
    let mut staged = scene.blobs.stage();
    staged.write(Bytes::from(bytes.clone())).await.unwrap();
    let at_once = staged.finish().await.unwrap();
    let in_chunks = scene.written(&bytes).await;

    assert_eq!(at_once.sha256, in_chunks.sha256);
    in_chunks.publish(&key(1)).await.unwrap();
    assert!(scene.read(&key(1)).await.unwrap() == bytes);
}

#[tokio::test]
async fn an_upload_tells_its_size_and_head_while_it_grows() {
    let scene = Scene::new();
    let bytes = noise(2 * HOP_BYTES);
    let mut staged = scene.blobs.stage();
    for (count, chunk) in bytes.chunks(HEAD_BYTES / 2).enumerate() {
        staged.write(Bytes::copy_from_slice(chunk)).await.unwrap();
        let taken = (count + 1) * HEAD_BYTES / 2;
        assert_eq!(staged.size_bytes(), taken as u64);
        assert_eq!(staged.head(), &bytes[..taken.min(HEAD_BYTES)]);
    }
}

#[tokio::test]
async fn a_look_can_read_and_seek_and_changes_nothing() {
    let scene = Scene::new();
    for size in [1000, 2 * HOP_BYTES] {
        let bytes = noise(size);
        let written = scene.written(&bytes).await;
        for _ in 0..2 {
            let (start, end) = written
                .inspect(|reader| {
                    let (mut start, mut end) = ([0; 4], Vec::new());
                    reader.read_exact(&mut start).unwrap();
                    reader.seek(SeekFrom::End(-4)).unwrap();
                    reader.read_to_end(&mut end).unwrap();
                    (start, end)
                })
                .await
                .unwrap();
            assert_eq!((&start[..], &end[..]), (&bytes[..4], &bytes[size - 4..]));
        }
        written.publish(&key(1)).await.unwrap();
        assert!(scene.read(&key(1)).await.unwrap() == bytes);
    }
}

#[tokio::test]
async fn nothing_is_found_before_publishing() {
    let scene = Scene::new();
    for size in [100, 2 * HOP_BYTES] {
        let key = Key::original([size as u8; 16]);
        let written = scene.written(&noise(size)).await;
        assert!(!scene.blobs.exists(&key).await.unwrap());
        assert!(!scene.path(&key).exists());
        written.publish(&key).await.unwrap();
        assert_eq!(scene.blobs.size(&key).await.unwrap(), Some(size as u64));
    }
}

#[tokio::test]
async fn a_second_publish_replaces_the_first() {
    let scene = Scene::new();
    scene.published(&key(1), b"first").await;
    scene.published(&key(1), b"second").await;
    assert_eq!(scene.read(&key(1)).await.unwrap(), b"second");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_publish_at_once() {
    let scene = std::sync::Arc::new(Scene::new());
    let uploads: Vec<_> = (0..64)
        .map(|number| {
            let scene = scene.clone();
            // Every other one shares a folder with its neighbour.
            let key = Key::original([number / 2, 7, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            tokio::spawn(async move {
                let bytes = noise(usize::from(number) * 10_000);
                scene.published(&key, &bytes).await;
                assert!(scene.read(&key).await.unwrap() == bytes);
            })
        })
        .collect();
    for upload in uploads {
        upload.await.unwrap();
    }
    assert!(scene.staging_files().is_empty());
}

#[tokio::test]
async fn dropping_what_is_written_leaves_nothing() {
    let scene = Scene::new();
    let written = scene.written(&noise(3 * HOP_BYTES)).await;
    assert_eq!(scene.staging_files().len(), 1);
    drop(written);
    assert!(scene.staging_files().is_empty());
}

/// Leaving the runtime waits for the write under way, which then finds itself unwanted.
#[test]
fn dropping_an_upload_midway_leaves_nothing() {
    let scene = Scene::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut staged = scene.blobs.stage();
        staged.write(Bytes::from(noise(5 * HOP_BYTES))).await.unwrap();
        assert_eq!(scene.staging_files().len(), 1);
        drop(staged);
    });
    drop(runtime);
    assert!(scene.staging_files().is_empty());
}
