//! A file's row, as every statement reads it.

use crate::engine::Row;
use crate::error::Error;
use crate::snapshot;
use domain::file::{File, State};
use domain::id::{AccessToken, FileId, ProjectId};

/// The columns of a whole file, in the order of [`file`].
macro_rules! columns {
    () => {
        "id, project_id, revision, name, declared_mime, size_bytes, sha256, content, metadata, access_token, \
         is_original_protected, uploaded_at, stored_at, removed_at, expires_at"
    };
}

pub(super) use columns;

pub(super) fn file(mut row: Row) -> Result<File, Error> {
    Ok(File {
        id: FileId::from_bytes(row.id16(0)?),
        project: ProjectId::new(row.int(1)?),
        revision: row.int(2)?,
        name: row.text(3)?,
        declared_mime: row.text(4)?,
        size_bytes: row.int(5)?,
        sha256: row.bytes(6)?.try_into().map_err(|_| Error::bug("a SHA-256 does not have 32 bytes"))?,
        content: snapshot::read_content(&row.text(7)?)?,
        metadata: snapshot::read_metadata(&row.text(8)?)?,
        access_token: AccessToken::from_bytes(row.id16(9)?),
        is_original_protected: row.flag(10)?,
        uploaded_at: row.timestamp(11)?,
        stored_at: row.timestamp_or_none(12)?,
        removed_at: row.timestamp_or_none(13)?,
        expires_at: row.timestamp_or_none(14)?,
    })
}

pub(super) const fn state_name(state: State) -> &'static str {
    match state {
        State::Temporary => "temporary",
        State::Stored => "stored",
        State::Removed => "removed",
    }
}
