//! Event: a fact in the past tense, with a snapshot of its subject.
//!
//! A project's events are numbered from 1 without gaps, in the order in which their changes were committed. An event is never changed.
//! Each wire translates the kinds into its own words, or has none for a kind.

use crate::clock::Timestamp;
use crate::file::File;
use crate::id::{EventId, ProjectId, RequestId};
use crate::metadata::Metadata;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::enum_variant_names, reason = "files are the first subjects, not the only ones to come")]
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
}

impl EventKind {
    /// Every kind there is.
    pub const ALL: [Self; 5] =
        [Self::FileUploaded, Self::FileStored, Self::FileInfoUpdated, Self::FileAmended, Self::FileRemoved];

    /// The name it bears in tables and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FileUploaded => "file_uploaded",
            Self::FileStored => "file_stored",
            Self::FileInfoUpdated => "file_info_updated",
            Self::FileAmended => "file_amended",
            Self::FileRemoved => "file_removed",
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
pub enum Subject {
    /// A file.
    File(File),
}

impl Subject {
    /// The 128 bits of the subject's id: deliveries about one resource keep their order.
    pub fn resource(&self) -> [u8; 16] {
        match self {
            Self::File(file) => *file.id.as_bytes(),
        }
    }

    /// Whose it is.
    pub fn project(&self) -> ProjectId {
        match self {
            Self::File(file) => file.project,
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
