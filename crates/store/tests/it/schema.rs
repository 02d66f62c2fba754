//! The schema: one set of migrations and one text per statement suit both engines.

use store::{Location, Store, is_current};
use testkit::engines::{TestDatabase, on_both_engines};

#[tokio::test]
async fn every_statement_suits_the_schema() {
    on_both_engines(async |store: Store| store.check_statements().await.unwrap()).await;
}

#[tokio::test]
async fn a_database_is_migrated_once() {
    for database in [Some(TestDatabase::sqlite()), TestDatabase::postgres().await].into_iter().flatten() {
        let untouched = Store::connect(&database.location).await.unwrap();
        assert!(untouched.read(is_current).await.is_err(), "an empty database has no schema");
        drop(untouched);
        let location = &database.location;
        let (first, second) = tokio::join!(Store::open(location), Store::open(location));
        for store in [first.unwrap(), second.unwrap(), reopened(location).await] {
            assert!(store.read(is_current).await.unwrap());
        }
        database.remove().await;
    }
}

async fn reopened(location: &Location) -> Store {
    Store::open(location).await.unwrap()
}
