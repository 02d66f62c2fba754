//! One connection to the database file: statements in, rows out.

use crate::engine::{Bulk, CONSTRAINTS, Cell, Row, Statement, Value};
use crate::error::Error;
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

/// How long a statement waits for another process's transaction.
const BUSY_MILLISECONDS: u32 = 5000;
/// Prepared statements kept; more than there are texts.
const STATEMENTS_KEPT: usize = 256;

pub(crate) struct Connection {
    inner: rusqlite::Connection,
    /// Texts as SQLite takes them, by the statement's name.
    texts: RefCell<HashMap<&'static str, String>>,
}

impl Connection {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let inner = rusqlite::Connection::open(path).map_err(|error| worded("open", error))?;
        inner.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        let conn = Self { inner, texts: RefCell::default() };
        conn.batch(&format!(
            "PRAGMA busy_timeout = {BUSY_MILLISECONDS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536;"
        ))?;
        // The connection that has just made the file a WAL has not opened the log yet. Were a checkpoint its first statement, SQLite would
        // open it in there (`sqlite3PagerCheckpoint`), by a read that then stands in the checkpoint's own way until it times out.
        conn.batch("SELECT COUNT(*) FROM sqlite_schema")?;
        Ok(conn)
    }

    pub(crate) fn open_for_reading(path: &Path) -> Result<Self, Error> {
        let conn = Self::open(path)?;
        conn.batch("PRAGMA query_only = ON; PRAGMA cache_size = -16384;")?;
        Ok(conn)
    }

    pub(crate) fn execute(&self, statement: &'static Statement, values: &[Value<'_>]) -> Result<u64, Error> {
        self.prepared(
            statement.name,
            || text_of(statement),
            |prepared| {
                bind(prepared, values)?;
                prepared.raw_execute().map(|rows| rows as u64)
            },
        )
    }

    pub(crate) fn rows(&self, statement: &'static Statement, values: &[Value<'_>]) -> Result<Vec<Row>, Error> {
        self.prepared(
            statement.name,
            || text_of(statement),
            |prepared| {
                bind(prepared, values)?;
                let columns = prepared.column_count();
                let mut found = Vec::new();
                let mut rows = prepared.raw_query();
                while let Some(row) = rows.next()? {
                    found.push(Row((0..columns).map(|at| row.get_ref(at).map(cell)).collect::<Result<_, _>>()?));
                }
                Ok(found)
            },
        )
    }

    pub(crate) fn insert_many(&self, bulk: &'static Bulk, rows: &[Vec<Value<'_>>]) -> Result<(), Error> {
        self.prepared(
            bulk.name,
            || text_of_bulk(bulk),
            |prepared| {
                rows.iter().try_for_each(|row| {
                    bind(prepared, row)?;
                    prepared.raw_execute().map(|_| ())
                })
            },
        )
    }

    pub(crate) fn batch(&self, text: &str) -> Result<(), Error> {
        // A pragma answers a row, which `execute_batch` steps over.
        self.inner.execute_batch(text).map_err(|error| worded("batch", error))
    }

    pub(crate) fn check(&self, statement: &'static Statement) -> Result<(), Error> {
        self.prepared(statement.name, || text_of(statement), |_| Ok(()))
    }

    pub(crate) fn check_bulk(&self, bulk: &'static Bulk) -> Result<(), Error> {
        self.prepared(bulk.name, || text_of_bulk(bulk), |_| Ok(()))
    }

    /// Ends whatever transaction is open, if any.
    pub(crate) fn roll_back(&self) {
        if !self.inner.is_autocommit() {
            // Fails only if SQLite has ended the transaction itself, which is what is wanted.
            let _ = self.inner.execute_batch("ROLLBACK");
        }
    }

    /// Whether a transaction is open: SQLite ends it by itself when the disk is full or fails.
    pub(crate) fn is_in_transaction(&self) -> bool {
        !self.inner.is_autocommit()
    }

    fn prepared<T>(
        &self,
        name: &'static str,
        text: impl FnOnce() -> String,
        work: impl FnOnce(&mut rusqlite::Statement<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let mut texts = self.texts.borrow_mut();
        let text = texts.entry(name).or_insert_with(text);
        let mut prepared = self.inner.prepare_cached(text).map_err(|error| worded(name, error))?;
        work(&mut prepared).map_err(|error| worded(name, error))
    }
}

/// `$1` becomes `?1`; both fragments are empty, since there is one writer at a time.
fn text_of(statement: &Statement) -> String {
    statement.text.replace('$', "?").replace("{for_update}", "").replace("{skip_locked}", "")
}

fn text_of_bulk(bulk: &Bulk) -> String {
    let places = (1..=bulk.columns.len()).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
    format!("INSERT INTO {} ({}) VALUES ({places}) {}", bulk.table, bulk.column_names(), bulk.on_conflict)
}

fn bind(prepared: &mut rusqlite::Statement<'_>, values: &[Value<'_>]) -> rusqlite::Result<()> {
    values.iter().enumerate().try_for_each(|(index, value)| prepared.raw_bind_parameter(index + 1, value))
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match *self {
            Value::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Value::Int(Some(int)) => ValueRef::Integer(int),
            Value::Bool(Some(flag)) => ValueRef::Integer(i64::from(flag)),
            Value::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Value::Real(Some(real)) => ValueRef::Real(real),
            Value::Text(None) | Value::Int(None) | Value::Bool(None) | Value::Bytes(None) | Value::Real(None) => {
                ValueRef::Null
            }
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(int) => Cell::Int(int),
        ValueRef::Real(real) => Cell::Real(real),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
    }
}

/// An error of SQLite in the store's words (<https://www.sqlite.org/rescode.html>).
fn worded(name: &str, error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(Code::ConstraintViolation) => {
            let columns = text.rsplit("failed: ").next().unwrap_or_default();
            let known = CONSTRAINTS.iter().find(|(_, theirs)| *theirs == columns);
            known.map_or_else(|| Error::bug(format!("{name}: {text}")), |(ours, _)| Error::Conflict(ours))
        }
        Some(
            Code::DatabaseBusy
            | Code::DatabaseLocked
            | Code::DiskFull
            | Code::SystemIoFailure
            | Code::CannotOpen
            | Code::ReadOnly
            | Code::PermissionDenied
            | Code::OutOfMemory
            | Code::NotADatabase
            | Code::DatabaseCorrupt,
        ) => Error::Unavailable(error.into()),
        _ => Error::bug(format!("{name}: {text}")),
    }
}
