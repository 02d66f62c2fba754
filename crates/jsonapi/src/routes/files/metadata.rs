//! Metadata in bodies: a map, or a list of `{key, value}` (section 5.6). The reserved key is ignored in both.

use crate::attributes::{Attributes, scalar};
use crate::error::Refusal;
use crate::resource::file::RESERVED_METADATA_KEY;
use domain::metadata::Metadata;
use platform::files::MetadataWish;
use serde_json::Value;

const NAME: &str = "metadata";

/// The pairs a new file begins with, from either form.
pub(super) fn first(attributes: &Attributes) -> Result<Metadata, Refusal> {
    match wish(attributes)? {
        None => Ok(Metadata::default()),
        Some(MetadataWish::Replace(metadata)) => Ok(metadata),
        Some(MetadataWish::Merge(pairs)) => checked(pairs),
    }
}

/// A map replaces all pairs, a list sets those it names; absent or null, nothing changes.
pub(super) fn wish(attributes: &Attributes) -> Result<Option<MetadataWish>, Refusal> {
    match attributes.get(NAME) {
        None => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::Object(map)) => {
            let pairs = map.iter().map(|(key, value)| pair(key, value));
            let pairs = pairs.collect::<Result<Vec<_>, _>>()?;
            Ok(Some(MetadataWish::Replace(checked(without_reserved(pairs))?)))
        }
        Some(Value::Array(list)) => {
            let pairs = list.iter().map(listed).collect::<Result<Vec<_>, _>>()?;
            Ok(Some(MetadataWish::Merge(without_reserved(pairs))))
        }
        Some(_) => Err(Refusal::invalid(NAME, "must be a map, or a list of {key, value}")),
    }
}

fn listed(item: &Value) -> Result<(String, String), Refusal> {
    let key = item.get("key").and_then(scalar);
    match (key, item.get("value")) {
        (Some(key), Some(value)) => pair(&key, value),
        _ => Err(Refusal::invalid(NAME, "every item of the list must have a key and a value")),
    }
}

fn pair(key: &str, value: &Value) -> Result<(String, String), Refusal> {
    let value = scalar(value).ok_or_else(|| Refusal::invalid(NAME, format!("the value of {key:?} must be a text")))?;
    Ok((key.to_owned(), value.into_owned()))
}

fn without_reserved(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.into_iter().filter(|(key, _)| key != RESERVED_METADATA_KEY).collect()
}

fn checked(pairs: Vec<(String, String)>) -> Result<Metadata, Refusal> {
    Metadata::from_pairs(pairs).map_err(|rule| Refusal::Platform(rule.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use web::tree::Tree;

    fn read(json: &str) -> Result<Option<MetadataWish>, Refusal> {
        let json = format!(r#"{{"file": {{"metadata": {json}}}}}"#);
        wish(&Attributes::under("file", &[], Tree::from_json(json.as_bytes()).unwrap()).unwrap())
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect()
    }

    #[test]
    fn a_map_replaces() {
        let Some(MetadataWish::Replace(metadata)) = read(r#"{"a": "1", "file_id": "x", "n": 2}"#).unwrap() else {
            panic!("a map replaces");
        };
        assert_eq!(metadata, Metadata::from_pairs(pairs(&[("a", "1"), ("n", "2")])).unwrap());
        assert!(matches!(read("{}").unwrap(), Some(MetadataWish::Replace(_))));
    }

    #[test]
    fn a_list_merges() {
        let json = r#"[{"key": "a", "value": "1"}, {"key": "file_id", "value": "x"}]"#;
        let Some(MetadataWish::Merge(merged)) = read(json).unwrap() else {
            panic!("a list merges");
        };
        assert_eq!(merged, pairs(&[("a", "1")]));
    }

    #[test]
    fn nothing_changes_nothing_and_nonsense_is_refused() {
        assert!(read("null").unwrap().is_none());
        assert!(read(r#""""#).unwrap().is_none());
        for json in [
            r#""red""#,
            r#"{"a": null}"#,
            r#"{"a": ["1"]}"#,
            r#"{"a b": "1"}"#,
            r#"["a"]"#,
            r#"[{"key": "a"}]"#,
            r#"[{"value": "1"}]"#,
        ] {
            assert!(read(json).is_err(), "{json}");
        }
    }
}
