//! The catalogue of settings, read from the default file: it is their documentation and their default at once.

use std::sync::LazyLock;
use toml::{Table, Value};

/// The file that shows every setting.
const DEFAULT_FILE: &str = include_str!("../config.default.toml");

/// What settings in the environment begin with.
pub const ENVIRONMENT_PREFIX: &str = "BOATHOOK_";

/// One setting.
#[derive(Debug)]
pub struct Key {
    /// Its name in the file: `data_dir`.
    pub name: String,
    /// Its name as a flag, without the dashes before it: `data-dir`.
    pub flag: String,
    /// Its name in the environment: `BOATHOOK_DATA_DIR`.
    pub variable: String,
    /// What it means: the comment above it.
    pub meaning: String,
    /// What holds unless somebody says otherwise; its type is the setting's type.
    pub default: Value,
}

/// Every setting, in the order of the file.
pub fn all() -> &'static [Key] {
    static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| read(DEFAULT_FILE));
    &KEYS
}

/// The setting of that name.
pub fn find(name: &str) -> Option<&'static Key> {
    all().iter().find(|key| key.name == name)
}

/// The known name most like this one, if any is like it at all.
pub fn nearest(name: &str) -> Option<&'static str> {
    let likeness = |key: &&Key| strsim::jaro_winkler(name, &key.name);
    let best = all().iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    (likeness(&best) > 0.75).then_some(&best.name)
}

/// A setting is a line `name = value` with its meaning in the comment lines right above it.
fn read(text: &str) -> Vec<Key> {
    let defaults: Table = text.parse().expect("the default file is TOML, as a test asserts");
    let (mut keys, mut meaning) = (Vec::new(), Vec::new());
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix('#') {
            meaning.push(comment.trim());
            continue;
        }
        if let Some((name, default)) = line.split_once(" = ").and_then(|(name, _)| defaults.get_key_value(name)) {
            keys.push(Key {
                name: name.clone(),
                flag: name.replace('_', "-"),
                variable: format!("{ENVIRONMENT_PREFIX}{}", name.to_uppercase()),
                meaning: meaning.join(" "),
                default: default.clone(),
            });
        }
        meaning.clear();
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_default_file_is_a_setting_with_a_meaning() {
        let defaults: Table = DEFAULT_FILE.parse().unwrap();
        assert_eq!(all().len(), defaults.len());
        for key in all() {
            assert!(key.meaning.len() > 20 && key.meaning.ends_with('.'), "{}: {:?}", key.name, key.meaning);
        }
    }

    #[test]
    fn one_name_has_three_spellings() {
        let key = find("data_dir").unwrap();
        assert_eq!((key.variable.as_str(), key.flag.as_str()), ("BOATHOOK_DATA_DIR", "data-dir"));
    }

    #[test]
    fn a_mistyped_name_is_near_its_setting() {
        for (typed, meant) in [
            ("listne", Some("listen")),
            ("data-dir", Some("data_dir")),
            ("egress_alow", Some("egress_allow")),
            ("upload_byte_max", Some("upload_bytes_max")),
            ("zzz", None),
        ] {
            assert_eq!(nearest(typed), meant, "{typed}");
        }
    }
}
