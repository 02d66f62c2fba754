//! The seam: statements written once, and the few things in which SQLite and PostgreSQL truly differ.
//!
//! Only this file and its two rooms name an engine. A [`Statement`] is one text for both: parameters are `$1`, `$2`, …, and a *fragment* in
//! braces stands for what differs. There are two fragments:
//! - `{for_update}`: PostgreSQL locks the rows it reads; SQLite has one writer at a time and needs nothing.
//! - `{skip_locked}`: the same, leaving out rows that another transaction holds.
//!
//! A [`Bulk`] is many rows of one shape: a prepared insert repeated on SQLite, one `unnest` on PostgreSQL.
//! Values carry their type even when null. To add a value type: a variant of [`Type`], [`Value`] and [`Cell`], and an arm in each engine.

pub(crate) mod postgres;
pub(crate) mod sqlite;
mod value;

pub(crate) use value::{Cell, Row, Type, Value};

use crate::error::Error;
use crate::tail::News;

/// One text for both engines, with the name it bears in errors.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

impl Statement {
    pub(crate) const fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text }
    }
}

/// An insert of many rows of one shape.
#[derive(Debug)]
pub(crate) struct Bulk {
    pub(crate) name: &'static str,
    pub(crate) table: &'static str,
    pub(crate) columns: &'static [(&'static str, Type)],
    pub(crate) on_conflict: &'static str,
}

impl Bulk {
    fn column_names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

/// A transaction: what a verb's closure works on. It commits when the closure succeeds, and leaves no trace when it fails.
pub struct Tx<'c> {
    conn: Conn<'c>,
    news: Vec<News>,
}

enum Conn<'c> {
    Sqlite(&'c sqlite::Connection),
    Postgres(postgres::Session<'c>),
}

impl<'c> Tx<'c> {
    fn new(conn: Conn<'c>) -> Self {
        Self { conn, news: Vec::new() }
    }

    /// Runs a statement; answers how many rows it touched.
    pub(crate) fn execute(&mut self, statement: &'static Statement, values: &[Value<'_>]) -> Result<u64, Error> {
        match &mut self.conn {
            Conn::Sqlite(conn) => conn.execute(statement, values),
            Conn::Postgres(session) => session.execute(statement, values),
        }
    }

    /// Runs a statement; answers its rows.
    pub(crate) fn rows(&mut self, statement: &'static Statement, values: &[Value<'_>]) -> Result<Vec<Row>, Error> {
        match &mut self.conn {
            Conn::Sqlite(conn) => conn.rows(statement, values),
            Conn::Postgres(session) => session.rows(statement, values),
        }
    }

    /// Runs a statement; answers its first row.
    pub(crate) fn row(&mut self, statement: &'static Statement, values: &[Value<'_>]) -> Result<Option<Row>, Error> {
        self.rows(statement, values).map(|rows| rows.into_iter().next())
    }

    /// Inserts many rows of one shape.
    pub(crate) fn insert_many(&mut self, bulk: &'static Bulk, rows: &[Vec<Value<'_>>]) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        match &mut self.conn {
            Conn::Sqlite(conn) => conn.insert_many(bulk, rows),
            Conn::Postgres(session) => session.insert_many(bulk, rows),
        }
    }

    /// Runs a text of several statements: for migrations.
    pub(crate) fn batch(&mut self, text: &str) -> Result<(), Error> {
        match &mut self.conn {
            Conn::Sqlite(conn) => conn.batch(text),
            Conn::Postgres(session) => session.batch(text),
        }
    }

    /// Prepares a statement without running it.
    pub(crate) fn check(&mut self, statement: &'static Statement) -> Result<(), Error> {
        match &mut self.conn {
            Conn::Sqlite(conn) => conn.check(statement),
            Conn::Postgres(session) => session.check(statement),
        }
    }

    /// Prepares an insert of many rows without running it.
    pub(crate) fn check_bulk(&mut self, bulk: &'static Bulk) -> Result<(), Error> {
        match &mut self.conn {
            Conn::Sqlite(conn) => conn.check_bulk(bulk),
            Conn::Postgres(session) => session.check_bulk(bulk),
        }
    }

    /// Keeps other migrating processes out until this transaction ends.
    pub(crate) fn lock_schema(&mut self) -> Result<(), Error> {
        match &mut self.conn {
            // The transaction was begun as the only writer.
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(session) => session.batch("SELECT pg_advisory_xact_lock(7033529)"),
        }
    }

    /// Notes what this transaction changes, to be told when it has committed.
    pub(crate) fn announce(&mut self, news: News) {
        self.news.push(news);
    }
}

/// A closure with its caller waiting: what the engines' threads take from their queues.
pub(crate) trait Job: Send {
    /// Whether it only looks: it must see one moment, and may not write.
    fn is_look(&self) -> bool;
    /// Runs the closure; answers whether its work shall be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Answers the caller, now that the transaction is committed or not.
    fn finish(self: Box<Self>, committed: Result<(), Error>);
}

/// Statements waiting for a connection at most, in all; past that a caller waits before its verb is queued.
pub(crate) const QUEUE_MAX: usize = 4096;

/// Names of the unique constraints that verbs know how to word; each engine reports them in its own way.
const CONSTRAINTS: [(&str, &str); 6] = [
    ("webhook_slot", "webhooks.project_id, webhooks.slot"),
    ("project_public_key", "projects.public_key"),
    ("event_id", "events.id"),
    ("file_id", "files.id"),
    ("webhook_id", "webhooks.id"),
    ("key_secret", "secret_keys.project_id, secret_keys.secret"),
];
