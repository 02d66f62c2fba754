//! Layers: which value of each setting holds, and where it came from. Default, then file, then environment, then flags.

use super::error::Error;
use super::keys::{self, Key};
use std::fmt;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// The environment variable of this name.
    Environment(String),
    /// The flag of this name.
    Flag(String),
}

/// One value for every setting.
#[derive(Clone, Debug)]
pub struct Layers {
    /// In the order of [`keys::all`].
    settled: Vec<(&'static Key, Value, Origin)>,
}

impl Default for Layers {
    fn default() -> Self {
        let settled = keys::all().iter().map(|key| (key, key.default.clone(), Origin::Default));
        Self { settled: settled.collect() }
    }
}

impl Layers {
    /// Puts a file over what is there.
    pub fn add_file(&mut self, path: &Path) -> Result<(), Error> {
        let text =
            std::fs::read_to_string(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
        let table: Table = text.parse().map_err(|source| Error::NotToml { path: path.to_owned(), source })?;
        for (name, value) in table {
            if !self.set(&name, value, Origin::File(path.to_owned()))? {
                return Err(Error::Unknown { nearest: keys::nearest(&name), name, path: path.to_owned() });
            }
        }
        Ok(())
    }

    /// Puts the environment over what is there. A variable that is set but empty says nothing.
    pub fn add_environment(&mut self, find: impl Fn(&str) -> Option<String>) -> Result<(), Error> {
        for key in keys::all() {
            let variable = key.variable.clone();
            if let Some(text) = find(&variable).filter(|text| !text.is_empty()) {
                self.set_text(key, &text, Origin::Environment(variable))?;
            }
        }
        Ok(())
    }

    /// Puts flags over what is there.
    pub fn add_flags(&mut self, flags: &[(&'static Key, String)]) -> Result<(), Error> {
        for (key, text) in flags {
            self.set_text(key, text, Origin::Flag(format!("--{}", key.flag)))?;
        }
        Ok(())
    }

    /// Every setting with what holds and why.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Key, &Value, &Origin)> {
        self.settled.iter().map(|(key, value, origin)| (*key, value, origin))
    }

    /// What holds for one setting, and why.
    pub fn get(&self, name: &str) -> Option<(&Value, &Origin)> {
        let found = self.settled.iter().find(|(key, ..)| key.name == name);
        found.map(|(_, value, origin)| (value, origin))
    }

    fn set_text(&mut self, key: &Key, text: &str, origin: Origin) -> Result<(), Error> {
        let value = as_typed(text, &key.default).ok_or_else(|| mistyped(key, &origin))?;
        self.set(&key.name, value, origin).map(drop)
    }

    /// Answers whether there is such a setting.
    fn set(&mut self, name: &str, value: Value, origin: Origin) -> Result<bool, Error> {
        let Some(place) = self.settled.iter_mut().find(|(key, ..)| key.name == name) else {
            return Ok(false);
        };
        if !is_like(&value, &place.0.default) {
            return Err(mistyped(place.0, &origin));
        }
        (place.1, place.2) = (value, origin);
        Ok(true)
    }
}

impl Origin {
    /// One word for scripts: `default`, `file`, `environment`, `flag`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File(_) => "file",
            Self::Environment(_) => "environment",
            Self::Flag(_) => "flag",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => path.display().fmt(f),
            Self::Environment(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A text from the environment or a flag in the type that the setting's default has.
fn as_typed(text: &str, like: &Value) -> Option<Value> {
    let text = text.trim();
    Some(match like {
        Value::Integer(_) => Value::Integer(text.parse().ok()?),
        Value::Boolean(_) => Value::Boolean(text.parse().ok()?),
        Value::Array(_) => {
            let words = text.split([',', ' ', '\t', '\n']).filter(|word| !word.is_empty());
            Value::Array(words.map(|word| Value::String(word.to_owned())).collect())
        }
        _ => Value::String(text.to_owned()),
    })
}

fn is_like(value: &Value, like: &Value) -> bool {
    match (value, like) {
        (Value::Array(items), Value::Array(_)) => items.iter().all(Value::is_str),
        _ => value.same_type(like),
    }
}

fn mistyped(key: &Key, origin: &Origin) -> Error {
    let expected = match key.default {
        Value::Integer(_) => "a whole number",
        Value::Boolean(_) => "true or false",
        Value::Array(_) => "a list of texts",
        _ => "a text",
    };
    Error::Invalid { name: key.name.clone(), origin: origin.clone(), reason: format!("it is {expected}") }
}
