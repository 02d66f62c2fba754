//! Retries: deliveries that failed and are due again. A row is its own lease: claiming it moves its due time on.

use crate::engine::{Bulk, Row, Statement, Tx, Type, Value};
use crate::error::Error;
use domain::Timestamp;
use domain::delivery::Retry;
use domain::id::WebhookNumber;
use std::collections::BTreeMap;
use std::time::Duration;

const DELETE: Statement =
    Statement::new("retries.delete", "DELETE FROM retries WHERE webhook_number = $1 AND sequence = $2");
/// Rows that an attempt under way wrote after its webhook was deleted are owed to nobody.
const NEXT_DUE: Statement = Statement::new(
    "retries.next_due",
    "SELECT retries.webhook_number, MIN(retries.due_at)
       FROM retries JOIN webhooks ON webhooks.number = retries.webhook_number
      WHERE webhooks.deleted_at IS NULL GROUP BY retries.webhook_number ORDER BY retries.webhook_number",
);
const NEXT_DUE_OF: Statement =
    Statement::new("retries.next_due_of", "SELECT MIN(due_at) FROM retries WHERE webhook_number = $1");
const OF_WEBHOOK: Statement = Statement::new(
    "retries.of_webhook",
    "SELECT events.sequence, events.resource
       FROM retries JOIN webhooks ON webhooks.number = retries.webhook_number
       JOIN events ON events.project_id = webhooks.project_id AND events.sequence = retries.sequence
      WHERE retries.webhook_number = $1 ORDER BY events.sequence",
);
const LIST: Statement = Statement::new(
    "retries.list",
    "SELECT webhook_number, sequence, attempts, first_at, due_at, previous_sequence FROM retries
      WHERE webhook_number = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
);
const FIND: Statement = Statement::new(
    "retries.find",
    "SELECT webhook_number, sequence, attempts, first_at, due_at, previous_sequence FROM retries
      WHERE webhook_number = $1 AND sequence = $2",
);
const COUNT: Statement = Statement::new("retries.count", "SELECT COUNT(*) FROM retries WHERE webhook_number = $1");
const POSTPONE: Statement =
    Statement::new("retries.postpone", "UPDATE retries SET first_at = first_at + $2 WHERE webhook_number = $1");
const DUE: Statement = Statement::new(
    "retries.due",
    "SELECT webhook_number, sequence, attempts, first_at, due_at, previous_sequence FROM retries
      WHERE webhook_number = $1 AND due_at <= $2 ORDER BY due_at, sequence LIMIT $3 {skip_locked}",
);
const SAVE: Bulk = Bulk {
    name: "retries.save",
    table: "retries",
    columns: &[
        ("webhook_number", Type::Int),
        ("sequence", Type::Int),
        ("attempts", Type::Int),
        ("first_at", Type::Int),
        ("due_at", Type::Int),
        ("previous_sequence", Type::Int),
    ],
    on_conflict: "ON CONFLICT (webhook_number, sequence) DO UPDATE
                  SET attempts = excluded.attempts, first_at = excluded.first_at, due_at = excluded.due_at,
                      previous_sequence = excluded.previous_sequence",
};

pub(crate) const STATEMENTS: &[&Statement] =
    &[&DELETE, &NEXT_DUE, &NEXT_DUE_OF, &OF_WEBHOOK, &LIST, &FIND, &COUNT, &POSTPONE, &DUE];
pub(crate) const BULKS: &[&Bulk] = &[&SAVE];

/// Writes retries, in place of what was there for the same deliveries; of several for one delivery the last counts.
pub fn save_many(tx: &mut Tx<'_>, retries: &[Retry]) -> Result<(), Error> {
    let latest: BTreeMap<_, _> = retries.iter().map(|retry| ((retry.webhook, retry.sequence), retry)).collect();
    let rows: Vec<Vec<Value<'_>>> = latest.into_values().map(|retry| values(retry, retry.due_at)).collect();
    tx.insert_many(&SAVE, &rows)
}

/// Deletes the retries of deliveries that need none any more; those that are not there are passed over.
pub fn delete_many(tx: &mut Tx<'_>, deliveries: &[(WebhookNumber, i64)]) -> Result<(), Error> {
    for (number, sequence) in deliveries {
        tx.execute(&DELETE, &[number.get().into(), (*sequence).into()])?;
    }
    Ok(())
}

/// When the next retry of each webhook is due, by number; webhooks without retries are left out.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Vec<(WebhookNumber, Timestamp)>, Error> {
    let due = |mut row: Row| Ok((WebhookNumber::new(row.int(0)?), row.timestamp(1)?));
    tx.rows(&NEXT_DUE, &[])?.into_iter().map(due).collect()
}

/// When a webhook's next retry is due.
pub fn next_due_of(tx: &mut Tx<'_>, webhook: WebhookNumber) -> Result<Option<Timestamp>, Error> {
    match tx.row(&NEXT_DUE_OF, &[webhook.get().into()])? {
        Some(mut row) => row.timestamp_or_none(0),
        None => Ok(None),
    }
}

/// The sequences of a webhook's retries, with the resources they are about.
pub fn of_webhook(tx: &mut Tx<'_>, webhook: WebhookNumber) -> Result<Vec<(i64, [u8; 16])>, Error> {
    let rows = tx.rows(&OF_WEBHOOK, &[webhook.get().into()])?;
    rows.into_iter().map(|mut row| Ok((row.int(0)?, row.id16(1)?))).collect()
}

/// A webhook's retries after a sequence, by sequence.
pub fn list(tx: &mut Tx<'_>, webhook: WebhookNumber, after: i64, limit: i64) -> Result<Vec<Retry>, Error> {
    let rows = tx.rows(&LIST, &[webhook.get().into(), after.into(), limit.into()])?;
    rows.into_iter().map(retry).collect()
}

/// The retry of one delivery.
pub fn find(tx: &mut Tx<'_>, webhook: WebhookNumber, sequence: i64) -> Result<Option<Retry>, Error> {
    tx.row(&FIND, &[webhook.get().into(), sequence.into()])?.map(retry).transpose()
}

/// How many deliveries of a webhook will be tried again.
pub fn count(tx: &mut Tx<'_>, webhook: WebhookNumber) -> Result<i64, Error> {
    let counted = tx.row(&COUNT, &[webhook.get().into()])?;
    counted.ok_or_else(|| Error::bug("a count had no row"))?.int(0)
}

/// Gives all of a webhook's retries so much more time: nothing could be sent for so long.
pub fn postpone(tx: &mut Tx<'_>, webhook: WebhookNumber, span: Duration) -> Result<(), Error> {
    tx.execute(&POSTPONE, &[webhook.get().into(), (span.as_micros() as i64).into()]).map(|_| ())
}

/// Takes a webhook's retries that are due at `now`, the longest due first, and makes their rows due at `until`: if the taker dies, they
/// are only late. The answer tells when each *was* due.
pub fn claim(
    tx: &mut Tx<'_>,
    webhook: WebhookNumber,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Retry>, Error> {
    let rows = tx.rows(&DUE, &[webhook.get().into(), now.into(), limit.into()])?;
    let due: Vec<Retry> = rows.into_iter().map(retry).collect::<Result<_, _>>()?;
    let rows: Vec<Vec<Value<'_>>> = due.iter().map(|retry| values(retry, until)).collect();
    tx.insert_many(&SAVE, &rows)?;
    Ok(due)
}

fn values(retry: &Retry, due_at: Timestamp) -> Vec<Value<'_>> {
    vec![
        retry.webhook.get().into(),
        retry.sequence.into(),
        retry.attempts.into(),
        retry.first_at.into(),
        due_at.into(),
        retry.previous_sequence.into(),
    ]
}

fn retry(mut row: Row) -> Result<Retry, Error> {
    Ok(Retry {
        webhook: WebhookNumber::new(row.int(0)?),
        sequence: row.int(1)?,
        previous_sequence: row.int(5)?,
        attempts: row.int(2)?,
        first_at: row.timestamp(3)?,
        due_at: row.timestamp(4)?,
    })
}
