//! Health: how each webhook has been doing. People pause and resume; the engine notes successes and failures.
//!
//! The engine writes what it knows in its batches, people write between them. So that neither undoes the other, the revision counts what
//! people do, and the engine's notes are written only where the revision is the one it knows.

use crate::engine::{Row, Statement, Tx};
use crate::error::Error;
use crate::tail::News;
use domain::Timestamp;
use domain::health::{Health, State};
use domain::id::WebhookNumber;

const FIND: Statement = Statement::new(
    "health.find",
    "SELECT webhook_number, revision, state, reason, state_since, last_success_at, failing_since, failures, warned_percent
       FROM webhook_health WHERE webhook_number = $1 {for_update}",
);
const LOOK: Statement = Statement::new(
    "health.look",
    "SELECT webhook_number, revision, state, reason, state_since, last_success_at, failing_since, failures, warned_percent
       FROM webhook_health WHERE webhook_number = $1",
);
const ALL: Statement = Statement::new(
    "health.all",
    "SELECT webhook_number, revision, state, reason, state_since, last_success_at, failing_since, failures, warned_percent
       FROM webhook_health ORDER BY webhook_number",
);
const DECIDE: Statement = Statement::new(
    "health.decide",
    "INSERT INTO webhook_health (webhook_number, revision, state, reason, state_since, last_success_at, failing_since,
                                 failures, warned_percent)
     VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (webhook_number) DO UPDATE
        SET revision = webhook_health.revision + 1, state = excluded.state, reason = excluded.reason,
            state_since = excluded.state_since, last_success_at = excluded.last_success_at,
            failing_since = excluded.failing_since, failures = excluded.failures,
            warned_percent = excluded.warned_percent",
);
const NOTE: Statement = Statement::new(
    "health.note",
    "INSERT INTO webhook_health (webhook_number, revision, state, reason, state_since, last_success_at, failing_since,
                                 failures, warned_percent)
     VALUES ($1, $9, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (webhook_number) DO UPDATE
        SET state = excluded.state, reason = excluded.reason, state_since = excluded.state_since,
            last_success_at = excluded.last_success_at, failing_since = excluded.failing_since,
            failures = excluded.failures, warned_percent = excluded.warned_percent
      WHERE webhook_health.revision = excluded.revision",
);

pub(crate) const STATEMENTS: &[&Statement] = &[&FIND, &LOOK, &ALL, &DECIDE, &NOTE];

/// A webhook's health with the revision that counts what people did to it, kept from other writers until this transaction ends; new ones
/// are well, at revision 0.
pub fn find(tx: &mut Tx<'_>, number: WebhookNumber) -> Result<(i64, Health), Error> {
    let found = tx.row(&FIND, &[number.get().into()])?.map(health).transpose()?;
    Ok(found.map_or_else(Default::default, |(_, revision, health)| (revision, health)))
}

/// A webhook's health, for whoever only looks.
pub fn look(tx: &mut Tx<'_>, number: WebhookNumber) -> Result<Health, Error> {
    let found = tx.row(&LOOK, &[number.get().into()])?.map(health).transpose()?;
    Ok(found.map_or_else(Health::default, |(_, _, health)| health))
}

/// The health of every webhook that anything was noted of.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<(WebhookNumber, i64, Health)>, Error> {
    tx.rows(&ALL, &[])?.into_iter().map(health).collect()
}

/// Writes what somebody decided, and announces it.
pub fn decide(tx: &mut Tx<'_>, number: WebhookNumber, health: &Health) -> Result<(), Error> {
    tx.execute(&DECIDE, &values(number, health))?;
    tx.announce(News::Webhooks);
    Ok(())
}

/// Writes what the engine noted, unless somebody has decided otherwise since `revision`.
pub fn note(tx: &mut Tx<'_>, number: WebhookNumber, revision: i64, health: &Health) -> Result<(), Error> {
    let values = values(number, health);
    let mut values = values.to_vec();
    values.push(revision.into());
    tx.execute(&NOTE, &values).map(|_| ())
}

fn values(number: WebhookNumber, health: &Health) -> [crate::engine::Value<'_>; 8] {
    [
        number.get().into(),
        health.state.name().into(),
        health.state.reason().into(),
        health.state_since.into(),
        health.last_success_at.into(),
        health.failing_since.into(),
        health.failures.into(),
        health.warned_percent.into(),
    ]
}

fn health(mut row: Row) -> Result<(WebhookNumber, i64, Health), Error> {
    let (name, reason) = (row.text(2)?, row.text_or_none(3)?);
    let state = State::from_names(&name, reason.as_deref());
    let health = Health {
        state: state.ok_or_else(|| Error::bug(format!("a webhook's state is {name:?}, {reason:?}")))?,
        state_since: row.timestamp(4)?,
        last_success_at: row.timestamp_or_none(5)?.map(|at: Timestamp| at),
        failing_since: row.timestamp_or_none(6)?,
        failures: row.int(7)?,
        warned_percent: row.int(8)?,
    };
    Ok((WebhookNumber::new(row.int(0)?), row.int(1)?, health))
}
