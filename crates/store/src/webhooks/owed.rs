//! What delivery asks about webhooks: who is there, and what held when.

use super::row::{columns, webhook};
use crate::engine::{Statement, Tx};
use crate::error::Error;
use domain::id::WebhookNumber;
use domain::webhook::Webhook;

pub(super) const LIVE: Statement = Statement::new(
    "webhooks.live",
    concat!("SELECT ", columns!(), " FROM webhooks WHERE deleted_at IS NULL ORDER BY number"),
);
/// A revision is left out if the next one begins no later than the sequence, or where this one begins.
pub(super) const REVISIONS: Statement = Statement::new(
    "webhooks.revisions",
    "SELECT held.webhook_number, whose.id, whose.project_id, whose.dialect, held.revision, held.since_sequence,
            held.target_url, held.events, held.is_active, held.version, held.is_exclusive, whose.secret, whose.created_at,
            held.updated_at, held.policy
       FROM webhook_revisions AS held JOIN webhooks AS whose ON whose.number = held.webhook_number
      WHERE held.webhook_number = $1
        AND NOT EXISTS (
            SELECT 1 FROM webhook_revisions AS later
             WHERE later.webhook_number = held.webhook_number AND later.revision = held.revision + 1
               AND (later.since_sequence <= $2 OR later.since_sequence = held.since_sequence))
      ORDER BY held.revision",
);

/// Every webhook of every project that is not deleted, by number.
pub fn live(tx: &mut Tx<'_>) -> Result<Vec<Webhook>, Error> {
    tx.rows(&LIVE, &[])?.into_iter().map(webhook).collect()
}

/// Every revision that holds for some event after a sequence, oldest first; the last is the current one.
///
/// Each carries the webhook's current secret: what is sent is signed with that, however old its body.
pub fn revisions(tx: &mut Tx<'_>, number: WebhookNumber, above_sequence: i64) -> Result<Vec<Webhook>, Error> {
    let rows = tx.rows(&REVISIONS, &[number.get().into(), above_sequence.into()])?;
    rows.into_iter().map(webhook).collect()
}
