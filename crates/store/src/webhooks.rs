//! Webhooks. Every write keeps the revision it makes, and announces that the webhooks have changed.
//!
//! A revision holds for the events after the log's last one. The log is held while that is read, so that no event in between is rendered
//! by one revision now and by another later.

mod find;
mod owed;
mod row;

pub use find::{WebhookRef, count, find, find_by_target, find_for_update, find_of_any_wire, list, list_of_all_wires};
pub use owed::{live, revisions};

use crate::engine::{Statement, Tx};
use crate::error::Error;
use crate::events;
use crate::snapshot;
use crate::tail::News;
use domain::Timestamp;
use domain::id::{ProjectId, WebhookId, WebhookNumber};
use domain::secret::Secret;
use domain::webhook::{Webhook, Wish};
use row::{columns, slot};

const NUMBER: Statement =
    Statement::new("webhooks.number", "UPDATE counters SET last = last + 1 WHERE name = 'webhooks' RETURNING last");
const INSERT: Statement = Statement::new(
    "webhooks.insert",
    concat!(
        "INSERT INTO webhooks (",
        columns!(),
        ", slot) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    ),
);
const KEEP_REVISION: Statement = Statement::new(
    "webhooks.keep_revision",
    "INSERT INTO webhook_revisions (webhook_number, revision, since_sequence, target_url, events, is_active, version,
            is_exclusive, updated_at, policy)
     SELECT number, revision, since_sequence, target_url, events, is_active, version, is_exclusive, updated_at, policy
       FROM webhooks WHERE number = $1",
);
const BEGIN_CURSOR: Statement =
    Statement::new("webhooks.begin_cursor", "INSERT INTO cursors (webhook_number, low, settled) VALUES ($1, $2, $3)");
const SAVE: Statement = Statement::new(
    "webhooks.save",
    "UPDATE webhooks SET revision = $2, since_sequence = $3, target_url = $4, events = $5, is_active = $6, version = $7,
            is_exclusive = $8, secret = $9, updated_at = $10, slot = $11, policy = $12
      WHERE number = $1 AND deleted_at IS NULL",
);
const DELETE: Statement = Statement::new(
    "webhooks.delete",
    "UPDATE webhooks SET deleted_at = $2, slot = NULL WHERE number = $1 AND deleted_at IS NULL",
);
const DROP_CURSOR: Statement = Statement::new("webhooks.drop_cursor", "DELETE FROM cursors WHERE webhook_number = $1");
const DROP_RETRIES: Statement =
    Statement::new("webhooks.drop_retries", "DELETE FROM retries WHERE webhook_number = $1");

pub(crate) const STATEMENTS: &[&Statement] = &[
    &NUMBER,
    &INSERT,
    &KEEP_REVISION,
    &BEGIN_CURSOR,
    &find::FIND,
    &find::FIND_FOR_UPDATE,
    &find::LIST,
    &find::COUNT,
    &find::FIND_BY_TARGET,
    &find::FIND_OF_ANY_WIRE,
    &find::LIST_OF_ALL_WIRES,
    &SAVE,
    &DELETE,
    &DROP_CURSOR,
    &DROP_RETRIES,
    &owed::LIVE,
    &owed::REVISIONS,
];

/// All of a webhook but its number and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWebhook {
    /// Its identity on the uc wire.
    pub id: WebhookId,
    /// Whose events.
    pub project: ProjectId,
    /// The wire it is made through.
    pub dialect: String,
    /// What it asks for.
    pub wish: Wish,
    /// Signs its deliveries.
    pub secret: Option<Secret>,
    /// When it is made.
    pub created_at: Timestamp,
}

/// Numbers and keeps a webhook, with its first revision and a cursor at the end of the project's log.
///
/// `Conflict("webhook_slot")` if its exclusive place is taken, `Conflict("webhook_id")` if its id is.
pub fn insert(tx: &mut Tx<'_>, new: &NewWebhook) -> Result<Webhook, Error> {
    let mut numbered = tx.row(&NUMBER, &[])?.ok_or_else(|| Error::bug("there is no counter for webhooks"))?;
    let webhook = Webhook {
        number: WebhookNumber::new(numbered.int(0)?),
        id: new.id,
        project: new.project,
        dialect: new.dialect.clone(),
        revision: 1,
        since_sequence: events::hold_sequence(tx, new.project)?,
        wish: new.wish.clone(),
        secret: new.secret.clone(),
        created_at: new.created_at,
        updated_at: new.created_at,
    };
    insert_row(tx, &webhook)?;
    tx.execute(&KEEP_REVISION, &[webhook.number.get().into()])?;
    let nothing: &[u8] = &[];
    tx.execute(&BEGIN_CURSOR, &[webhook.number.get().into(), webhook.since_sequence.into(), nothing.into()])?;
    tx.announce(News::Webhooks);
    Ok(webhook)
}

/// Writes a webhook that [`Webhook::amend`] has changed, and keeps the new revision beside the old ones.
///
/// The revision holds for the events after the log's last one as it is now, whatever `since_sequence` says: an event may have been
/// appended since it was read. `Conflict("webhook_slot")` if the wish's exclusive place is taken.
pub fn save(tx: &mut Tx<'_>, webhook: &Webhook) -> Result<(), Error> {
    let since = events::hold_sequence(tx, webhook.project)?;
    let (words, slot) = (snapshot::write_words(&webhook.wish.events), slot(&webhook.dialect, &webhook.wish));
    let policy = snapshot::write_policy(&webhook.wish.policy);
    let values = [
        webhook.number.get().into(),
        webhook.revision.into(),
        since.into(),
        webhook.wish.target_url.as_str().into(),
        words.as_str().into(),
        webhook.wish.is_active.into(),
        webhook.wish.version.as_str().into(),
        webhook.wish.is_exclusive.into(),
        webhook.secret.as_ref().map(Secret::expose).into(),
        webhook.updated_at.into(),
        slot.as_deref().into(),
        policy.as_str().into(),
    ];
    if tx.execute(&SAVE, &values)? != 1 {
        return Err(Error::bug(format!("the webhook {} was saved after its deletion", webhook.number)));
    }
    tx.execute(&KEEP_REVISION, &[webhook.number.get().into()])?;
    tx.announce(News::Webhooks);
    Ok(())
}

/// Deletes a webhook: nothing is owed to it any more, and its exclusive place is free. Its revisions and attempts stay.
pub fn delete(tx: &mut Tx<'_>, webhook: &Webhook, now: Timestamp) -> Result<(), Error> {
    tx.execute(&DELETE, &[webhook.number.get().into(), now.into()])?;
    tx.execute(&DROP_CURSOR, &[webhook.number.get().into()])?;
    tx.execute(&DROP_RETRIES, &[webhook.number.get().into()])?;
    tx.announce(News::Webhooks);
    Ok(())
}

fn insert_row(tx: &mut Tx<'_>, webhook: &Webhook) -> Result<(), Error> {
    let (words, slot) = (snapshot::write_words(&webhook.wish.events), slot(&webhook.dialect, &webhook.wish));
    let policy = snapshot::write_policy(&webhook.wish.policy);
    let values = [
        webhook.number.get().into(),
        webhook.id.as_bytes().as_slice().into(),
        webhook.project.get().into(),
        webhook.dialect.as_str().into(),
        webhook.revision.into(),
        webhook.since_sequence.into(),
        webhook.wish.target_url.as_str().into(),
        words.as_str().into(),
        webhook.wish.is_active.into(),
        webhook.wish.version.as_str().into(),
        webhook.wish.is_exclusive.into(),
        webhook.secret.as_ref().map(Secret::expose).into(),
        webhook.created_at.into(),
        webhook.updated_at.into(),
        policy.as_str().into(),
        slot.as_deref().into(),
    ];
    tx.execute(&INSERT, &values).map(|_| ())
}
