//! Event: a fact in the past tense, with a snapshot of its subject.
//!
//! A project's events are numbered from 1 without gaps, in the order in which their changes were committed. An event is never changed.
//! Each wire translates the kinds into its own words, or has none for a kind.

use crate::clock::Timestamp;
use crate::file::File;
use crate::health::Health;
use crate::id::{EventId, ProjectId, RequestId, WebhookNumber};
use crate::metadata::Metadata;
use crate::webhook::Webhook;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A file arrived whole.
    FileUploaded,
    /// A file was stored for good.
    FileStored,
    /// A file's metadata changed.
    FileInfoUpdated,
    /// Something else of a file changed: its expiry, its protection.
    FileAmended,
    /// A file was removed.
    FileRemoved,
    /// A webhook has been failing for a part of the time after which it is disabled.
    WebhookFailing,
    /// The server has disabled a webhook.
    WebhookDisabled,
    /// A webhook that was told of as failing or disabled has taken a delivery again.
    WebhookRecovered,
}

impl EventKind {
    /// Every kind there is.
    pub const ALL: [Self; 8] = [
        Self::FileUploaded,
        Self::FileStored,
        Self::FileInfoUpdated,
        Self::FileAmended,
        Self::FileRemoved,
        Self::WebhookFailing,
        Self::WebhookDisabled,
        Self::WebhookRecovered,
    ];

    /// The kinds that are about files.
    pub const OF_FILES: [Self; 5] =
        [Self::FileUploaded, Self::FileStored, Self::FileInfoUpdated, Self::FileAmended, Self::FileRemoved];

    /// The name it bears in tables and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FileUploaded => "file_uploaded",
            Self::FileStored => "file_stored",
            Self::FileInfoUpdated => "file_info_updated",
            Self::FileAmended => "file_amended",
            Self::FileRemoved => "file_removed",
            Self::WebhookFailing => "webhook_failing",
            Self::WebhookDisabled => "webhook_disabled",
            Self::WebhookRecovered => "webhook_recovered",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a transition did: the kind of event it causes, and what it replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What happened.
    pub kind: EventKind,
    /// What was there before.
    pub previous: Previous,
}

/// Values before the change; only what changed is present.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Previous {
    /// The metadata before.
    pub metadata: Option<Metadata>,
}

/// Who caused a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initiator {
    /// A call to the API.
    Api(RequestId),
    /// The server itself: an expiry, a chore.
    System,
}

/// What an event is about, as it stood right after the change.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every event is about a file, and one box less is an allocation less"
)]
pub enum Subject {
    /// A file.
    File(File),
    /// A webhook, with how it has been doing.
    Webhook(Box<WebhookTold>),
}

/// A webhook as an operator's event tells of it. Its secret is not told.
#[derive(Clone, Debug, PartialEq)]
pub struct WebhookTold {
    /// The webhook.
    pub webhook: Webhook,
    /// How it has been doing.
    pub health: Health,
}

impl Subject {
    /// The 128 bits of the subject's id: deliveries about one resource keep their order.
    pub fn resource(&self) -> [u8; 16] {
        match self {
            Self::File(file) => *file.id.as_bytes(),
            Self::Webhook(told) => *told.webhook.id.as_bytes(),
        }
    }

    /// The file it is about, if it is about one.
    pub fn file(&self) -> Option<&File> {
        match self {
            Self::File(file) => Some(file),
            Self::Webhook(_) => None,
        }
    }

    /// Whose it is.
    pub fn project(&self) -> ProjectId {
        match self {
            Self::File(file) => file.project,
            Self::Webhook(told) => told.webhook.project,
        }
    }
}

/// A fact about to be recorded: all of an [`Event`] but its place in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its identity.
    pub id: EventId,
    /// What happened, and what was there before.
    pub change: Change,
    /// When.
    pub at: Timestamp,
    /// Who caused it.
    pub initiator: Initiator,
    /// What it is about, after the change.
    pub subject: Subject,
    /// The one webhook that is to be told, whatever it asks for: a test. None: whoever asked.
    pub addressee: Option<WebhookNumber>,
}

/// A fact with its place in its project's log.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number in its project: 1, 2, 3, … without gaps.
    pub sequence: i64,
    /// The fact.
    pub fact: Fact,
}

impl Event {
    /// Whose log it is in.
    pub fn project(&self) -> ProjectId {
        self.fact.subject.project()
    }

    /// What happened.
    pub fn kind(&self) -> EventKind {
        self.fact.change.kind
    }
}
