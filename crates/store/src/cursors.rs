//! Cursors: one per webhook, made and dropped with it, moved in batches.

use crate::engine::{Bulk, Row, Statement, Tx, Type, Value};
use crate::error::Error;
use domain::cursor::Cursor;
use domain::id::WebhookNumber;
use std::collections::BTreeMap;

const ALL: Statement = Statement::new(
    "cursors.all",
    "SELECT cursors.webhook_number, cursors.low, cursors.settled, cursors.previous_sequence
       FROM cursors JOIN webhooks ON webhooks.number = cursors.webhook_number
      WHERE webhooks.deleted_at IS NULL ORDER BY cursors.webhook_number",
);
const FIND: Statement = Statement::new(
    "cursors.find",
    "SELECT webhook_number, low, settled, previous_sequence FROM cursors WHERE webhook_number = $1",
);
const FIND_FOR_UPDATE: Statement = Statement::new(
    "cursors.find_for_update",
    "SELECT webhook_number, low, settled, previous_sequence FROM cursors WHERE webhook_number = $1 {for_update}",
);
/// A cursor never moves back: what was settled once stays settled.
const SAVE: Bulk = Bulk {
    name: "cursors.save",
    table: "cursors",
    columns: &[
        ("webhook_number", Type::Int),
        ("low", Type::Int),
        ("settled", Type::Bytes),
        ("previous_sequence", Type::Int),
    ],
    on_conflict: "ON CONFLICT (webhook_number) DO UPDATE SET low = excluded.low, settled = excluded.settled,
                      previous_sequence = excluded.previous_sequence
                  WHERE excluded.low >= cursors.low",
};

pub(crate) const STATEMENTS: &[&Statement] = &[&ALL, &FIND, &FIND_FOR_UPDATE];
pub(crate) const BULKS: &[&Bulk] = &[&SAVE];

/// The cursor of every webhook that is not deleted, by number.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<(WebhookNumber, Cursor)>, Error> {
    tx.rows(&ALL, &[])?.into_iter().map(cursor).collect()
}

/// A webhook's cursor.
pub fn find(tx: &mut Tx<'_>, number: WebhookNumber) -> Result<Option<Cursor>, Error> {
    Ok(tx.row(&FIND, &[number.get().into()])?.map(cursor).transpose()?.map(|(_, cursor)| cursor))
}

/// The same, kept from other writers until this transaction ends.
pub fn find_for_update(tx: &mut Tx<'_>, number: WebhookNumber) -> Result<Option<Cursor>, Error> {
    let found = tx.row(&FIND_FOR_UPDATE, &[number.get().into()])?.map(cursor).transpose()?;
    Ok(found.map(|(_, cursor)| cursor))
}

/// Writes where cursors stand now; of several for one webhook the last counts, and none moves back.
pub fn save_many(tx: &mut Tx<'_>, cursors: &[(WebhookNumber, Cursor)]) -> Result<(), Error> {
    let latest: BTreeMap<_, _> = cursors.iter().map(|(number, cursor)| (*number, cursor)).collect();
    let windows: Vec<_> = latest.into_iter().map(|(number, cursor)| (number, cursor, cursor.window())).collect();
    let rows: Vec<Vec<Value<'_>>> = windows
        .iter()
        .map(|(number, cursor, window)| {
            vec![number.get().into(), cursor.low().into(), window.as_slice().into(), cursor.previous().into()]
        })
        .collect();
    tx.insert_many(&SAVE, &rows)
}

fn cursor(mut row: Row) -> Result<(WebhookNumber, Cursor), Error> {
    Ok((WebhookNumber::new(row.int(0)?), Cursor::from_parts(row.int(1)?, &row.bytes(2)?, row.int(3)?)))
}
