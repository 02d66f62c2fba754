//! Migrations: forward in small steps, the same text for both engines, each run once.

use crate::engine::{Statement, Tx};
use crate::error::Error;

/// Every migration, in order. One that was released is never edited: its checksum is kept with it.
const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_projects", include_str!("../migrations/0001_projects.sql")),
    ("0002_files", include_str!("../migrations/0002_files.sql")),
    ("0003_uploads", include_str!("../migrations/0003_uploads.sql")),
    ("0004_events", include_str!("../migrations/0004_events.sql")),
    ("0005_webhooks", include_str!("../migrations/0005_webhooks.sql")),
    ("0006_deliveries", include_str!("../migrations/0006_deliveries.sql")),
    ("0007_policies", include_str!("../migrations/0007_policies.sql")),
];

const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum BIGINT NOT NULL)";
const DONE: Statement =
    Statement::new("migrate.done", "SELECT version, name, checksum FROM migrations ORDER BY version");
const NOTE: Statement =
    Statement::new("migrate.note", "INSERT INTO migrations (version, name, checksum) VALUES ($1, $2, $3)");

/// Brings the schema up to date. Safe to run from several processes at once.
pub(crate) fn run(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.lock_schema()?;
    tx.batch(TABLE)?;
    let done = check_done(tx)?;
    for (index, (name, text)) in MIGRATIONS.iter().enumerate().skip(done) {
        tx.batch(text)?;
        tx.execute(&NOTE, &[(index as i64 + 1).into(), (*name).into(), checksum(text).into()])?;
        tracing::info!(migration = name, "migrated");
    }
    Ok(())
}

/// Whether the schema is the one this version of the server expects.
pub fn is_current(tx: &mut Tx<'_>) -> Result<bool, Error> {
    check_done(tx).map(|done| done == MIGRATIONS.len())
}

/// How many migrations were run; refuses a schema that this version does not know.
fn check_done(tx: &mut Tx<'_>) -> Result<usize, Error> {
    let done = tx.rows(&DONE, &[])?;
    if done.len() > MIGRATIONS.len() {
        return Err(Error::Unavailable(
            "the database was migrated by a newer boathook: use that version, or restore a backup".into(),
        ));
    }
    let count = done.len();
    for (mut row, (name, text)) in done.into_iter().zip(MIGRATIONS) {
        if row.int(2)? != checksum(text) {
            return Err(Error::Unavailable(
                format!("the migration {name} differs from the one this database was made with").into(),
            ));
        }
    }
    Ok(count)
}

/// FNV-1a over the text without its line ends, so that a checkout's line endings do not matter.
fn checksum(text: &str) -> i64 {
    let bytes = text.bytes().filter(|byte| *byte != b'\r');
    bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)) as i64
}
