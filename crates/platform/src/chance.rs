//! Where ids and secrets come from: the system's randomness, or in tests a seed.

use std::sync::{Arc, Mutex, PoisonError};

use domain::Timestamp;
use domain::id::{AccessToken, EventId, FileId, RequestId, WebhookId, as_uuid_v4, as_uuid_v7};
use sha2::{Digest, Sha256};

/// How many random bytes make a key: 20 hex digits.
const KEY_BYTES: usize = 10;

/// A source of random bytes. Clones draw from the same source.
#[derive(Clone, Debug)]
pub struct Chance(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Seeded { seed: u64, drawn: Arc<Mutex<u64>> },
}

impl Chance {
    /// The operating system's source: nobody can guess what it gives.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// The same bytes in the same order for the same seed: for tests, whose answers should not change from run to run.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded { seed, drawn: Arc::default() })
    }

    /// Sixteen random bytes.
    pub fn bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        bytes
    }

    /// Fills the slice with random bytes.
    ///
    /// # Panics
    /// If the system has no randomness: nothing made without it would be safe.
    pub fn fill(&self, bytes: &mut [u8]) {
        match &self.0 {
            Source::System => getrandom::fill(bytes).expect("a system that runs a server can give random bytes"),
            Source::Seeded { seed, drawn } => {
                let mut drawn = drawn.lock().unwrap_or_else(PoisonError::into_inner);
                for part in bytes.chunks_mut(32) {
                    *drawn += 1;
                    let block = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(drawn.to_le_bytes());
                    part.copy_from_slice(&block.finalize()[..part.len()]);
                }
            }
        }
    }

    /// A request's id.
    pub fn request_id(&self) -> RequestId {
        RequestId::from_bytes(as_uuid_v4(self.bytes()))
    }

    pub(crate) fn file_id(&self) -> FileId {
        FileId::from_bytes(as_uuid_v4(self.bytes()))
    }

    /// An event's id sorts by its instant.
    pub(crate) fn event_id(&self, at: Timestamp) -> EventId {
        EventId::from_bytes(as_uuid_v7(self.bytes(), at))
    }

    pub(crate) fn webhook_id(&self) -> WebhookId {
        WebhookId::from_bytes(as_uuid_v4(self.bytes()))
    }

    pub(crate) fn access_token(&self) -> AccessToken {
        AccessToken::from_bytes(self.bytes())
    }

    /// A public or secret key: 20 lower-case hex digits.
    pub(crate) fn key(&self) -> String {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut bytes = [0; KEY_BYTES];
        self.fill(&mut bytes);
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.map(|digit| char::from(HEX[usize::from(digit)])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_bytes_again_but_never_twice() {
        let (one, other) = (Chance::seeded(7), Chance::seeded(7));
        let first = one.bytes();
        assert_eq!(first, other.bytes());
        assert_ne!(first, one.bytes());
        assert_eq!(one.clone().bytes(), {
            other.bytes();
            other.bytes()
        });
        assert_ne!(Chance::seeded(8).bytes(), first);
    }

    #[test]
    fn a_key_is_twenty_lower_case_hex_digits() {
        let key = Chance::system().key();
        assert_eq!(key.len(), 20);
        assert!(key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{key}");
        assert_ne!(key, Chance::system().key());
    }
}
