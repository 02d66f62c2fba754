//! Reader: settings as the types that rooms want, each refusal naming the setting and where it was set.

use super::error::Error;
use super::layers::Layers;
use std::fmt::Display;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use toml::Value;

/// Reads one setting after the other.
pub(super) struct Reader<'a>(pub &'a Layers);

impl Reader<'_> {
    /// A text as it stands.
    pub fn text(&self, name: &str) -> &str {
        self.value(name).as_str().unwrap_or_default()
    }

    /// A list of texts.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        let items = self.value(name).as_array();
        items.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// True or false.
    pub fn is(&self, name: &str) -> bool {
        self.value(name).as_bool().unwrap_or_default()
    }

    /// A text that must be something.
    pub fn parsed<T: FromStr>(&self, name: &str, expected: &str) -> Result<T, Error> {
        self.text(name).parse().map_err(|_| self.invalid(name, format!("it is {expected}")))
    }

    /// A text that must be something unless it is empty.
    pub fn optional<T: FromStr>(&self, name: &str, expected: &str) -> Result<Option<T>, Error> {
        if self.text(name).is_empty() {
            return Ok(None);
        }
        self.parsed(name, expected).map(Some)
    }

    /// A list whose every text must be something.
    pub fn each<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Vec<T>, Error> {
        let read = |text: &str| text.parse().map_err(|error| self.invalid(name, format!("{text:?}: {error}")));
        self.texts(name).into_iter().map(read).collect()
    }

    /// One of these words.
    pub fn choice<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Result<T, Error> {
        let given = self.text(name);
        let found = choices.iter().find(|(word, _)| *word == given);
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.invalid(name, format!("it is one of {}", words.join(", ")))
        })
    }

    /// A count, from a least one to `i32::MAX`.
    pub fn count(&self, name: &str, min: u32) -> Result<u32, Error> {
        let given = self.value(name).as_integer().unwrap_or(-1);
        let count = u32::try_from(given).ok().filter(|count| (min..=i32::MAX as u32).contains(count));
        count.ok_or_else(|| self.invalid(name, format!("it is a whole number from {min} to {}", i32::MAX)))
    }

    /// A count of which 0 means none.
    pub fn limit(&self, name: &str) -> Result<Option<NonZeroU32>, Error> {
        self.count(name, 0).map(NonZeroU32::new)
    }

    /// A number of bytes, at least 1.
    pub fn bytes(&self, name: &str) -> Result<u64, Error> {
        let given = self.value(name).as_integer().and_then(|bytes| u64::try_from(bytes).ok());
        given.filter(|bytes| *bytes > 0).ok_or_else(|| self.invalid(name, "it is a number of bytes, at least 1".into()))
    }

    /// A number of seconds.
    pub fn seconds(&self, name: &str, min: u32) -> Result<Duration, Error> {
        self.count(name, min).map(|seconds| Duration::from_secs(seconds.into()))
    }

    /// A path; none if it is empty.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        Some(PathBuf::from(self.text(name))).filter(|path| !path.as_os_str().is_empty())
    }

    /// A public address: scheme and host, without a slash at its end.
    pub fn base(&self, name: &str) -> Result<Option<String>, Error> {
        let text = self.text(name).trim_end_matches('/');
        if text.is_empty() {
            return Ok(None);
        }
        let is_base = text.parse::<http::Uri>().is_ok_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some() && uri.query().is_none()
        });
        is_base
            .then(|| Some(text.to_owned()))
            .ok_or_else(|| self.invalid(name, "it is an address like https://files.example.com".into()))
    }

    /// The refusal of a setting's value.
    pub fn invalid(&self, name: &str, reason: String) -> Error {
        let (_, origin) = self.0.get(name).expect("settings are read by names of the default file");
        Error::Invalid { name: name.to_owned(), origin: origin.clone(), reason }
    }

    fn value(&self, name: &str) -> &Value {
        self.0.get(name).expect("settings are read by names of the default file").0
    }
}
