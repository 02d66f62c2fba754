//! One transaction on PostgreSQL: statements in, rows out.

use crate::engine::{Bulk, CONSTRAINTS, Cell, Row, Statement, Type, Value};
use crate::error::Error;
use ::postgres::error::SqlState;
use ::postgres::types::{IsNull, ToSql, Type as PgType};
use ::postgres::{Error as PgError, Transaction};
use std::collections::HashMap;

/// Statements prepared on one connection, by name and by the types they were given.
#[derive(Default)]
pub(crate) struct Prepared(HashMap<&'static str, ::postgres::Statement>);

/// A transaction with its connection's prepared statements.
pub(crate) struct Session<'c> {
    transaction: Transaction<'c>,
    prepared: &'c mut Prepared,
    /// The transaction lost a race and shall be run again.
    has_lost: bool,
}

impl<'c> Session<'c> {
    pub(super) fn new(transaction: Transaction<'c>, prepared: &'c mut Prepared) -> Self {
        Self { transaction, prepared, has_lost: false }
    }

    pub(crate) fn execute(&mut self, statement: &'static Statement, values: &[Value<'_>]) -> Result<u64, Error> {
        let prepared = self.prepare(statement.name, || text_of(statement), &types_of(values))?;
        let done = self.transaction.execute(&prepared, &borrowed(values));
        done.map_err(|error| self.failed(statement.name, &error))
    }

    pub(crate) fn rows(&mut self, statement: &'static Statement, values: &[Value<'_>]) -> Result<Vec<Row>, Error> {
        let prepared = self.prepare(statement.name, || text_of(statement), &types_of(values))?;
        let rows = self.transaction.query(&prepared, &borrowed(values));
        rows.map_err(|error| self.failed(statement.name, &error))?.iter().map(row).collect()
    }

    pub(crate) fn insert_many(&mut self, bulk: &'static Bulk, rows: &[Vec<Value<'_>>]) -> Result<(), Error> {
        let types: Vec<PgType> = bulk.columns.iter().map(|(_, of)| array(*of)).collect();
        let prepared = self.prepare(bulk.name, || text_of_bulk(bulk), &types)?;
        let columns: Vec<Vec<Value<'_>>> =
            (0..bulk.columns.len()).map(|at| rows.iter().map(|row| row[at]).collect()).collect();
        let columns: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|column| column as &(dyn ToSql + Sync)).collect();
        let done = self.transaction.execute(&prepared, &columns);
        done.map(|_| ()).map_err(|error| self.failed(bulk.name, &error))
    }

    pub(crate) fn batch(&mut self, text: &str) -> Result<(), Error> {
        let done = self.transaction.batch_execute(text);
        done.map_err(|error| self.failed("batch", &error))
    }

    pub(crate) fn check(&mut self, statement: &'static Statement) -> Result<(), Error> {
        let prepared = self.transaction.prepare(&text_of(statement));
        prepared.map(|_| ()).map_err(|error| self.failed(statement.name, &error))
    }

    pub(crate) fn check_bulk(&mut self, bulk: &'static Bulk) -> Result<(), Error> {
        let prepared = self.transaction.prepare(&text_of_bulk(bulk));
        prepared.map(|_| ()).map_err(|error| self.failed(bulk.name, &error))
    }

    /// Commits or undoes; an error says whether the transaction lost a race.
    pub(super) fn end(self, is_kept: bool) -> Result<(), (bool, Error)> {
        if self.has_lost {
            return Err((true, Error::Unavailable("the transaction lost its races".into())));
        }
        if !is_kept {
            return self.transaction.rollback().map_err(|error| (false, worded("rollback", &error)));
        }
        self.transaction.commit().map_err(|error| (is_race(&error), worded("commit", &error)))
    }

    fn prepare(
        &mut self,
        name: &'static str,
        text: impl FnOnce() -> String,
        types: &[PgType],
    ) -> Result<::postgres::Statement, Error> {
        if let Some(prepared) = self.prepared.0.get(name) {
            return Ok(prepared.clone());
        }
        match self.transaction.prepare_typed(&text(), types) {
            Ok(prepared) => Ok(self.prepared.0.entry(name).or_insert(prepared).clone()),
            Err(error) => Err(self.failed(name, &error)),
        }
    }

    fn failed(&mut self, name: &str, error: &PgError) -> Error {
        self.has_lost |= is_race(error);
        worded(name, error)
    }
}

fn text_of(statement: &Statement) -> String {
    statement.text.replace("{for_update}", "FOR UPDATE").replace("{skip_locked}", "FOR UPDATE SKIP LOCKED")
}

fn text_of_bulk(bulk: &Bulk) -> String {
    let arrays = bulk.columns.iter().enumerate().map(|(index, (_, of))| format!("${}::{}", index + 1, array_name(*of)));
    let arrays = arrays.collect::<Vec<_>>().join(", ");
    let Bulk { table, on_conflict, .. } = bulk;
    format!("INSERT INTO {table} ({}) SELECT * FROM unnest({arrays}) {on_conflict}", bulk.column_names())
}

fn array_name(of: Type) -> &'static str {
    match of {
        Type::Text => "text[]",
        Type::Int => "bigint[]",
        Type::Bool => "boolean[]",
        Type::Bytes => "bytea[]",
        Type::Real => "double precision[]",
    }
}

fn array(of: Type) -> PgType {
    match of {
        Type::Text => PgType::TEXT_ARRAY,
        Type::Int => PgType::INT8_ARRAY,
        Type::Bool => PgType::BOOL_ARRAY,
        Type::Bytes => PgType::BYTEA_ARRAY,
        Type::Real => PgType::FLOAT8_ARRAY,
    }
}

fn types_of(values: &[Value<'_>]) -> Vec<PgType> {
    let of = |value: &Value<'_>| match value {
        Value::Text(_) => PgType::TEXT,
        Value::Int(_) => PgType::INT8,
        Value::Bool(_) => PgType::BOOL,
        Value::Bytes(_) => PgType::BYTEA,
        Value::Real(_) => PgType::FLOAT8,
    };
    values.iter().map(of).collect()
}

fn borrowed<'v>(values: &'v [Value<'v>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        of: &PgType,
        out: &mut bytes::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Text(text) => text.to_sql(of, out),
            Self::Int(int) => int.to_sql(of, out),
            Self::Bool(flag) => flag.to_sql(of, out),
            Self::Bytes(bytes) => bytes.to_sql(of, out),
            Self::Real(real) => real.to_sql(of, out),
        }
    }

    fn accepts(of: &PgType) -> bool {
        [PgType::TEXT, PgType::INT8, PgType::BOOL, PgType::BYTEA, PgType::FLOAT8].contains(of)
    }

    ::postgres::types::to_sql_checked!();
}

fn row(row: &::postgres::Row) -> Result<Row, Error> {
    let cells = row.columns().iter().enumerate().map(|(at, column)| {
        let cell = match *column.type_() {
            PgType::TEXT | PgType::VARCHAR => row.try_get::<_, Option<String>>(at).map(|cell| cell.map(Cell::Text)),
            PgType::INT8 => row.try_get::<_, Option<i64>>(at).map(|cell| cell.map(Cell::Int)),
            PgType::INT4 => row.try_get::<_, Option<i32>>(at).map(|cell| cell.map(|int| Cell::Int(int.into()))),
            PgType::BOOL => row.try_get::<_, Option<bool>>(at).map(|cell| cell.map(Cell::Bool)),
            PgType::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at).map(|cell| cell.map(Cell::Bytes)),
            PgType::FLOAT8 => row.try_get::<_, Option<f64>>(at).map(|cell| cell.map(Cell::Real)),
            ref other => return Err(Error::bug(format!("a column of type {other}"))),
        };
        cell.map(|cell| cell.unwrap_or(Cell::Null)).map_err(|error| Error::Bug(error.into()))
    });
    cells.collect::<Result<_, _>>().map(Row)
}

/// Whether running the same verb again may succeed (PostgreSQL, appendix A: class 40).
fn is_race(error: &PgError) -> bool {
    error
        .code()
        .is_some_and(|code| *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED)
}

/// An error of PostgreSQL in the store's words.
pub(super) fn worded(name: &str, error: &PgError) -> Error {
    let Some(told) = error.as_db_error() else {
        return Error::Unavailable(format!("{name}: {}", with_source(error)).into());
    };
    if *told.code() == SqlState::UNIQUE_VIOLATION {
        let known = CONSTRAINTS.iter().find(|(ours, _)| told.constraint() == Some(ours));
        return known.map_or_else(|| Error::bug(format!("{name}: {told}")), |(ours, _)| Error::Conflict(ours));
    }
    // Classes 08 connection, 53 resources, 57 operator's intervention, 58 system, 25006 read-only (a standby).
    let is_passing =
        ["08", "53", "57", "58", "25006", "3D", "28"].iter().any(|class| told.code().code().starts_with(class));
    let text = format!("{name}: {told}");
    if is_passing { Error::Unavailable(text.into()) } else { Error::bug(text) }
}

fn with_source(error: &PgError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// TLS as the URL's `sslmode` asks, trusting the machine's roots, or Mozilla's where the machine has none.
pub(super) fn tls() -> tokio_postgres_rustls::MakeRustlsConnect {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider speaks TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    tokio_postgres_rustls::MakeRustlsConnect::new(config)
}
