//! Why a verb did not do what it was asked: a closed list that each door words in its own language.

use std::fmt;

use crate::webhooks::PolicyProblem;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a verb did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The project has no such thing.
    #[error("there is no such {0}")]
    NotFound(Noun),
    /// A rule of a noun would be broken.
    #[error("the wish breaks a rule")]
    Rule(#[from] domain::Error),
    /// What the caller holds does not open this.
    #[error("the caller may not do this")]
    Forbidden,
    /// A webhook's target that cannot or may not be called.
    #[error("the target URL is not acceptable")]
    TargetUrl(#[source] TargetProblem),
    /// How a webhook wants to be served is out of its limits.
    #[error("how the webhook wants to be served is not acceptable")]
    Policy(#[from] PolicyProblem),
    /// The project has such a webhook already.
    #[error("the project is subscribed already")]
    AlreadySubscribed,
    /// The project has as many webhooks as it may.
    #[error("the project has {max} webhooks, the most it may have")]
    WebhooksTooMany {
        /// How many it may have.
        max: i64,
    },
    /// More bytes than a file may have; the rest was not read.
    #[error("the file has more than {bytes_max} bytes")]
    FileTooLarge {
        /// How many it may have.
        bytes_max: u64,
    },
    /// The sender stopped before the end of a file.
    #[error("the upload was interrupted")]
    UploadInterrupted,
    /// There is no room for more bytes.
    #[error("there is no space left for more bytes")]
    NoSpace,
    /// Something below is unavailable or too busy: the same call may succeed later.
    #[error("storage is unavailable")]
    Unavailable(#[source] Source),
    /// A defect. The chain is for the log, never for the caller.
    #[error("something unexpected happened")]
    Bug(#[source] Source),
}

/// What there is none of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// A project.
    Project,
    /// A file.
    File,
    /// A metadata key of a file.
    MetadataKey,
    /// A webhook.
    Webhook,
    /// An event of the log.
    Event,
    /// A secret key that is not revoked.
    Key,
}

/// What is wrong with a webhook's target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetProblem {
    /// Nothing a request could be sent to.
    #[error("requests cannot be sent to this address")]
    Unusable(#[from] egress::TargetError),
    /// An address that this server refuses to call: its own or a private one.
    #[error("this server does not call that address")]
    Blocked,
}

/// What sort of failure it is: statuses and logs are chosen by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is no such thing.
    NotFound,
    /// The wish itself is wrong.
    Invalid,
    /// What exists stands against it.
    Conflict,
    /// The caller may not.
    Forbidden,
    /// Too many bytes.
    TooLarge,
    /// Later it may work.
    Unavailable,
    /// A defect.
    Bug,
}

impl Error {
    /// What sort of failure this is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::Rule(_) | Self::TargetUrl(_) | Self::Policy(_) | Self::UploadInterrupted => Kind::Invalid,
            Self::AlreadySubscribed | Self::WebhooksTooMany { .. } => Kind::Conflict,
            Self::Forbidden => Kind::Forbidden,
            Self::FileTooLarge { .. } => Kind::TooLarge,
            Self::NoSpace | Self::Unavailable(_) => Kind::Unavailable,
            Self::Bug(_) => Kind::Bug,
        }
    }
}

impl From<store::Error> for Error {
    /// A conflict that a verb can word was taken out before; any other is a defect.
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Unavailable(_) => Self::Unavailable(error.into()),
            store::Error::Conflict(_) | store::Error::Bug(_) => Self::Bug(error.into()),
        }
    }
}

impl From<blobs::Error> for Error {
    /// Verbs ask only for bytes that a row names, so bytes that are not there are a defect, not a wrong question.
    fn from(error: blobs::Error) -> Self {
        match error {
            blobs::Error::NoSpace { .. } => Self::NoSpace,
            blobs::Error::Io { .. } | blobs::Error::Stopping => Self::Unavailable(error.into()),
            blobs::Error::NotFound | blobs::Error::RangeBeyondEnd { .. } | blobs::Error::Torn => {
                Self::Bug(error.into())
            }
        }
    }
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Project => "project",
            Self::File => "file",
            Self::MetadataKey => "metadata key",
            Self::Webhook => "webhook",
            Self::Event => "event",
            Self::Key => "key",
        })
    }
}
