//! When the file system says no.

use std::fs;

use blobs::{Blobs, Error, HOP_BYTES};
use bytes::Bytes;

use crate::scene::{Scene, key, noise};

#[test]
fn a_root_that_is_a_file_is_refused_at_once() {
    let root = tempfile::NamedTempFile::new().unwrap();
    assert!(matches!(Blobs::open_disk(root.path()), Err(Error::Io { operation: "make the staging folder", .. })));
}

#[tokio::test]
async fn a_small_upload_fails_when_its_staging_folder_is_gone() {
    let scene = Scene::new();
    fs::remove_dir_all(scene.root.path().join("staging")).unwrap();
    let failed = scene.written(b"small").await.publish(&key(1)).await;
    assert!(matches!(failed, Err(Error::Io { operation: "create a staging file", .. })));
    assert!(!scene.blobs.exists(&key(1)).await.unwrap());
}

#[tokio::test]
async fn a_large_upload_fails_for_good_when_its_staging_folder_is_gone() {
    let scene = Scene::new();
    fs::remove_dir_all(scene.root.path().join("staging")).unwrap();
    let mut staged = scene.blobs.stage();
    let failed = staged.write(Bytes::from(noise(3 * HOP_BYTES))).await;
    assert!(matches!(failed, Err(Error::Io { operation: "create a staging file", .. })));
    let after = staged.write(Bytes::from(noise(HOP_BYTES + 1))).await;
    assert!(matches!(after, Err(Error::Torn)));
    assert!(matches!(staged.finish().await, Err(Error::Torn)));
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_fails_the_publish_and_leaves_nothing() {
    let scene = Scene::new();
    fs::remove_dir_all(scene.root.path().join("originals")).unwrap();
    fs::write(scene.root.path().join("originals"), b"in the way").unwrap();
    let failed = scene.written(b"small").await.publish(&key(1)).await;
    assert!(matches!(failed, Err(Error::Io { operation: "make a folder", .. })));
    assert!(scene.staging_files().is_empty());
}

#[tokio::test]
async fn a_folder_in_the_place_of_the_file_fails_the_rename() {
    let scene = Scene::new();
    fs::create_dir_all(scene.path(&key(1))).unwrap();
    let failed = scene.written(b"small").await.publish(&key(1)).await;
    assert!(matches!(failed, Err(Error::Io { operation: "rename a file into place", .. })));
    assert!(scene.staging_files().is_empty());
}

#[tokio::test]
async fn a_folder_removed_from_outside_is_made_again() {
    let scene = Scene::new();
    scene.published(&key(1), b"first").await;
    fs::remove_dir_all(scene.root.path().join("originals")).unwrap();
    scene.published(&key(1), b"second").await;
    assert_eq!(scene.read(&key(1)).await.unwrap(), b"second");
}
