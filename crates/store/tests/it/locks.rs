//! One server at a time: the lock of a data folder, and the lock of a database.

use store::{Location, Lock, LockError};
use testkit::engines::TestDatabase;

#[test]
fn a_data_folder_has_one_server_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = Lock::take(folder.path()).unwrap();
    let refused = Lock::take(folder.path()).unwrap_err();
    assert!(refused.to_string().contains(&std::process::id().to_string()), "{refused}");
    drop(first);
    Lock::take(folder.path()).unwrap();
}

#[tokio::test]
async fn a_database_has_one_server_at_a_time() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let Location::Postgres(url) = &database.location else { unreachable!("it was asked for") };
    let first = Lock::take_database(url).await.unwrap();
    assert!(matches!(Lock::take_database(url).await, Err(LockError::DatabaseTaken)));
    drop(first);
    // The session ends a moment after its holder.
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(20));
    while Lock::take_database(url).await.is_err() {
        ticks.tick().await;
    }
    database.remove().await;
}
