//! Bytes by key: staged while they arrive, published durably, read back whole or in part.
//!
//! The life of some bytes:
//!
//! ```text
//!   Blobs::stage ──► Staged ──finish──► Written ──publish──► under a Key ──open──► Body
//!                   counts, hashes     can be inspected     durable           a stream of chunks
//! ```
//!
//! Up to [`HOP_BYTES`] stay in memory, so a small file touches a thread once: create, write, rename, fsync in one
//! blocking hop; when many such files wait to be published ([`HELD_BYTES_MAX`]), the next ones wait on the disk.
//! Dropping a [`Staged`] or a [`Written`] leaves nothing behind; what a killed process leaves, the
//! [sweep](Blobs::sweep) takes away.
//!
//! **Invariants.** Nothing is found under a key before all of it is there. When `publish` has answered, the bytes
//! survive a loss of power. No call blocks the caller's thread on the disk, except that dropping a spilled upload
//! unlinks its file. Memory for one transfer is bounded by two hops, whatever its size.
//!
//! Callers see only [`Blobs`] and the four nouns above, none of which says where bytes lie. Staging is local for every
//! engine, since a probe must seek; an object store would join beside `disk` as another place to publish to and open
//! from. Deliberately absent: what a file is called, who owns it, what it contains.

mod staged;
mod written;

mod body;
mod key;
mod sweep;

mod disk;

mod error;
mod hop;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use disk::Disk;

pub use body::Body;
pub use error::Error;
pub use key::{Key, NotAKey};
pub use staged::Staged;
pub use sweep::Swept;
pub use written::{Reader, Written};

/// How many bytes are gathered before a thread is asked to touch the disk, and the most one chunk of a [`Body`] holds.
pub const HOP_BYTES: usize = 256 * 1024;

/// How many bytes of complete uploads stay in memory, all of them together; what comes beyond goes to the disk at once.
pub const HELD_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How many of the first bytes are kept at hand in [`Written::head`], enough to tell what nearly any file is.
pub const HEAD_BYTES: usize = 64 * 1024;

/// All bytes of one installation. Cheap to clone; every clone is the same place.
#[derive(Clone, Debug)]
pub struct Blobs {
    disk: Arc<Disk>,
}

impl Blobs {
    /// Opens the folder `root`, making it and what belongs in it. Removes nothing.
    ///
    /// Blocks for a moment: it proves that a file can be created there, so that a wrong path fails at start and not at
    /// the first upload.
    pub fn open_disk(root: &Path) -> Result<Self, Error> {
        Ok(Self { disk: Arc::new(Disk::open(root)?) })
    }

    /// A place for bytes that begin to arrive. Touches the disk only once there are more than [`HOP_BYTES`] of them.
    pub fn stage(&self) -> Staged {
        Staged::new(self.disk.clone())
    }

    /// The bytes under `key`, or those of them inside `range` (end exclusive, clamped to what there is).
    ///
    /// Errors: [`Error::NotFound`]; [`Error::RangeBeyondEnd`] when no byte lies inside the range.
    pub async fn open(&self, key: &Key, range: Option<Range<u64>>) -> Result<Body, Error> {
        let (disk, key) = (self.disk.clone(), key.clone());
        hop::hop(move || Body::open(disk.read(&key)?, range.as_ref())).await
    }

    /// How many bytes lie under `key`; none when there is nothing.
    pub async fn size(&self, key: &Key) -> Result<Option<u64>, Error> {
        let (disk, key) = (self.disk.clone(), key.clone());
        hop::hop(move || disk.size(&key)).await
    }

    /// Whether something lies under `key`.
    pub async fn exists(&self, key: &Key) -> Result<bool, Error> {
        Ok(self.size(key).await?.is_some())
    }

    /// Removes what lies under `key`, durably. Answers whether there was something; deleting twice is no error.
    pub async fn delete(&self, key: &Key) -> Result<bool, Error> {
        let (disk, key) = (self.disk.clone(), key.clone());
        hop::hop(move || disk.delete(&key)).await
    }
}
