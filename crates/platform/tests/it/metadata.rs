//! Metadata, expiry and protection change by difference, and remember what they replaced.

use domain::clock::Timestamp;
use domain::event::EventKind::{FileAmended, FileInfoUpdated, FileUploaded};
use domain::file::Expiry;
use domain::id::FileId;
use platform::files::{FileWish, MetadataWish};
use platform::{Error, Noun};

use crate::scene::{Scene, pairs, scene};

async fn set(scene: &Scene, id: FileId, key: &str, value: &str) -> Result<bool, Error> {
    scene.platform.set_file_metadata(&scene.owner, id, key.into(), value.into()).await
}

#[tokio::test]
async fn a_value_is_set_changed_and_deleted() {
    let scene = scene().await;
    let id = scene.upload("a").await.id;
    assert!(set(&scene, id, "color", "red").await.unwrap());
    assert!(!set(&scene, id, "color", "blue").await.unwrap());
    assert!(!set(&scene, id, "color", "blue").await.unwrap());
    assert_eq!(scene.find(id).await.metadata, pairs(&[("color", "blue")]));
    scene.platform.delete_file_metadata(&scene.owner, id, "color").await.unwrap();

    let expected = [FileUploaded, FileInfoUpdated, FileInfoUpdated, FileInfoUpdated];
    assert_eq!(scene.told().await, expected, "the same value again is no change");
    let log = scene.kit.log(&scene.project).await;
    let previous: Vec<_> = log.into_iter().map(|event| event.fact.change.previous.metadata).collect();
    let (red, blue) = (pairs(&[("color", "red")]), pairs(&[("color", "blue")]));
    assert_eq!(previous, [None, Some(pairs(&[])), Some(red), Some(blue)]);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let scene = scene().await;
    let id = scene.upload("a").await.id;
    let no_key = scene.platform.delete_file_metadata(&scene.owner, id, "color").await;
    assert!(matches!(no_key, Err(Error::NotFound(Noun::MetadataKey))), "{no_key:?}");
    let no_file = set(&scene, FileId::from_bytes([9; 16]), "color", "red").await;
    assert!(matches!(no_file, Err(Error::NotFound(Noun::File))), "{no_file:?}");
}

#[tokio::test]
async fn a_rule_that_is_broken_is_named_and_writes_nothing() {
    let scene = scene().await;
    let id = scene.upload("a").await.id;
    let answer = set(&scene, id, "no spaces", "red").await;
    let named = matches!(&answer, Err(Error::Rule(domain::Error::MetadataKeyForbidden(key))) if key == "no spaces");
    assert!(named, "{answer:?}");
    scene.platform.remove_file(&scene.owner, id).await.unwrap();
    let answer = set(&scene, id, "color", "red").await;
    assert!(matches!(answer, Err(Error::Rule(domain::Error::FileRemoved))), "{answer:?}");
    assert_eq!(scene.told().await.len(), 2);
}

#[tokio::test]
async fn pairs_replace_all_or_join_what_is_there() {
    let scene = scene().await;
    let id = scene.upload("a").await.id;
    let amend = async |metadata| {
        let wish = FileWish { metadata: Some(metadata), ..FileWish::default() };
        scene.platform.amend_file(&scene.owner, id, wish).await.map(|file| file.metadata)
    };
    let replaced = amend(MetadataWish::Replace(pairs(&[("m1", "1"), ("note", "x")]))).await.unwrap();
    assert_eq!(replaced, pairs(&[("m1", "1"), ("note", "x")]));
    let merged = amend(MetadataWish::Merge(vec![("m1".into(), "2".into())])).await.unwrap();
    assert_eq!(merged, pairs(&[("m1", "2"), ("note", "x")]));
    let too_long = amend(MetadataWish::Merge(vec![("m1".into(), "x".repeat(513))])).await;
    assert!(matches!(too_long, Err(Error::Rule(domain::Error::MetadataValueTooLong(_)))), "{too_long:?}");
    assert_eq!(scene.told().await, [FileUploaded, FileInfoUpdated, FileInfoUpdated]);
}

#[tokio::test]
async fn several_amendments_are_told_as_one() {
    let scene = scene().await;
    let id = scene.upload("a").await.id;
    let amend = async |wish| scene.platform.amend_file(&scene.owner, id, wish).await.unwrap();
    let soon = Timestamp::from_micros(9);
    let wish = FileWish { expiry: Some(Expiry::At(soon)), is_original_protected: Some(true), ..FileWish::default() };
    let amended = amend(wish.clone()).await;
    assert_eq!((amended.expires_at, amended.is_original_protected), (Some(soon), true));
    amend(wish).await;
    amend(FileWish::default()).await;
    let never = FileWish { expiry: Some(Expiry::Never), ..FileWish::default() };
    assert_eq!(amend(never).await.expires_at, None);
    assert_eq!(scene.told().await, [FileUploaded, FileAmended, FileAmended]);
}

#[tokio::test]
async fn changes_at_the_same_time_all_count() {
    let scene = scene().await;
    let id = scene.upload("a").await.id;
    let settings = (0..50).map(|n| {
        let (platform, owner) = (scene.platform.clone(), scene.owner.clone());
        tokio::spawn(async move { platform.set_file_metadata(&owner, id, format!("k{n}"), "v".into()).await })
    });
    for setting in settings.collect::<Vec<_>>() {
        assert!(setting.await.unwrap().unwrap());
    }
    let file = scene.find(id).await;
    assert_eq!((file.metadata.pairs().len(), file.revision), (50, 51));
    assert_eq!(scene.told().await.len(), 51);
}
