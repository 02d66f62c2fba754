//! Looking webhooks up: by id or number, by target, in lists. Deleted ones are not found.

use super::row::{columns, webhook};
use crate::engine::{Statement, Tx, Value};
use crate::error::Error;
use domain::id::{ProjectId, WebhookId, WebhookNumber};
use domain::webhook::Webhook;

pub(super) const FIND: Statement = Statement::new(
    "webhooks.find",
    concat!(
        "SELECT ",
        columns!(),
        " FROM webhooks WHERE project_id = $1 AND dialect = $2 AND (id = $3 OR number = $4) AND deleted_at IS NULL"
    ),
);
pub(super) const FIND_FOR_UPDATE: Statement = Statement::new(
    "webhooks.find_for_update",
    concat!(
        "SELECT ",
        columns!(),
        " FROM webhooks WHERE project_id = $1 AND dialect = $2 AND (id = $3 OR number = $4) AND deleted_at IS NULL
          {for_update}"
    ),
);
pub(super) const LIST: Statement = Statement::new(
    "webhooks.list",
    concat!(
        "SELECT ",
        columns!(),
        " FROM webhooks WHERE project_id = $1 AND dialect = $2 AND deleted_at IS NULL ORDER BY number LIMIT $3 OFFSET $4"
    ),
);
pub(super) const COUNT: Statement = Statement::new(
    "webhooks.count",
    "SELECT COUNT(*) FROM webhooks WHERE project_id = $1 AND dialect = $2 AND deleted_at IS NULL",
);
pub(super) const FIND_BY_TARGET: Statement = Statement::new(
    "webhooks.find_by_target",
    concat!(
        "SELECT ",
        columns!(),
        " FROM webhooks WHERE project_id = $1 AND dialect = $2 AND target_url = $3 AND deleted_at IS NULL
          ORDER BY number"
    ),
);
pub(super) const FIND_OF_ANY_WIRE: Statement = Statement::new(
    "webhooks.find_of_any_wire",
    concat!(
        "SELECT ",
        columns!(),
        " FROM webhooks WHERE project_id = $1 AND (id = $2 OR number = $3) AND deleted_at IS NULL"
    ),
);
pub(super) const LIST_OF_ALL_WIRES: Statement = Statement::new(
    "webhooks.list_of_all_wires",
    concat!("SELECT ", columns!(), " FROM webhooks WHERE project_id = $1 AND deleted_at IS NULL ORDER BY number"),
);
/// How a wire names a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookRef {
    /// By its 128 bits.
    Id(WebhookId),
    /// By its number.
    Number(WebhookNumber),
}

/// A project's webhook of that wire, unless deleted.
pub fn find(tx: &mut Tx<'_>, project: ProjectId, dialect: &str, it: &WebhookRef) -> Result<Option<Webhook>, Error> {
    let (id, number) = halves(it);
    tx.row(&FIND, &[project.get().into(), dialect.into(), id, number])?.map(webhook).transpose()
}

/// The same, kept from other writers until this transaction ends.
pub fn find_for_update(
    tx: &mut Tx<'_>,
    project: ProjectId,
    dialect: &str,
    it: &WebhookRef,
) -> Result<Option<Webhook>, Error> {
    let (id, number) = halves(it);
    tx.row(&FIND_FOR_UPDATE, &[project.get().into(), dialect.into(), id, number])?.map(webhook).transpose()
}

/// A project's webhook, through whichever wire it was made.
pub fn find_of_any_wire(tx: &mut Tx<'_>, project: ProjectId, it: &WebhookRef) -> Result<Option<Webhook>, Error> {
    let (id, number) = halves(it);
    tx.row(&FIND_OF_ANY_WIRE, &[project.get().into(), id, number])?.map(webhook).transpose()
}

/// All webhooks of a project, through whichever wire they were made, by number.
pub fn list_of_all_wires(tx: &mut Tx<'_>, project: ProjectId) -> Result<Vec<Webhook>, Error> {
    tx.rows(&LIST_OF_ALL_WIRES, &[project.get().into()])?.into_iter().map(webhook).collect()
}

/// A project's webhooks of that wire, by number.
pub fn list(tx: &mut Tx<'_>, project: ProjectId, dialect: &str, skip: i64, limit: i64) -> Result<Vec<Webhook>, Error> {
    let rows = tx.rows(&LIST, &[project.get().into(), dialect.into(), limit.into(), skip.into()])?;
    rows.into_iter().map(webhook).collect()
}

/// How many a project has of that wire.
pub fn count(tx: &mut Tx<'_>, project: ProjectId, dialect: &str) -> Result<i64, Error> {
    let counted = tx.row(&COUNT, &[project.get().into(), dialect.into()])?;
    counted.ok_or_else(|| Error::bug("a count had no row"))?.int(0)
}

/// Those with that target, by number; only those that ask for `event`, if one is given.
pub fn find_by_target(
    tx: &mut Tx<'_>,
    project: ProjectId,
    dialect: &str,
    target_url: &str,
    event: Option<&str>,
) -> Result<Vec<Webhook>, Error> {
    let rows = tx.rows(&FIND_BY_TARGET, &[project.get().into(), dialect.into(), target_url.into()])?;
    let mut webhooks: Vec<Webhook> = rows.into_iter().map(webhook).collect::<Result<_, _>>()?;
    webhooks.retain(|webhook| event.is_none_or(|event| webhook.wish.events.iter().any(|word| word == event)));
    Ok(webhooks)
}

/// The two names it may be looked up by, of which one is null.
fn halves(it: &WebhookRef) -> (Value<'_>, Value<'_>) {
    match it {
        WebhookRef::Id(id) => (id.as_bytes().as_slice().into(), Value::Int(None)),
        WebhookRef::Number(number) => (Value::Bytes(None), number.get().into()),
    }
}
