//! Dead ranges: deliveries that will not be tried again, so that nothing is dropped in silence.

use crate::engine::{Bulk, Row, Statement, Tx, Type, Value};
use crate::error::Error;
use domain::delivery::{Dead, DeadReason};
use domain::id::WebhookNumber;
use std::collections::BTreeMap;

const LIST: Statement = Statement::new(
    "dead.list",
    "SELECT webhook_number, from_sequence, to_sequence, reason, at FROM dead
      WHERE webhook_number = $1 ORDER BY from_sequence, to_sequence LIMIT $2 OFFSET $3",
);
const AFTER: Statement = Statement::new(
    "dead.after",
    "SELECT webhook_number, from_sequence, to_sequence, reason, at FROM dead
      WHERE webhook_number = $1 AND from_sequence > $2 ORDER BY from_sequence, to_sequence LIMIT $3",
);
const COVERING: Statement = Statement::new(
    "dead.covering",
    "SELECT webhook_number, from_sequence, to_sequence, reason, at FROM dead
      WHERE webhook_number = $1 AND from_sequence <= $2 AND to_sequence >= $2
      ORDER BY at DESC, from_sequence DESC LIMIT 1",
);
const APPEND: Bulk = Bulk {
    name: "dead.append",
    table: "dead",
    columns: &[
        ("webhook_number", Type::Int),
        ("from_sequence", Type::Int),
        ("to_sequence", Type::Int),
        ("reason", Type::Text),
        ("at", Type::Int),
    ],
    on_conflict: "ON CONFLICT (webhook_number, from_sequence, to_sequence) DO UPDATE
                  SET reason = excluded.reason, at = excluded.at",
};

pub(crate) const STATEMENTS: &[&Statement] = &[&LIST, &AFTER, &COVERING];
pub(crate) const BULKS: &[&Bulk] = &[&APPEND];

/// Records ranges; one that was recorded before gets the new reason and instant.
pub fn append_many(tx: &mut Tx<'_>, dead: &[Dead]) -> Result<(), Error> {
    let latest: BTreeMap<_, _> =
        dead.iter().map(|dead| ((dead.webhook, dead.from_sequence, dead.to_sequence), dead)).collect();
    let rows: Vec<Vec<Value<'_>>> = latest.into_values().map(values).collect();
    tx.insert_many(&APPEND, &rows)
}

/// A webhook's dead ranges, by sequence.
pub fn list(tx: &mut Tx<'_>, webhook: WebhookNumber, skip: i64, limit: i64) -> Result<Vec<Dead>, Error> {
    tx.rows(&LIST, &[webhook.get().into(), limit.into(), skip.into()])?.into_iter().map(dead).collect()
}

/// A webhook's dead ranges that begin after a sequence, by sequence.
pub fn after(tx: &mut Tx<'_>, webhook: WebhookNumber, sequence: i64, limit: i64) -> Result<Vec<Dead>, Error> {
    let rows = tx.rows(&AFTER, &[webhook.get().into(), sequence.into(), limit.into()])?;
    rows.into_iter().map(dead).collect()
}

/// The latest dead range in which a sequence lies.
pub fn covering(tx: &mut Tx<'_>, webhook: WebhookNumber, sequence: i64) -> Result<Option<Dead>, Error> {
    tx.row(&COVERING, &[webhook.get().into(), sequence.into()])?.map(dead).transpose()
}

fn values(dead: &Dead) -> Vec<Value<'_>> {
    vec![
        dead.webhook.get().into(),
        dead.from_sequence.into(),
        dead.to_sequence.into(),
        dead.reason.name().into(),
        dead.at.into(),
    ]
}

fn dead(mut row: Row) -> Result<Dead, Error> {
    Ok(Dead {
        webhook: WebhookNumber::new(row.int(0)?),
        from_sequence: row.int(1)?,
        to_sequence: row.int(2)?,
        reason: reason(&row.text(3)?)?,
        at: row.timestamp(4)?,
    })
}

fn reason(name: &str) -> Result<DeadReason, Error> {
    let known = DeadReason::ALL.into_iter().find(|reason| reason.name() == name);
    known.ok_or_else(|| Error::bug(format!("a dead range's reason is {name:?}")))
}
