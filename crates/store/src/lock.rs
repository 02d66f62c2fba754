//! The lock on an installation: one server at a time, until several nodes can share the work.
//!
//! A data folder is locked by a file: the operating system drops the lock when the process ends, however it ends; the file itself stays
//! and means nothing. A PostgreSQL database is locked by a session: the database drops the lock when the connection ends. Commands beside
//! a running server do not take the lock: both engines let them write between the server's own transactions.

use crate::engine::postgres;
use crate::error::Error;
use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::Path;

/// An installation that this process serves; freed when dropped.
#[derive(Debug)]
pub struct Lock {
    _held: Held,
}

#[derive(Debug)]
#[expect(dead_code, reason = "held until dropped, never looked at")]
enum Held {
    Folder(File),
    Database(postgres::Held),
}

/// Why the installation could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process serves this data folder; its process id, if it could be read.
    #[error("another boathook serves this data folder{}", .0.as_ref().map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    FolderTaken(Option<String>),
    /// Another process serves this database.
    #[error("another boathook serves this database")]
    DatabaseTaken,
    /// The lock file cannot be made or written.
    #[error("the lock file cannot be written")]
    Io(#[source] std::io::Error),
    /// The database cannot be asked.
    #[error(transparent)]
    Store(#[from] Error),
}

impl Lock {
    /// Takes the lock of a data folder, or says who has it.
    pub fn take(folder: &Path) -> Result<Self, LockError> {
        let path = folder.join("boathook.lock");
        let mut file =
            File::options().create(true).read(true).write(true).truncate(false).open(&path).map_err(LockError::Io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let pid = std::fs::read_to_string(&path).ok().map(|text| text.trim().to_owned());
                return Err(LockError::FolderTaken(pid.filter(|pid| !pid.is_empty())));
            }
            Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
        }
        file.set_len(0).map_err(LockError::Io)?;
        write!(file, "{}", std::process::id()).map_err(LockError::Io)?;
        Ok(Self { _held: Held::Folder(file) })
    }

    /// Takes the lock of a PostgreSQL database.
    pub async fn take_database(url: &str) -> Result<Self, LockError> {
        let url = url.to_owned();
        let held = tokio::task::spawn_blocking(move || postgres::hold(&url))
            .await
            .map_err(|error| Error::Bug(error.into()))?;
        Ok(Self { _held: Held::Database(held?.ok_or(LockError::DatabaseTaken)?) })
    }
}
