//! Direct uploads: bytes that came in one request become files, all of them or none.
//!
//! Bytes first, durably; then every row and every event in one transaction. A crash in between leaves bytes that no row names: the
//! [sweep](crate::chores::sweep) takes them away.

use std::time::Duration;

use blobs::{Key, Written};
use domain::clock::Timestamp;
use domain::event::Initiator;
use domain::file::{File, tidy_name};
use domain::id::FileId;
use domain::metadata::Metadata;
use futures_util::{StreamExt, stream};
use store::{events, files};

use crate::access::Principal;
use crate::intake::Received;
use crate::record::Occasion;
use crate::{Error, Platform};

/// The longest declared MIME type that is kept, in characters; longer ones are cut.
pub const DECLARED_MIME_CHARS_MAX: usize = 255;

/// How many files of one request are made durable at once.
const PUBLISHED_AT_ONCE_MAX: usize = 8;

/// What the caller says of the bytes they sent.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The name as sent; any path in it is dropped.
    pub name: String,
    /// The MIME type as declared.
    pub declared_mime: String,
    /// Whether the file shall stay.
    pub stored: StoreWish,
    /// Key-value pairs of the application.
    pub metadata: Metadata,
    /// When the file shall be removed.
    pub expires_at: Option<Timestamp>,
    /// Whether the original is shown only to who holds a key or the file's token.
    pub is_original_protected: bool,
}

/// Whether a file shall be stored as it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreWish {
    /// Stored for good.
    Yes,
    /// Temporary, until somebody stores it.
    No,
    /// As the project's settings say.
    Auto,
}

impl Platform {
    /// Makes files of what was received, in the order given: all of them or, on any error, none.
    ///
    /// When this answers, the bytes, the files and their events would survive a loss of power. Open to holders of a secret key or of the
    /// public key. A file that is stored at once tells only that it was uploaded.
    pub async fn admit(&self, principal: &Principal, arrivals: Vec<(Received, Arrival)>) -> Result<Vec<File>, Error> {
        principal.may_upload()?;
        if arrivals.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.now();
        let mut files = Vec::with_capacity(arrivals.len());
        let mut bytes = Vec::with_capacity(arrivals.len());
        for (index, (received, arrival)) in (0..).zip(arrivals) {
            // One after another, since clients find their place among pages by the instant alone.
            let file = self.newborn(principal, &received, arrival, now.plus(Duration::from_micros(index)));
            bytes.push((key_of(file.id), received.written));
            files.push(file);
        }
        let keys: Vec<Key> = files.iter().map(|file| key_of(file.id)).collect();
        if let Err(error) = publish(bytes).await {
            self.discard(&keys).await;
            return Err(error);
        }
        let admitted = self.insert(principal, now, files).await;
        // A commit that got no answer may have happened: then the bytes are left for the sweep to judge.
        if admitted.as_ref().is_err_and(|error| !matches!(error, Error::Unavailable(_))) {
            self.discard(&keys).await;
        }
        admitted
    }

    fn newborn(&self, principal: &Principal, received: &Received, arrival: Arrival, now: Timestamp) -> File {
        let is_stored = match arrival.stored {
            StoreWish::Yes => true,
            StoreWish::No => false,
            StoreWish::Auto => principal.project.settings.is_autostore_enabled,
        };
        let mime = arrival.declared_mime.chars().filter(|c| !c.is_control());
        File {
            id: self.chance().file_id(),
            project: principal.project.id,
            revision: 1,
            name: tidy_name(&arrival.name),
            declared_mime: mime.take(DECLARED_MIME_CHARS_MAX).collect(),
            size_bytes: received.written.size_bytes as i64,
            sha256: received.written.sha256,
            content: received.content.clone(),
            metadata: arrival.metadata,
            access_token: self.chance().access_token(),
            is_original_protected: arrival.is_original_protected,
            uploaded_at: now,
            stored_at: is_stored.then_some(now),
            removed_at: None,
            expires_at: arrival.expires_at,
        }
    }

    async fn insert(&self, principal: &Principal, now: Timestamp, files: Vec<File>) -> Result<Vec<File>, Error> {
        let occasions = self.occasions(files.len(), now, Initiator::Api(principal.request));
        let births: Vec<(File, Occasion)> = files.iter().cloned().zip(occasions).collect();
        self.store()
            .write(move |tx| {
                for (file, _) in &births {
                    files::insert(tx, file)?;
                }
                for (file, occasion) in &births {
                    events::append(tx, occasion.fact(File::uploaded(), file.clone()))?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        Ok(files)
    }

    /// Takes published bytes away again, as well as it can; the sweep takes what is left.
    async fn discard(&self, keys: &[Key]) {
        for key in keys {
            if let Err(error) = self.blobs().delete(key).await {
                tracing::warn!(key = key.as_str(), %error, "the bytes of a refused file could not be deleted");
            }
        }
    }
}

/// Makes all of it durable. Answers the first error, but only when nothing is under way any more.
async fn publish(bytes: Vec<(Key, Written)>) -> Result<(), Error> {
    let published = stream::iter(bytes)
        .map(async |(key, written)| written.publish(&key).await)
        .buffer_unordered(PUBLISHED_AT_ONCE_MAX)
        .collect::<Vec<_>>()
        .await;
    published.into_iter().collect::<Result<(), _>>().map_err(Error::from)
}

/// Where a file's bytes lie.
pub(crate) fn key_of(id: FileId) -> Key {
    Key::original(*id.as_bytes())
}
