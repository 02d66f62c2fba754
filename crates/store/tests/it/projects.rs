//! Projects.

use crate::scene::{conflict, new_project, project};
use domain::id::ProjectId;
use store::{Store, events, projects};
use testkit::engines::on_both_engines;

#[tokio::test]
async fn a_project_is_found_as_it_was_made() {
    on_both_engines(async |store: Store| {
        let (first, second) = (project(&store, 1).await, project(&store, 2).await);
        assert_eq!((first.id.get(), second.id.get()), (1, 2));
        let (new, key) = (new_project(1), second.public_key.clone());
        assert_eq!(
            (&first.public_key, &first.name, &first.settings, first.created_at),
            (&new.public_key, &new.name, &new.settings, new.created_at)
        );
        let read = store.read(move |tx| {
            let found = (projects::find(tx, ProjectId::new(1))?, projects::find_by_public_key(tx, &key)?);
            Ok::<_, store::Error>((found, projects::list(tx)?))
        });
        let (found, listed) = read.await.unwrap();
        assert_eq!(found, (Some(first.clone()), Some(second.clone())));
        assert_eq!(listed, [first, second]);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_project_is_none() {
    on_both_engines(async |store: Store| {
        let read = store.read(|tx| {
            Ok::<_, store::Error>((projects::find(tx, ProjectId::new(9))?, projects::find_by_public_key(tx, "ff")?))
        });
        assert_eq!(read.await.unwrap(), (None, None));
    })
    .await;
}

#[tokio::test]
async fn a_public_key_is_taken_once_and_a_refused_project_leaves_nothing() {
    on_both_engines(async |store: Store| {
        project(&store, 1).await;
        let again = store.write(|tx| projects::insert(tx, &new_project(1))).await;
        assert_eq!(conflict(again), "project_public_key");
        let next = project(&store, 2).await;
        assert_eq!(next.id.get(), 2, "the refused one gave its number back");
        let read = store.read(|tx| Ok::<_, store::Error>((projects::list(tx)?.len(), events::heads(tx)?)));
        assert_eq!(read.await.unwrap(), (2, vec![(ProjectId::new(1), 0), (ProjectId::new(2), 0)]));
    })
    .await;
}
