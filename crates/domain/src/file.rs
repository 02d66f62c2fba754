//! File: Temporary → Stored → Removed; each transition names its event.
//!
//! ```text
//!   uploaded ──► Temporary ── store ──► Stored
//!                    │                    │  ▲
//!                    └──────► Removed ◄───┘  │  store: what was removed comes back while its bytes are kept
//!                                └───────────┘
//! ```
//! A transition that changes nothing returns no [`Change`], so nothing is written and nobody is told.

use crate::Error;
use crate::clock::Timestamp;
use crate::content::Content;
use crate::event::{Change, EventKind, Previous};
use crate::id::{AccessToken, FileId, ProjectId};
use crate::metadata::Metadata;

/// Bytes that arrived whole, and what is known about them.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Its identity; each wire spells it in its own way.
    pub id: FileId,
    /// Whose it is.
    pub project: ProjectId,
    /// Counts its changes, from 1.
    pub revision: i64,
    /// The name as it was sent, without any path; at most [`NAME_CHARS_MAX`] characters.
    pub name: String,
    /// The MIME type that the sender declared.
    pub declared_mime: String,
    /// How many bytes.
    pub size_bytes: i64,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// What the bytes are.
    pub content: Content,
    /// Key-value pairs of the application.
    pub metadata: Metadata,
    /// Opens this file on the uc wire.
    pub access_token: AccessToken,
    /// Whether the original is shown only to who holds a key or the token (uc wire).
    pub is_original_protected: bool,
    /// When its bytes had arrived.
    pub uploaded_at: Timestamp,
    /// When it was stored for good.
    pub stored_at: Option<Timestamp>,
    /// When it was removed.
    pub removed_at: Option<Timestamp>,
    /// When it shall be removed.
    pub expires_at: Option<Timestamp>,
}

/// The longest name, in characters; longer ones are cut.
pub const NAME_CHARS_MAX: usize = 255;

/// Where a file stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Arrived, and not asked to stay.
    Temporary,
    /// Stored for good.
    Stored,
    /// Removed; the record stays.
    Removed,
}

/// What may be changed at once by [`File::amend`]; none leaves a thing as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Amendment {
    /// The new pairs, all of them.
    pub metadata: Option<Metadata>,
    /// The new expiry.
    pub expiry: Option<Expiry>,
    /// Whether the original is protected.
    pub is_original_protected: Option<bool>,
}

/// When a file shall go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// It stays until somebody removes it.
    Never,
    /// It is removed then.
    At(Timestamp),
}

impl File {
    /// Where this file stands in its life.
    pub fn state(&self) -> State {
        match (self.removed_at, self.stored_at) {
            (Some(_), _) => State::Removed,
            (None, Some(_)) => State::Stored,
            (None, None) => State::Temporary,
        }
    }

    /// The fact that a file has arrived.
    pub fn uploaded() -> Change {
        Change { kind: EventKind::FileUploaded, previous: Previous::default() }
    }

    /// Stores it for good; brings back what was removed, and forgets an expiry that has passed, which would remove it again.
    pub fn store(&mut self, now: Timestamp) -> Option<Change> {
        if self.state() == State::Stored {
            return None;
        }
        self.expires_at = self.expires_at.filter(|at| *at > now);
        self.stored_at = Some(now);
        self.removed_at = None;
        Some(self.changed(EventKind::FileStored, Previous::default()))
    }

    /// Removes it; the record stays.
    pub fn remove(&mut self, now: Timestamp) -> Option<Change> {
        if self.state() == State::Removed {
            return None;
        }
        self.removed_at = Some(now);
        self.stored_at = None;
        Some(self.changed(EventKind::FileRemoved, Previous::default()))
    }

    /// Sets one metadata value. Answers whether the key is new, and the change.
    pub fn set_metadata(&mut self, key: String, value: String) -> Result<(bool, Option<Change>), Error> {
        let mut metadata = self.metadata.clone();
        let replaced = metadata.set(key, value)?;
        let change = self.amend(Amendment { metadata: Some(metadata), ..Amendment::default() })?;
        Ok((replaced.is_none(), change))
    }

    /// Deletes one metadata key; no change if there is none of that name.
    pub fn delete_metadata(&mut self, key: &str) -> Result<Option<Change>, Error> {
        let mut metadata = self.metadata.clone();
        metadata.delete(key);
        self.amend(Amendment { metadata: Some(metadata), ..Amendment::default() })
    }

    /// Changes what differs. One change, whatever the number of things that differ: told as new metadata if that is among them.
    pub fn amend(&mut self, wish: Amendment) -> Result<Option<Change>, Error> {
        let metadata = wish.metadata.filter(|wished| *wished != self.metadata);
        let expires_at = wish.expiry.map(Expiry::instant).filter(|wished| *wished != self.expires_at);
        let protected = wish.is_original_protected.filter(|wished| *wished != self.is_original_protected);
        if metadata.is_none() && expires_at.is_none() && protected.is_none() {
            return Ok(None);
        }
        if self.state() == State::Removed {
            return Err(Error::FileRemoved);
        }
        self.expires_at = expires_at.unwrap_or(self.expires_at);
        self.is_original_protected = protected.unwrap_or(self.is_original_protected);
        let Some(metadata) = metadata else {
            return Ok(Some(self.changed(EventKind::FileAmended, Previous::default())));
        };
        let previous = Previous { metadata: Some(std::mem::replace(&mut self.metadata, metadata)) };
        Ok(Some(self.changed(EventKind::FileInfoUpdated, previous)))
    }

    fn changed(&mut self, kind: EventKind, previous: Previous) -> Change {
        self.revision += 1;
        Change { kind, previous }
    }
}

impl Expiry {
    fn instant(self) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::At(at) => Some(at),
        }
    }
}

/// The last segment of a path in a name, whichever slash it uses, cut to [`NAME_CHARS_MAX`] and without control characters.
pub fn tidy_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    base.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn sample() -> File {
        File {
            id: FileId::from_bytes([1; 16]),
            project: ProjectId::new(7),
            revision: 1,
            name: "pier.png".into(),
            declared_mime: "image/png".into(),
            size_bytes: 3,
            sha256: [0; 32],
            content: Content::default(),
            metadata: Metadata::default(),
            access_token: AccessToken::from_bytes([2; 16]),
            is_original_protected: true,
            uploaded_at: Timestamp::from_micros(1),
            stored_at: None,
            removed_at: None,
            expires_at: None,
        }
    }

    fn kind(change: Option<Change>) -> Option<EventKind> {
        change.map(|change| change.kind)
    }

    #[test]
    fn each_transition_names_its_event_once() {
        let now = Timestamp::from_micros(5);
        let mut file = sample();
        assert_eq!(kind(file.store(now)), Some(EventKind::FileStored));
        assert_eq!(kind(file.store(now)), None);
        assert_eq!(kind(file.remove(now)), Some(EventKind::FileRemoved));
        assert_eq!(kind(file.remove(now)), None);
        assert_eq!((file.state(), file.stored_at, file.revision), (State::Removed, None, 3));
        assert_eq!(kind(file.store(now)), Some(EventKind::FileStored));
        assert_eq!(file.state(), State::Stored);
    }

    #[test]
    fn new_metadata_remembers_the_old() {
        let mut file = sample();
        file.set_metadata("a".into(), "1".into()).unwrap();
        let (is_new, change) = file.set_metadata("a".into(), "2".into()).unwrap();
        assert!(!is_new);
        assert_eq!(change.unwrap().previous.metadata.unwrap().get("a"), Some("1"));
        assert_eq!(file.set_metadata("a".into(), "2".into()), Ok((false, None)));
        assert_eq!(file.delete_metadata("b"), Ok(None));
        assert_eq!(kind(file.delete_metadata("a").unwrap()), Some(EventKind::FileInfoUpdated));
    }

    #[test]
    fn several_amendments_are_one_change() {
        let mut file = sample();
        let metadata = Metadata::from_pairs([("a".into(), "1".into())]).unwrap();
        let wish = Amendment { metadata: Some(metadata), is_original_protected: Some(false), ..Amendment::default() };
        assert_eq!(kind(file.amend(wish.clone()).unwrap()), Some(EventKind::FileInfoUpdated));
        assert_eq!(kind(file.amend(wish).unwrap()), None);
        let expiry = Amendment { expiry: Some(Expiry::At(Timestamp::from_micros(9))), ..Amendment::default() };
        assert_eq!(kind(file.amend(expiry).unwrap()), Some(EventKind::FileAmended));
    }

    #[test]
    fn a_removed_file_is_not_amended() {
        let mut file = sample();
        file.remove(Timestamp::from_micros(5));
        assert_eq!(file.set_metadata("a".into(), "1".into()), Err(Error::FileRemoved));
        assert_eq!(file.amend(Amendment::default()), Ok(None));
    }

    #[test]
    fn a_name_keeps_no_path() {
        assert_eq!(tidy_name("C:\\pics\\pier.png"), "pier.png");
        assert_eq!(tidy_name("/a/b/два три.pdf"), "два три.pdf");
        assert_eq!(tidy_name("a\0b\nc"), "abc");
    }
}
