//! Files, one by one and by lists of ids.

use crate::scene::{at, bare_file, conflict, file, project};
use domain::content::Content;
use domain::file::File;
use domain::id::{FileId, ProjectId};
use domain::metadata::Metadata;
use domain::page::Totals;
use store::{Error, Store, files};
use testkit::engines::on_both_engines;

async fn insert(store: &Store, file: &File) -> Result<(), Error> {
    let file = file.clone();
    store.write(move |tx| files::insert(tx, &file)).await
}

/// By each of the three ways to one file.
async fn found(store: &Store, project: ProjectId, id: FileId) -> [Option<File>; 3] {
    let look = move |tx: &mut store::Tx<'_>| {
        let found = [files::find(tx, project, id)?, files::find_for_update(tx, project, id)?];
        let [found, held] = found;
        Ok::<_, Error>([found, held, files::find_anywhere(tx, id)?])
    };
    store.write(look).await.unwrap()
}

#[tokio::test]
async fn a_file_is_found_as_it_was_inserted() {
    on_both_engines(async |store: Store| {
        let (project, other) = (project(&store, 1).await.id, project(&store, 2).await.id);
        for file in [file(project, 1), bare_file(project, 2)] {
            insert(&store, &file).await.unwrap();
            assert_eq!(
                found(&store, project, file.id).await,
                [Some(file.clone()), Some(file.clone()), Some(file.clone())]
            );
            assert_eq!(found(&store, other, file.id).await, [None, None, Some(file)]);
        }
        let unknown = FileId::from_bytes([0; 16]);
        assert_eq!(found(&store, project, unknown).await, [None, None, None]);
    })
    .await;
}

#[tokio::test]
async fn extremes_come_back() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let extreme = File {
            id: FileId::from_bytes([0; 16]),
            revision: i64::MAX,
            name: "🐾".repeat(255),
            size_bytes: i64::MAX,
            sha256: [0; 32],
            metadata: Metadata::from_pairs((0..50).map(|n| (format!("{n:064}"), "é".repeat(512)))).unwrap(),
            uploaded_at: at(i64::MAX),
            stored_at: Some(at(i64::MIN)),
            removed_at: Some(at(0)),
            ..file(project, 1)
        };
        insert(&store, &extreme).await.unwrap();
        assert_eq!(found(&store, project, extreme.id).await[0].as_ref(), Some(&extreme));
    })
    .await;
}

#[tokio::test]
async fn what_may_change_is_saved() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let (before, neighbour) = (bare_file(project, 1), bare_file(project, 2));
        insert(&store, &before).await.unwrap();
        insert(&store, &neighbour).await.unwrap();
        let whole = file(project, 1);
        let after = File {
            revision: 4,
            content: whole.content,
            metadata: whole.metadata,
            is_original_protected: true,
            stored_at: whole.stored_at,
            removed_at: Some(at(9)),
            expires_at: whole.expires_at,
            ..before.clone()
        };
        for file in [after, File { content: Content::default(), removed_at: None, ..before.clone() }, before] {
            let saved = file.clone();
            store.write(move |tx| files::save(tx, &saved)).await.unwrap();
            assert_eq!(found(&store, project, file.id).await[0].as_ref(), Some(&file));
        }
        assert_eq!(found(&store, project, neighbour.id).await[0].as_ref(), Some(&neighbour));
    })
    .await;
}

#[tokio::test]
async fn a_file_is_inserted_once_and_saved_only_where_it_is() {
    on_both_engines(async |store: Store| {
        let (project, other) = (project(&store, 1).await.id, project(&store, 2).await.id);
        insert(&store, &file(project, 1)).await.unwrap();
        assert_eq!(conflict(insert(&store, &file(other, 1)).await), "file_id");
        let moved = file(other, 1);
        let saved = store.write(move |tx| files::save(tx, &moved)).await;
        assert!(matches!(saved, Err(Error::Bug(_))), "{saved:?}");
    })
    .await;
}

#[tokio::test]
async fn many_are_found_in_the_order_of_their_upload() {
    on_both_engines(async |store: Store| {
        let (project, other) = (project(&store, 1).await.id, project(&store, 2).await.id);
        // Uploaded in pairs, the later ids first: 40 files are more than two statements' worth.
        let mut all: Vec<File> =
            (0..40).map(|n| File { uploaded_at: at(100 - n / 2), ..bare_file(project, n as u64) }).collect();
        for file in &all {
            insert(&store, file).await.unwrap();
        }
        let foreign = bare_file(other, 99);
        insert(&store, &foreign).await.unwrap();
        all.sort_by_key(|file| (file.uploaded_at, file.id));

        let mut ids: Vec<FileId> = all.iter().rev().map(|file| file.id).collect();
        ids.extend([foreign.id, FileId::from_bytes([0; 16]), all[3].id]);
        let asked = ids.clone();
        let (free, held) = store
            .write(move |tx| {
                let free = files::find_many(tx, project, &asked)?;
                Ok::<_, Error>((free, files::find_many_for_update(tx, project, &asked)?))
            })
            .await
            .unwrap();
        assert_eq!(free, all);
        assert_eq!(held, all);

        let none = store.read(move |tx| Ok::<_, Error>((files::find_many(tx, project, &[])?, files::known(tx, &[])?)));
        assert_eq!(none.await.unwrap(), (vec![], vec![]));
        let known = store.read(move |tx| files::known(tx, &ids)).await.unwrap();
        let mut expected: Vec<FileId> = all.iter().map(|file| file.id).chain([foreign.id]).collect();
        expected.sort();
        assert_eq!(known, expected);
    })
    .await;
}

#[tokio::test]
async fn expired_files_are_told_the_longest_overdue_first() {
    on_both_engines(async |store: Store| {
        let (project, other) = (project(&store, 1).await.id, project(&store, 2).await.id);
        let expiring = |project, n, expires_at, removed_at| File { expires_at, removed_at, ..bare_file(project, n) };
        for file in [
            expiring(project, 1, Some(at(10)), None),
            expiring(other, 2, Some(at(5)), None),
            expiring(project, 3, Some(at(11)), None),
            expiring(project, 4, Some(at(1)), Some(at(2))),
            expiring(project, 5, None, None),
        ] {
            insert(&store, &file).await.unwrap();
        }
        let expired = |limit| store.read(move |tx| files::expired(tx, at(10), limit));
        let (first, second) = ((other, bare_file(other, 2).id), (project, bare_file(project, 1).id));
        assert_eq!(expired(10).await.unwrap(), [first, second]);
        assert_eq!(expired(1).await.unwrap(), [first]);
    })
    .await;
}

#[tokio::test]
async fn totals_follow_the_states() {
    on_both_engines(async |store: Store| {
        let (project, other) = (project(&store, 1).await.id, project(&store, 2).await.id);
        let totals = |project| store.read(move |tx| files::totals(tx, project));
        assert_eq!(totals(project).await.unwrap(), Totals::default());
        for n in 0..6 {
            insert(&store, &bare_file(project, n)).await.unwrap();
        }
        for (n, is_removed) in [(0, true), (1, false), (2, false)] {
            let mut file = bare_file(project, n);
            if is_removed { file.remove(at(1)) } else { file.store(at(1)) }.unwrap();
            store.write(move |tx| files::save(tx, &file)).await.unwrap();
        }
        assert_eq!(totals(project).await.unwrap(), Totals { stored: 2, temporary: 3, removed: 1 });
        assert_eq!(totals(other).await.unwrap(), Totals::default());
    })
    .await;
}
