//! What is taken away, what stays, and who is asked.

use std::collections::HashSet;
use std::fs;
use std::time::{Duration, SystemTime};

use blobs::{Error, HOP_BYTES, Key, Swept};

use crate::scene::{Scene, key, noise};

fn later() -> SystemTime {
    SystemTime::now() + Duration::from_hours(1)
}

fn earlier() -> SystemTime {
    SystemTime::now() - Duration::from_hours(1)
}

/// A caller who knows these keys, and notes which it was asked about.
async fn sweep(scene: &Scene, older_than: SystemTime, known: &[Key]) -> (Swept, Vec<Key>) {
    let mut asked = Vec::new();
    let swept = scene
        .blobs
        .sweep(older_than, |keys| {
            asked.extend(keys.clone());
            let stay = keys.into_iter().filter(|key| known.contains(key)).collect();
            async { Ok::<HashSet<Key>, Error>(stay) }
        })
        .await
        .unwrap();
    (swept, asked)
}

#[tokio::test]
async fn old_staging_files_go() {
    let scene = Scene::new();
    std::mem::forget(scene.written(&noise(2 * HOP_BYTES)).await);
    assert_eq!(sweep(&scene, earlier(), &[]).await.0, Swept::default());
    assert_eq!(scene.staging_files().len(), 1);

    assert_eq!(sweep(&scene, later(), &[]).await.0, Swept { staged: 1, originals: 0 });
    assert!(scene.staging_files().is_empty());
}

#[tokio::test]
async fn old_originals_go_unless_known() {
    let scene = Scene::new();
    for number in 1..=5 {
        scene.published(&key(number), b"bytes").await;
    }
    let (swept, mut asked) = sweep(&scene, later(), &[key(2), key(4)]).await;
    asked.sort();

    assert_eq!(swept, Swept { staged: 0, originals: 3 });
    assert_eq!(asked, (1..=5).map(key).collect::<Vec<_>>());
    for number in 1..=5 {
        assert_eq!(scene.blobs.exists(&key(number)).await.unwrap(), number % 2 == 0, "{number}");
    }
}

#[tokio::test]
async fn young_originals_are_not_even_asked_about() {
    let scene = Scene::new();
    scene.published(&key(1), b"bytes").await;
    let (swept, asked) = sweep(&scene, earlier(), &[]).await;
    assert_eq!((swept, asked), (Swept::default(), vec![]));
    assert!(scene.blobs.exists(&key(1)).await.unwrap());
}

#[tokio::test]
async fn the_caller_is_asked_in_batches() {
    let scene = Scene::new();
    let folder = scene.path(&key(7)).parent().unwrap().to_owned();
    fs::create_dir_all(&folder).unwrap();
    for number in 0..1200_u16 {
        let [high, low] = number.to_be_bytes();
        let key = Key::original([7, 7, high, low, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        fs::write(scene.path(&key), b"").unwrap();
    }
    let mut batches = Vec::new();
    let swept = scene.blobs.sweep(later(), |keys| {
        batches.push(keys.len());
        async { Ok::<_, Error>(HashSet::new()) }
    });
    assert_eq!(swept.await.unwrap().originals, 1200);
    assert_eq!(batches, [512, 512, 176]);
}

#[tokio::test]
async fn a_caller_who_cannot_tell_keeps_everything() {
    let scene = Scene::new();
    scene.published(&key(1), b"bytes").await;
    let swept = scene.blobs.sweep(later(), |_| async { Err(Error::Stopping) }).await;
    assert!(matches!(swept, Err(Error::Stopping)));
    assert!(scene.blobs.exists(&key(1)).await.unwrap());
}

#[tokio::test]
async fn files_with_foreign_names_are_left_alone() {
    let scene = Scene::new();
    scene.published(&key(1), b"bytes").await;
    let foreign = scene.path(&key(1)).with_file_name("README");
    let misplaced = scene.path(&key(1)).with_file_name("02020202020202020202020202020202");
    fs::write(&foreign, b"").unwrap();
    fs::write(&misplaced, b"").unwrap();

    let (swept, asked) = sweep(&scene, later(), &[]).await;
    assert_eq!((swept.originals, asked), (1, vec![key(1)]));
    assert!(foreign.exists() && misplaced.exists());
}
