//! Files by a list of ids, and those whose time has come.

use super::row::{columns, file};
use crate::engine::{Row, Statement, Tx, Value};
use crate::error::Error;
use domain::Timestamp;
use domain::file::File;
use domain::id::{FileId, ProjectId};
use std::collections::BTreeSet;

/// How many ids one statement takes; a shorter list is filled up with its last id.
const IDS: usize = 16;

macro_rules! ids_from_2 {
    () => {
        "($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
    };
}

/// The plus keeps SQLite from walking all files of the project instead of looking up the ids.
pub(super) const FIND_MANY: Statement = Statement::new(
    "files.find_many",
    concat!("SELECT ", columns!(), " FROM files WHERE +project_id = $1 AND id IN ", ids_from_2!()),
);
pub(super) const FIND_MANY_FOR_UPDATE: Statement = Statement::new(
    "files.find_many_for_update",
    concat!(
        "SELECT ",
        columns!(),
        " FROM files WHERE +project_id = $1 AND id IN ",
        ids_from_2!(),
        " ORDER BY id {for_update}"
    ),
);
pub(super) const KNOWN: Statement = Statement::new(
    "files.known",
    "SELECT id FROM files
      WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
);
pub(super) const EXPIRED: Statement = Statement::new(
    "files.expired",
    "SELECT project_id, id FROM files WHERE expires_at <= $1 AND removed_at IS NULL ORDER BY expires_at, id LIMIT $2",
);

/// Those of the ids that are a project's files, removed or not, by the instant of their upload and then by id.
pub fn find_many(tx: &mut Tx<'_>, project: ProjectId, ids: &[FileId]) -> Result<Vec<File>, Error> {
    find(tx, &FIND_MANY, project, ids)
}

/// The same, kept from other writers until this transaction ends.
pub fn find_many_for_update(tx: &mut Tx<'_>, project: ProjectId, ids: &[FileId]) -> Result<Vec<File>, Error> {
    find(tx, &FIND_MANY_FOR_UPDATE, project, ids)
}

/// Those of the ids that are any project's files, removed or not, by id: whose bytes are not orphans.
pub fn known(tx: &mut Tx<'_>, ids: &[FileId]) -> Result<Vec<FileId>, Error> {
    let mut rows = Vec::new();
    for sixteen in sixteens(ids) {
        rows.extend(tx.rows(&KNOWN, &sixteen.each_ref().map(as_value))?);
    }
    let mut known: Vec<FileId> =
        rows.into_iter().map(|mut row| row.id16(0).map(FileId::from_bytes)).collect::<Result<_, _>>()?;
    known.sort_unstable();
    Ok(known)
}

/// Files that should have been removed by now, the latest overdue last.
pub fn expired(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<(ProjectId, FileId)>, Error> {
    let place = |mut row: Row| Ok((ProjectId::new(row.int(0)?), FileId::from_bytes(row.id16(1)?)));
    tx.rows(&EXPIRED, &[now.into(), limit.into()])?.into_iter().map(place).collect()
}

fn find(
    tx: &mut Tx<'_>,
    statement: &'static Statement,
    project: ProjectId,
    ids: &[FileId],
) -> Result<Vec<File>, Error> {
    let mut rows = Vec::new();
    for sixteen in sixteens(ids) {
        let mut values = vec![Value::from(project.get())];
        values.extend(sixteen.iter().map(as_value));
        rows.extend(tx.rows(statement, &values)?);
    }
    let mut files: Vec<File> = rows.into_iter().map(file).collect::<Result<_, _>>()?;
    files.sort_unstable_by_key(|file| (file.uploaded_at, file.id));
    Ok(files)
}

fn as_value(id: &FileId) -> Value<'_> {
    id.as_bytes().as_slice().into()
}

/// Each id once, in order: so that two lists lock what they share in the same order.
fn sixteens(ids: &[FileId]) -> Vec<[FileId; IDS]> {
    let ids: Vec<FileId> = ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let filled = |chunk: &[FileId]| std::array::from_fn(|at| chunk[at.min(chunk.len() - 1)]);
    ids.chunks(IDS).map(filled).collect()
}
