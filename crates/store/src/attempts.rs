//! The log of attempts: appended in batches, searched by webhook and by delivery. Evidence, not state: nothing is decided by it.

use crate::engine::{Bulk, Row, Statement, Tx, Type, Value};
use crate::error::Error;
use domain::Timestamp;
use domain::attempt::Attempt;
use domain::id::{ProjectId, WebhookNumber};
use std::time::Duration;

macro_rules! columns {
    () => {
        "project_id, webhook_number, sequence, number, at, duration_us, status, class, remote_address, response"
    };
}

const LIST: Statement = Statement::new(
    "attempts.list",
    concat!(
        "SELECT ",
        columns!(),
        " FROM attempts WHERE webhook_number = $1 AND project_id = $2
          ORDER BY at DESC, sequence DESC, number DESC LIMIT $3 OFFSET $4"
    ),
);
const OF_DELIVERY: Statement = Statement::new(
    "attempts.of_delivery",
    concat!("SELECT ", columns!(), " FROM attempts WHERE webhook_number = $1 AND sequence = $2 ORDER BY number, at"),
);
const BEFORE: Statement = Statement::new(
    "attempts.before",
    concat!(
        "SELECT ",
        columns!(),
        " FROM attempts
          WHERE webhook_number = $1 AND (at, sequence, number) < ($2, $3, $4) AND ($5 = '' OR COALESCE(class, 'success') = $5)
          ORDER BY at DESC, sequence DESC, number DESC LIMIT $6"
    ),
);
const APPEND: Bulk = Bulk {
    name: "attempts.append",
    table: "attempts",
    columns: &[
        ("project_id", Type::Int),
        ("webhook_number", Type::Int),
        ("sequence", Type::Int),
        ("number", Type::Int),
        ("at", Type::Int),
        ("duration_us", Type::Int),
        ("status", Type::Int),
        ("class", Type::Text),
        ("remote_address", Type::Text),
        ("response", Type::Bytes),
    ],
    on_conflict: "",
};

pub(crate) const STATEMENTS: &[&Statement] = &[&LIST, &BEFORE, &OF_DELIVERY];
pub(crate) const BULKS: &[&Bulk] = &[&APPEND];

/// Appends attempts. A number that is there already is kept beside it: both requests were made.
pub fn append_many(tx: &mut Tx<'_>, attempts: &[Attempt]) -> Result<(), Error> {
    let rows: Vec<Vec<Value<'_>>> = attempts.iter().map(values).collect();
    tx.insert_many(&APPEND, &rows)
}

/// The attempts of a project's webhook, newest first.
pub fn list(
    tx: &mut Tx<'_>,
    project: ProjectId,
    webhook: WebhookNumber,
    skip: i64,
    limit: i64,
) -> Result<Vec<Attempt>, Error> {
    let rows = tx.rows(&LIST, &[webhook.get().into(), project.get().into(), limit.into(), skip.into()])?;
    rows.into_iter().map(attempt).collect()
}

/// Where an attempt stands among a webhook's: its instant, its sequence, its number.
pub type Place = (Timestamp, i64, i64);

/// The attempts of a webhook before a place, newest first; only those of a class if one is given, `success` being one.
///
/// However many there are, a page reads no more of them than it answers, unless a class is rare.
pub fn before(
    tx: &mut Tx<'_>,
    webhook: WebhookNumber,
    (at, sequence, number): Place,
    class: Option<&str>,
    limit: i64,
) -> Result<Vec<Attempt>, Error> {
    let class = class.unwrap_or_default();
    let values = [webhook.get().into(), at.into(), sequence.into(), number.into(), class.into(), limit.into()];
    tx.rows(&BEFORE, &values)?.into_iter().map(attempt).collect()
}

/// The attempts of one delivery, in their order.
pub fn of_delivery(tx: &mut Tx<'_>, webhook: WebhookNumber, sequence: i64) -> Result<Vec<Attempt>, Error> {
    tx.rows(&OF_DELIVERY, &[webhook.get().into(), sequence.into()])?.into_iter().map(attempt).collect()
}

fn values(attempt: &Attempt) -> Vec<Value<'_>> {
    vec![
        attempt.project.get().into(),
        attempt.webhook.get().into(),
        attempt.sequence.into(),
        attempt.number.into(),
        attempt.at.into(),
        i64::try_from(attempt.duration.as_micros()).unwrap_or(i64::MAX).into(),
        attempt.status.map(i64::from).into(),
        attempt.class.as_deref().into(),
        attempt.remote_address.as_deref().into(),
        attempt.response.as_slice().into(),
    ]
}

fn attempt(mut row: Row) -> Result<Attempt, Error> {
    let status = row.int_or_none(6)?.map(u16::try_from).transpose();
    Ok(Attempt {
        project: ProjectId::new(row.int(0)?),
        webhook: WebhookNumber::new(row.int(1)?),
        sequence: row.int(2)?,
        number: row.int(3)?,
        at: row.timestamp(4)?,
        duration: Duration::from_micros(row.int(5)?.unsigned_abs()),
        status: status.map_err(|_| Error::bug("an attempt's status is no HTTP status"))?,
        class: row.text_or_none(7)?,
        remote_address: row.text_or_none(8)?,
        response: row.bytes(9)?,
    })
}
