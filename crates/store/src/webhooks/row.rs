//! A webhook's row, as every statement reads it.

use crate::engine::Row;
use crate::error::Error;
use crate::snapshot;
use domain::id::{ProjectId, WebhookId, WebhookNumber};
use domain::secret::Secret;
use domain::webhook::{Webhook, Wish};

/// The columns of a whole webhook, in the order of [`webhook`].
macro_rules! columns {
    () => {
        "number, id, project_id, dialect, revision, since_sequence, target_url, events, is_active, version, is_exclusive, \
         secret, created_at, updated_at, policy"
    };
}

pub(super) use columns;

pub(super) fn webhook(mut row: Row) -> Result<Webhook, Error> {
    Ok(Webhook {
        number: WebhookNumber::new(row.int(0)?),
        id: WebhookId::from_bytes(row.id16(1)?),
        project: ProjectId::new(row.int(2)?),
        dialect: row.text(3)?,
        revision: row.int(4)?,
        since_sequence: row.int(5)?,
        wish: Wish {
            target_url: row.text(6)?,
            events: snapshot::read_words(&row.text(7)?)?,
            is_active: row.flag(8)?,
            version: row.text(9)?,
            policy: snapshot::read_policy(&row.text(14)?)?,
            is_exclusive: row.flag(10)?,
        },
        secret: row.text_or_none(11)?.map(Secret::new),
        created_at: row.timestamp(12)?,
        updated_at: row.timestamp(13)?,
    })
}

/// What may exist once in a project: a wish's slot, in its dialect's own name, since two wires share words but not webhooks.
pub(super) fn slot(dialect: &str, wish: &Wish) -> Option<String> {
    wish.slot().map(|slot| format!("{dialect} {slot}"))
}
