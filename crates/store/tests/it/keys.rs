//! Secret keys.

use crate::scene::{NOW, at, project};
use domain::id::ProjectId;
use domain::project::SecretKey;
use domain::secret::Secret;
use store::{Error, Store, keys};
use testkit::engines::on_both_engines;

async fn insert(store: &Store, project: ProjectId, secret: &'static str) -> Result<SecretKey, Error> {
    store.write(move |tx| keys::insert(tx, project, &Secret::new(secret), NOW)).await
}

#[tokio::test]
async fn a_key_is_revoked_once_and_stays_in_the_list() {
    on_both_engines(async |store: Store| {
        let (project, other) = (project(&store, 1).await.id, project(&store, 2).await.id);
        let first = insert(&store, project, "aa").await.unwrap();
        let second = insert(&store, project, "bb").await.unwrap();
        let foreign = insert(&store, other, "aa").await.unwrap();
        assert_eq!((first.number, second.number, foreign.number), (1, 2, 3));

        let revoke = |project, number, now| store.write(move |tx| keys::revoke(tx, project, number, at(now)));
        assert!(revoke(project, 1, 7).await.unwrap());
        assert!(!revoke(project, 1, 8).await.unwrap(), "revoked before");
        assert!(!revoke(project, 3, 8).await.unwrap(), "another project's");
        assert!(!revoke(project, 4, 8).await.unwrap(), "unknown");

        let listed = |project| store.read(move |tx| keys::list(tx, project));
        assert_eq!(listed(project).await.unwrap(), [SecretKey { revoked_at: Some(at(7)), ..first }, second]);
        assert_eq!(listed(other).await.unwrap(), [foreign]);
    })
    .await;
}

#[tokio::test]
async fn a_project_has_each_secret_once() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        insert(&store, project, "aa").await.unwrap();
        assert!(insert(&store, project, "aa").await.is_err());
        assert_eq!(store.read(move |tx| keys::list(tx, project)).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_key_needs_its_project() {
    on_both_engines(async |store: Store| {
        let orphan = insert(&store, ProjectId::new(9), "aa").await;
        assert!(matches!(orphan, Err(Error::Bug(_))), "{orphan:?}");
    })
    .await;
}
