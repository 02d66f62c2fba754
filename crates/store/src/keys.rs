//! Projects' secret keys. A revoked key stays, so that the log can still name it.

use crate::engine::{Row, Statement, Tx};
use crate::error::Error;
use domain::Timestamp;
use domain::id::ProjectId;
use domain::project::SecretKey;
use domain::secret::Secret;

const NUMBER: Statement =
    Statement::new("keys.number", "UPDATE counters SET last = last + 1 WHERE name = 'keys' RETURNING last");
const INSERT: Statement = Statement::new(
    "keys.insert",
    "INSERT INTO secret_keys (number, project_id, secret, created_at) VALUES ($1, $2, $3, $4)",
);
const LIST: Statement = Statement::new(
    "keys.list",
    "SELECT number, project_id, secret, created_at, revoked_at FROM secret_keys WHERE project_id = $1 ORDER BY number",
);
const REVOKE: Statement = Statement::new(
    "keys.revoke",
    "UPDATE secret_keys SET revoked_at = $3 WHERE project_id = $1 AND number = $2 AND revoked_at IS NULL",
);

pub(crate) const STATEMENTS: &[&Statement] = &[&NUMBER, &INSERT, &LIST, &REVOKE];

/// Numbers and keeps a key. `Conflict("key_secret")` if the project has one of the same text.
pub fn insert(tx: &mut Tx<'_>, project: ProjectId, secret: &Secret, now: Timestamp) -> Result<SecretKey, Error> {
    let mut numbered = tx.row(&NUMBER, &[])?.ok_or_else(|| Error::bug("there is no counter for keys"))?;
    let number = numbered.int(0)?;
    tx.execute(&INSERT, &[number.into(), project.get().into(), secret.expose().into(), now.into()])?;
    Ok(SecretKey { number, project, secret: secret.clone(), created_at: now, revoked_at: None })
}

/// A project's keys by number, revoked ones too.
pub fn list(tx: &mut Tx<'_>, project: ProjectId) -> Result<Vec<SecretKey>, Error> {
    tx.rows(&LIST, &[project.get().into()])?.into_iter().map(key).collect()
}

/// Revokes a key; answers whether the project had such a key, not revoked before.
pub fn revoke(tx: &mut Tx<'_>, project: ProjectId, number: i64, now: Timestamp) -> Result<bool, Error> {
    let revoked = tx.execute(&REVOKE, &[project.get().into(), number.into(), now.into()])?;
    Ok(revoked == 1)
}

fn key(mut row: Row) -> Result<SecretKey, Error> {
    Ok(SecretKey {
        number: row.int(0)?,
        project: ProjectId::new(row.int(1)?),
        secret: Secret::new(row.text(2)?),
        created_at: row.timestamp(3)?,
        revoked_at: row.timestamp_or_none(4)?,
    })
}
