//! Files. What cannot change after a file's arrival is written once; [`save`] writes the rest.

mod list;
mod many;
mod row;

pub use list::{list, totals};
pub use many::{expired, find_many, find_many_for_update, known};

use crate::engine::{Statement, Tx};
use crate::error::Error;
use crate::snapshot;
use domain::file::File;
use domain::id::{FileId, ProjectId};
use row::{columns, file, state_name};

const INSERT: Statement = Statement::new(
    "files.insert",
    concat!(
        "INSERT INTO files (",
        columns!(),
        ", state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    ),
);
const FIND: Statement =
    Statement::new("files.find", concat!("SELECT ", columns!(), " FROM files WHERE project_id = $1 AND id = $2"));
const FIND_FOR_UPDATE: Statement = Statement::new(
    "files.find_for_update",
    concat!("SELECT ", columns!(), " FROM files WHERE project_id = $1 AND id = $2 {for_update}"),
);
const FIND_ANYWHERE: Statement =
    Statement::new("files.find_anywhere", concat!("SELECT ", columns!(), " FROM files WHERE id = $1"));
const SAVE: Statement = Statement::new(
    "files.save",
    "UPDATE files SET revision = $3, content = $4, metadata = $5, is_original_protected = $6,
            stored_at = $7, removed_at = $8, expires_at = $9, state = $10
      WHERE project_id = $1 AND id = $2",
);

/// The statements of this table, its listings included.
pub(crate) const STATEMENTS: &[&Statement] = &[
    &INSERT,
    &FIND,
    &FIND_FOR_UPDATE,
    &FIND_ANYWHERE,
    &SAVE,
    &list::UPLOADED_UP,
    &list::UPLOADED_DOWN,
    &list::SIZE_UP,
    &list::SIZE_DOWN,
    &list::TOTALS,
    &many::FIND_MANY,
    &many::FIND_MANY_FOR_UPDATE,
    &many::KNOWN,
    &many::EXPIRED,
];

/// Keeps a file that has arrived. `Conflict("file_id")` if there is one of that id.
pub fn insert(tx: &mut Tx<'_>, file: &File) -> Result<(), Error> {
    let content = snapshot::write_content(&file.content);
    let metadata = snapshot::write_metadata(&file.metadata);
    let values = [
        file.id.as_bytes().as_slice().into(),
        file.project.get().into(),
        file.revision.into(),
        file.name.as_str().into(),
        file.declared_mime.as_str().into(),
        file.size_bytes.into(),
        file.sha256.as_slice().into(),
        content.as_str().into(),
        metadata.as_str().into(),
        file.access_token.as_bytes().as_slice().into(),
        file.is_original_protected.into(),
        file.uploaded_at.into(),
        file.stored_at.into(),
        file.removed_at.into(),
        file.expires_at.into(),
        state_name(file.state()).into(),
    ];
    tx.execute(&INSERT, &values).map(|_| ())
}

/// A project's file, removed or not.
pub fn find(tx: &mut Tx<'_>, project: ProjectId, id: FileId) -> Result<Option<File>, Error> {
    tx.row(&FIND, &[project.get().into(), id.as_bytes().as_slice().into()])?.map(file).transpose()
}

/// The same, kept from other writers until this transaction ends.
pub fn find_for_update(tx: &mut Tx<'_>, project: ProjectId, id: FileId) -> Result<Option<File>, Error> {
    tx.row(&FIND_FOR_UPDATE, &[project.get().into(), id.as_bytes().as_slice().into()])?.map(file).transpose()
}

/// Any project's file, removed or not: for addresses that name no project.
pub fn find_anywhere(tx: &mut Tx<'_>, id: FileId) -> Result<Option<File>, Error> {
    tx.row(&FIND_ANYWHERE, &[id.as_bytes().as_slice().into()])?.map(file).transpose()
}

/// Writes what a change may touch: all but id, project, name, declared MIME type, bytes and the instant of their arrival.
pub fn save(tx: &mut Tx<'_>, file: &File) -> Result<(), Error> {
    let content = snapshot::write_content(&file.content);
    let metadata = snapshot::write_metadata(&file.metadata);
    let values = [
        file.project.get().into(),
        file.id.as_bytes().as_slice().into(),
        file.revision.into(),
        content.as_str().into(),
        metadata.as_str().into(),
        file.is_original_protected.into(),
        file.stored_at.into(),
        file.removed_at.into(),
        file.expires_at.into(),
        state_name(file.state()).into(),
    ];
    match tx.execute(&SAVE, &values)? {
        1 => Ok(()),
        _ => Err(Error::bug(format!("the file {} was saved but never inserted", file.id))),
    }
}
