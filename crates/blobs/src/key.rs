//! The layout of keys: where each kind of bytes lies, as a path that any engine can use.
//!
//! `originals/ab/cd/<32 hex digits>`: two levels of 256 folders taken from the id's own first bytes, so that ten million
//! files make folders of about 150 entries, and a listing can be walked a folder at a time.

use std::fmt;
use std::str::FromStr;

/// The first folder of every original.
pub(crate) const ORIGINALS: &str = "originals";

/// Names some bytes. Compares and sorts by its text.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    text: String,
    id: [u8; 16],
}

/// The text is not a key of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a key")]
pub struct NotAKey;

impl Key {
    /// The key of the bytes that arrived for the file with this 128-bit id.
    pub fn original(id: [u8; 16]) -> Self {
        let name = hex::encode(id);
        Self { text: format!("{ORIGINALS}/{}/{}/{name}", &name[0..2], &name[2..4]), id }
    }

    /// The id the key was made from.
    pub fn id(&self) -> [u8; 16] {
        self.id
    }

    /// The key as a relative path with forward slashes.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Reads back what [`Key::as_str`] gave, and nothing else: there is one spelling per key.
impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let (_folders, name) = text.rsplit_once('/').ok_or(NotAKey)?;
        let mut id = [0; 16];
        hex::decode_to_slice(name, &mut id).map_err(|_| NotAKey)?;
        let key = Self::original(id);
        if key.text == text { Ok(key) } else { Err(NotAKey) }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_original_lies_under_the_first_two_bytes_of_its_id() {
        let key = Key::original([0xab, 0xcd, 0xef, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0xff]);
        assert_eq!(key.as_str(), "originals/ab/cd/abcdef0102030405060708090a0b0cff");
        assert_eq!(key.as_str().parse(), Ok(key));
    }

    #[test]
    fn only_its_own_spelling_is_a_key() {
        for text in [
            "",
            "abcdef0102030405060708090a0b0cff",
            "originals/ab/cd/abcdef0102030405060708090a0b0c",
            "originals/ab/ce/abcdef0102030405060708090a0b0cff",
            "originals/ab/cd/ABCDEF0102030405060708090A0B0CFF",
            "originals/ab/cd/../cd/abcdef0102030405060708090a0b0cff",
            "variants/ab/cd/abcdef0102030405060708090a0b0cff",
        ] {
            assert_eq!(text.parse::<Key>(), Err(NotAKey), "{text}");
        }
    }
}
