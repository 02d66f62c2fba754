//! Rows: the only crate that knows SQL.
//!
//! A write is a closure over a transaction, plain synchronous code written once for both engines:
//! `store.write(|tx| { … files::save(tx, &file)?; events::append(tx, fact)?; … })`. It must be repeatable: time and ids are handed in, and it
//! does nothing but read and write rows. A change and the event it causes are written in one closure, so they are committed together or not
//! at all. After the commit the [`Tail`] tells this process's delivery of it; whoever misses that reads the log.
//!
//! Modules in reading order: [`Store`] here; [`engine`] the seam; then one module per table.
//!
//! **Invariant:** no rule of the product lives here, and nothing here asks the time.

mod engine;
mod error;
mod job;
mod lock;
mod migrate;
mod snapshot;
mod tail;

pub mod attempts;
pub mod cursors;
pub mod dead;
pub mod events;
pub mod files;
pub mod health;
pub mod keys;
pub mod projects;
pub mod retries;
pub mod webhooks;

pub use engine::Tx;
pub use error::Error;
pub use lock::{Lock, LockError};
pub use migrate::is_current;
pub use tail::{NEWS_MAX, News, Tail, Taken};

use engine::postgres::Postgres;
use engine::sqlite::Sqlite;
use engine::{Bulk, Job, Statement};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc::Sender;

/// Where the rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A SQLite database file; made if there is none.
    Sqlite(PathBuf),
    /// A PostgreSQL database, 14 or later, as a `postgres://` URL.
    Postgres(String),
}

impl Location {
    /// Reads a database URL: `sqlite:PATH`, `postgres://…` or `postgresql://…`.
    pub fn parse(url: &str) -> Option<Self> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Some(Self::Postgres(url.to_owned()));
        }
        let path = url.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        (!path.is_empty()).then(|| Self::Sqlite(path.into()))
    }

    /// The engine's name, as a person would say it.
    pub fn engine_name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

/// The rows of one installation. Clones share the connections; the last one dropped closes them.
#[derive(Clone)]
pub struct Store {
    engine: Arc<Engine>,
    tail: Tail,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Store {
    /// Connects and brings the schema up to date.
    pub async fn open(location: &Location) -> Result<Self, Error> {
        let store = Self::connect(location).await?;
        store.write(migrate::run).await?;
        Ok(store)
    }

    /// Connects without touching the schema: for whoever only looks.
    pub async fn connect(location: &Location) -> Result<Self, Error> {
        let (location, tail) = (location.clone(), Tail::default());
        let opened = tokio::task::spawn_blocking(move || {
            let engine = match &location {
                Location::Sqlite(path) => Engine::Sqlite(Sqlite::open(path, &tail)?),
                Location::Postgres(url) => Engine::Postgres(Postgres::open(url, &tail)?),
            };
            Ok(Self { engine: Arc::new(engine), tail })
        });
        opened.await.map_err(|error| Error::Bug(error.into()))?
    }

    /// Runs a verb in a transaction: what it wrote is durable when this answers `Ok`, and gone when it answers `Err`.
    pub async fn write<T, E, F>(&self, verb: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        job::run(self.queue(true), false, verb).await
    }

    /// Looks at the rows as they stand at one moment.
    pub async fn read<T, E, F>(&self, look: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        job::run(self.queue(false), true, look).await
    }

    /// Prepares every statement there is: whether this version and its schema fit together.
    pub async fn check_statements(&self) -> Result<(), Error> {
        self.read(|tx| {
            statements().try_for_each(|statement| tx.check(statement))?;
            bulks().try_for_each(|bulk| tx.check_bulk(bulk))
        })
        .await
    }

    /// What this process has just committed, for whoever delivers it.
    pub fn tail(&self) -> &Tail {
        &self.tail
    }

    fn queue(&self, is_write: bool) -> &Sender<Box<dyn Job>> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.queue(is_write),
            Engine::Postgres(postgres) => postgres.queue(),
        }
    }
}

/// Every statement, table by table.
fn statements() -> impl Iterator<Item = &'static Statement> {
    [
        projects::STATEMENTS,
        keys::STATEMENTS,
        files::STATEMENTS,
        events::STATEMENTS,
        webhooks::STATEMENTS,
        cursors::STATEMENTS,
        health::STATEMENTS,
        retries::STATEMENTS,
        dead::STATEMENTS,
        attempts::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// Every insert of many rows.
fn bulks() -> impl Iterator<Item = &'static Bulk> {
    [cursors::BULKS, retries::BULKS, dead::BULKS, attempts::BULKS].into_iter().flatten().copied()
}
