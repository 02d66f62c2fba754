//! Files are found, listed, stored, removed and brought back; doing it twice tells nobody twice.

use std::time::Duration;

use domain::event::EventKind::{FileRemoved, FileStored, FileUploaded};
use domain::file::{File, State};
use domain::id::FileId;
use domain::page::{Anchor, Listing, Order};
use domain::project::Grant;
use platform::{Error, Noun};

use crate::scene::{Scene, scene};

const NOWHERE: FileId = FileId::from_bytes([9; 16]);

#[tokio::test]
async fn storing_twice_tells_once() {
    let scene = scene().await;
    let id = scene.upload("a").await.id;
    let at = scene.kit.clock.advance(Duration::from_secs(5));
    let stored = scene.platform.store_file(&scene.owner, id).await.unwrap();
    assert_eq!((stored.stored_at, stored.revision), (Some(at), 2));
    scene.kit.clock.advance(Duration::from_secs(5));
    assert_eq!(scene.platform.store_file(&scene.owner, id).await.unwrap(), stored);
    assert_eq!(scene.find(id).await, stored);
    assert_eq!(scene.told().await, [FileUploaded, FileStored]);
}

#[tokio::test]
async fn what_was_removed_can_be_stored_again() {
    let scene = scene().await;
    let id = scene.upload("a").await.id;
    let at = scene.kit.clock.advance(Duration::from_secs(5));
    let removed = scene.platform.remove_file(&scene.owner, id).await.unwrap();
    assert_eq!((removed.removed_at, removed.state()), (Some(at), State::Removed));
    assert_eq!(scene.platform.remove_file(&scene.owner, id).await.unwrap(), removed);
    assert_eq!(scene.find(id).await, removed, "the record stays");

    let back = scene.platform.store_file(&scene.owner, id).await.unwrap();
    assert_eq!(back.state(), State::Stored);
    assert!(scene.platform.open_content(&back, None).await.is_ok());
    assert_eq!(scene.told().await, [FileUploaded, FileRemoved, FileStored]);
}

#[tokio::test]
async fn several_are_changed_at_one_instant_and_answered_by_upload() {
    let scene = scene().await;
    let (a, b) = two(&scene).await;
    scene.platform.store_file(&scene.owner, b.id).await.unwrap();
    let at = scene.kit.clock.advance(Duration::from_secs(5));

    let wanted = [b.id, NOWHERE, a.id, b.id];
    let stored = scene.platform.store_files(&scene.owner, &wanted).await.unwrap();
    assert_eq!(ids(&stored), [a.id, b.id]);
    assert_eq!(stored[0].stored_at, Some(at));
    assert_ne!(stored[1].stored_at, Some(at), "b was stored before");

    let removed = scene.platform.remove_files(&scene.owner, &wanted).await.unwrap();
    assert_eq!(removed.iter().map(|file| file.removed_at).collect::<Vec<_>>(), [Some(at); 2]);
    assert!(scene.platform.remove_files(&scene.owner, &[NOWHERE]).await.unwrap().is_empty());
    let expected = [FileUploaded, FileUploaded, FileStored, FileStored, FileRemoved, FileRemoved];
    assert_eq!(scene.told().await, expected);
}

#[tokio::test]
async fn files_are_listed_from_an_anchor_and_counted() {
    let scene = scene().await;
    let (a, b) = two(&scene).await;
    scene.platform.remove_file(&scene.owner, b.id).await.unwrap();
    let all = Listing {
        is_removed: None,
        is_stored: None,
        order: Order::UploadedAt,
        is_descending: false,
        after: None,
        before: None,
        skip: 0,
        limit: 10,
    };
    let list = async |listing: Listing| ids(&scene.platform.list_files(&scene.owner, &listing).await.unwrap());
    assert_eq!(list(all.clone()).await, [a.id, b.id]);
    let after_a = Some(Anchor::At(a.uploaded_at));
    assert_eq!(list(Listing { after: after_a, ..all.clone() }).await, [b.id]);
    assert_eq!(list(Listing { is_removed: Some(false), ..all }).await, [a.id]);

    let totals = scene.platform.file_totals(&scene.owner).await.unwrap();
    assert_eq!((totals.temporary, totals.removed), (1, 1));
    let found = scene.platform.find_files(&scene.owner, &[b.id, NOWHERE, a.id]).await.unwrap();
    assert_eq!(ids(&found), [a.id, b.id]);
}

#[tokio::test]
async fn another_project_s_file_is_not_found() {
    let scene = scene().await;
    let id = scene.upload("a").await.id;
    let (other, _) = scene.kit.project("quay").await;
    let stranger = scene.kit.principal(&other, Grant::Secret);
    for answer in [
        scene.platform.find_file(&stranger, id).await,
        scene.platform.store_file(&stranger, id).await,
        scene.platform.remove_file(&stranger, id).await,
        scene.platform.find_file(&scene.owner, NOWHERE).await,
    ] {
        assert!(matches!(answer, Err(Error::NotFound(Noun::File))), "{answer:?}");
    }
    assert!(scene.platform.store_files(&stranger, &[id]).await.unwrap().is_empty());
    assert_eq!(scene.told().await, [FileUploaded]);
}

#[tokio::test]
async fn a_file_is_shown_until_it_is_removed() {
    let scene = scene().await;
    let file = scene.upload("a").await;
    assert_eq!(scene.platform.shown_file(file.id).await.unwrap(), file);
    scene.platform.remove_file(&scene.owner, file.id).await.unwrap();
    for id in [file.id, NOWHERE] {
        let answer = scene.platform.shown_file(id).await;
        assert!(matches!(answer, Err(Error::NotFound(Noun::File))), "{answer:?}");
    }
}

async fn two(scene: &Scene) -> (File, File) {
    let a = scene.upload("a").await;
    scene.kit.clock.advance(Duration::from_secs(1));
    (a, scene.upload("b").await)
}

fn ids(files: &[File]) -> Vec<FileId> {
    files.iter().map(|file| file.id).collect()
}
