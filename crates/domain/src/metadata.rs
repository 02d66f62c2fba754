//! Metadata: key-value pairs on a file, and their limits (Uploadcare, "File metadata").

use crate::Error;
use std::collections::BTreeMap;

/// The most keys on one file.
pub const KEYS_MAX: usize = 50;
/// The longest key, in characters of `A-Z a-z 0-9 _ - . :`.
pub const KEY_CHARS_MAX: usize = 64;
/// The longest value, in characters.
pub const VALUE_CHARS_MAX: usize = 512;

/// A file's key-value pairs, ordered by key. Always within the limits above.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(BTreeMap<String, String>);

impl Metadata {
    /// Checks pairs that arrive together; a key given twice is refused.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, Error> {
        let mut metadata = Self::default();
        for (key, value) in pairs {
            if metadata.0.contains_key(&key) {
                return Err(Error::MetadataKeyDuplicated(key));
            }
            metadata.set(key, value)?;
        }
        Ok(metadata)
    }

    /// Takes pairs that were checked when they were written.
    pub fn from_trusted(pairs: BTreeMap<String, String>) -> Self {
        Self(pairs)
    }

    /// Sets one value; returns the value it replaced.
    pub fn set(&mut self, key: String, value: String) -> Result<Option<String>, Error> {
        check_key(&key)?;
        check_value(&key, &value)?;
        if self.0.len() >= KEYS_MAX && !self.0.contains_key(&key) {
            return Err(Error::MetadataKeysTooMany);
        }
        Ok(self.0.insert(key, value))
    }

    /// Removes one key; returns its value.
    pub fn delete(&mut self, key: &str) -> Option<String> {
        self.0.remove(key)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// All pairs, by key.
    pub fn pairs(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

fn check_key(key: &str) -> Result<(), Error> {
    if key.is_empty() {
        return Err(Error::MetadataKeyEmpty);
    }
    if key.chars().count() > KEY_CHARS_MAX {
        return Err(Error::MetadataKeyTooLong(key.to_owned()));
    }
    if !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte)) {
        return Err(Error::MetadataKeyForbidden(key.to_owned()));
    }
    Ok(())
}

fn check_value(key: &str, value: &str) -> Result<(), Error> {
    if value.is_empty() {
        return Err(Error::MetadataValueEmpty(key.to_owned()));
    }
    if value.chars().count() > VALUE_CHARS_MAX {
        return Err(Error::MetadataValueTooLong(key.to_owned()));
    }
    // PostgreSQL's text cannot hold NUL, and no client means it.
    if value.contains('\0') {
        return Err(Error::MetadataValueForbidden(key.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &str, value: &str, expected: Result<(), &Error>) {
        let pairs = [(key.to_owned(), value.to_owned())];
        assert_eq!(Metadata::from_pairs(pairs).as_ref().map(|_| ()), expected);
    }

    #[test]
    fn keys_and_values_have_limits() {
        check("a", "x", Ok(()));
        check("Az0_-.:", "x", Ok(()));
        check(&"k".repeat(64), &"é".repeat(512), Ok(()));
        check("", "x", Err(&Error::MetadataKeyEmpty));
        check("a b", "x", Err(&Error::MetadataKeyForbidden("a b".into())));
        check("é", "x", Err(&Error::MetadataKeyForbidden("é".into())));
        check(&"k".repeat(65), "x", Err(&Error::MetadataKeyTooLong("k".repeat(65))));
        check("a", "", Err(&Error::MetadataValueEmpty("a".into())));
        check("a", "\0", Err(&Error::MetadataValueForbidden("a".into())));
        check("a", &"x".repeat(513), Err(&Error::MetadataValueTooLong("a".into())));
    }

    #[test]
    fn the_fifty_first_key_is_refused_but_the_fifty_may_change() {
        let mut metadata = Metadata::from_pairs((0..50).map(|n| (format!("k{n}"), "v".into()))).unwrap();
        assert_eq!(metadata.set("k7".into(), "w".into()), Ok(Some("v".into())));
        assert_eq!(metadata.set("more".into(), "v".into()), Err(Error::MetadataKeysTooMany));
    }

    #[test]
    fn a_key_given_twice_is_refused() {
        let twice = [("a".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())];
        assert_eq!(Metadata::from_pairs(twice), Err(Error::MetadataKeyDuplicated("a".into())));
    }
}
