//! The same scenario on both engines: a fresh SQLite file and a fresh PostgreSQL database.

use crate::postgres::TempPostgres;
use store::{Location, Store};
use tempfile::TempDir;

/// An empty database of one test; removed with it.
#[derive(Debug)]
pub struct TestDatabase {
    /// What [`Store::open`] takes.
    pub location: Location,
    /// The folder of a SQLite file.
    folder: Option<TempDir>,
}

impl TestDatabase {
    /// A SQLite file in a folder of its own.
    ///
    /// # Panics
    /// If there is no room for temporary files.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { location: Location::Sqlite(folder.path().join("boathook.db")), folder: Some(folder) }
    }

    /// A database in this run's PostgreSQL; none where PostgreSQL is not installed.
    ///
    /// # Panics
    /// If PostgreSQL cannot be started, or with `CI=true` if it is not installed.
    pub async fn postgres() -> Option<Self> {
        let made = tokio::task::spawn_blocking(|| TempPostgres::shared().map(TempPostgres::database));
        let url = made.await.expect("PostgreSQL starts")?;
        Some(Self { location: Location::Postgres(url), folder: None })
    }

    /// Removes it, whoever is still connected.
    ///
    /// # Panics
    /// If PostgreSQL is gone.
    pub async fn remove(self) {
        let Location::Postgres(url) = self.location else {
            return drop(self.folder);
        };
        let removed = tokio::task::spawn_blocking(move || TempPostgres::shared().map(|it| it.drop_database(&url)));
        removed.await.expect("PostgreSQL answers");
    }
}

/// Plays a scenario on each engine. What it prints before it fails says on which.
///
/// # Panics
/// If the scenario does, or if no fresh database can be made.
pub async fn on_both_engines<F: AsyncFn(Store)>(scenario: F) {
    let databases = [Some(TestDatabase::sqlite()), TestDatabase::postgres().await];
    for database in databases.into_iter().flatten() {
        eprintln!("on {}", database.location.engine_name());
        let store = Store::open(&database.location).await.expect("a fresh database opens");
        scenario(store).await;
        database.remove().await;
    }
}
