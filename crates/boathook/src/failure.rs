//! Failure: why a command ended without having done what was asked, and the exit code that says so.
//!
//! | Code | Means |
//! |---|---|
//! | 0 | done; for `verify`: valid; for `doctor`: nothing is broken |
//! | 1 | failed, or the answer is no |
//! | 2 | wrong usage or configuration |
//! | 3 | another server has the data folder or the database |
//! | 4 | the database is unavailable |
//! | 5 | an address cannot be listened on |
//! | 130, 143 | ended at once by a second Ctrl-C or SIGTERM |

use crate::config;
use std::path::PathBuf;
use std::process::ExitCode;
use store::LockError;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A setting is wrong.
    #[error("the configuration cannot be used")]
    Config(#[from] config::Error),
    /// The data folder, or the database, is another server's.
    #[error("{place} cannot be served")]
    Locked {
        /// What is locked.
        place: String,
        /// By whom.
        #[source]
        source: LockError,
    },
    /// The folder of everything that lasts cannot be made.
    #[error("the data folder {folder} cannot be made")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the operating system says.
        #[source]
        source: std::io::Error,
    },
    /// The database cannot be opened.
    #[error("the database {place} cannot be opened")]
    Database {
        /// Where it is, without passwords.
        place: String,
        /// Why.
        #[source]
        source: store::Error,
    },
    /// The folder of bytes cannot be used.
    #[error("the folder of uploaded bytes {folder} cannot be used")]
    Blobs {
        /// The folder.
        folder: PathBuf,
        /// Why.
        #[source]
        source: blobs::Error,
    },
    /// An address cannot be listened on.
    #[error("the server cannot listen; --listen names another address")]
    Listen(#[from] web::serve::BindError),
    /// The certificates to trust cannot be read.
    #[error("the certificates in {path} (egress_ca_file) cannot be used")]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A verb refused.
    #[error("it could not be done")]
    Verb(#[from] platform::Error),
    /// Reading, printing or waiting for a signal failed.
    #[error("input or output failed")]
    Io(#[from] std::io::Error),
    /// Something that runs as long as the server ended by itself: a defect.
    #[error("{0} has ended while it was needed")]
    Ended(&'static str),
    /// Something of the demonstration did not go as it should.
    #[error("{0}")]
    Demo(String),
    /// The answer is no, and has been given.
    #[error("no")]
    No,
}

impl Failure {
    /// What the process ends with.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Config(_) | Self::Certificates { .. } => 2,
            Self::Locked { source: LockError::FolderTaken(_) | LockError::DatabaseTaken, .. } => 3,
            Self::Database { .. } | Self::Locked { source: LockError::Store(_), .. } => 4,
            Self::Verb(error) if error.kind() == platform::Kind::Unavailable => 4,
            Self::Listen(_) => 5,
            _ => 1,
        })
    }

    /// Tells a person on stderr, cause after cause.
    pub fn tell(&self) {
        let has_nobody_to_tell = matches!(self, Self::Io(error) if error.kind() == std::io::ErrorKind::BrokenPipe);
        if has_nobody_to_tell || matches!(self, Self::No) {
            return;
        }
        eprintln!("error: {self}");
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            eprintln!("       {cause}");
            source = cause.source();
        }
    }
}
