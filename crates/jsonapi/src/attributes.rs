//! Attributes: what a body asks for under its root key, read by type, from JSON and forms alike (section 2.3).
//!
//! Every body may leave its root key out, forms too (C7). Null and the empty text are as good as absent, unless whoever asks wants to
//! know the difference. Unknown attributes are passed over, as the reference does.

use crate::error::Refusal;
use domain::Timestamp;
use serde_json::{Map, Value};
use std::borrow::Cow;
use web::tree::Tree;

/// The spellings of false in a form; any other text is true.
pub(crate) const FALSE: [&str; 7] = ["0", "f", "F", "false", "FALSE", "off", "OFF"];

/// What stands under a root key.
#[derive(Debug)]
pub(crate) struct Attributes(Map<String, Value>);

/// What a body says of an attribute that can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given<T> {
    /// Nothing.
    Absent,
    /// Null, or the empty text where there is no null.
    Null,
    /// This.
    Value(T),
}

impl Attributes {
    /// What stands under the root key; without that, the whole body if it has any of the attributes known there.
    pub(crate) fn under(root: &'static str, known: &[&str], tree: Tree) -> Result<Self, Refusal> {
        let mut map = tree.into_map();
        match map.remove(root) {
            Some(Value::Object(attributes)) => Ok(Self(attributes)),
            None | Some(Value::Null) if known.iter().any(|name| map.contains_key(*name)) => Ok(Self(map)),
            None | Some(Value::Null) => Err(Refusal::RootMissing(root)),
            Some(_) => Err(Refusal::invalid(root, "must hold attributes, not a single value or a list")),
        }
    }

    /// None at all.
    pub(crate) fn none() -> Self {
        Self(Map::new())
    }

    /// An attribute as it was sent; none if it is absent or null.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text that is not empty. Numbers count as texts, since forms cannot tell them apart.
    pub(crate) fn text(&self, name: &str) -> Result<Option<Cow<'_, str>>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => {
                let text = scalar(value).ok_or_else(|| Refusal::invalid(name, "must be a text"))?;
                Ok(Some(text).filter(|text| !text.is_empty()))
            }
        }
    }

    /// A list of texts. Whoever sends a single text is told.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Refusal> {
        let refusal = || Refusal::invalid(name, "must be a list of texts");
        match self.get(name) {
            None => Ok(None),
            Some(Value::Array(list)) => {
                let texts = list.iter().map(|text| text.as_str().map(str::to_owned));
                texts.collect::<Option<_>>().map(Some).ok_or_else(refusal)
            }
            Some(_) => Err(refusal()),
        }
    }

    /// Whether something is so, in JSON or in the spellings of forms.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(value) => {
                let text = scalar(value).ok_or_else(|| Refusal::invalid(name, "must be true or false"))?;
                Ok((!text.is_empty()).then(|| !FALSE.contains(&text.as_ref())))
            }
        }
    }

    /// An instant: ISO 8601 in its many forms or an HTTP date, in UTC when no zone is given.
    pub(crate) fn instant(&self, name: &str) -> Result<Given<Timestamp>, Refusal> {
        match self.0.get(name) {
            None => Ok(Given::Absent),
            Some(Value::Null) => Ok(Given::Null),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(Given::Null),
            Some(Value::String(text)) => {
                let micros = web::instant::parse_iso8601(text)
                    .or_else(|error| web::instant::parse_http_date(text).map_err(|_| error))
                    .map_err(|error| Refusal::invalid(name, format!("{text:?}: {error}")))?;
                Ok(Given::Value(Timestamp::from_micros(micros)))
            }
            Some(_) => Err(Refusal::invalid(name, "must be a text with a date and time")),
        }
    }
}

/// What a form would send for this value.
pub(crate) fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Bool(value) => Some(value.to_string().into()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn under(json: &str) -> Result<Attributes, Refusal> {
        Attributes::under("webhook", &["is_active", "events"], Tree::from_json(json.as_bytes()).unwrap())
    }

    fn attributes(json: &str) -> Attributes {
        under(&format!(r#"{{"webhook": {json}}}"#)).unwrap()
    }

    #[test]
    fn the_root_key_may_be_left_out_and_wins_when_it_is_there() {
        let is_active = |json| under(json).unwrap().boolean("is_active").unwrap();
        assert_eq!(is_active(r#"{"webhook": {"is_active": false}}"#), Some(false));
        assert_eq!(is_active(r#"{"is_active": false}"#), Some(false));
        assert_eq!(is_active(r#"{"is_active": false, "webhook": {"is_active": true}}"#), Some(true));
        assert_eq!(is_active(r#"{"webhook": {}}"#), None);
        for missing in ["{}", r#"{"color": "red"}"#, r#"{"webhook": null}"#] {
            assert!(matches!(under(missing), Err(Refusal::RootMissing("webhook"))), "{missing}");
        }
        for wrong in [r#"{"webhook": "x"}"#, r#"{"webhook": []}"#] {
            assert!(matches!(under(wrong), Err(Refusal::Invalid(_))), "{wrong}");
        }
    }

    #[test]
    fn booleans_as_section_2_3_has_them() {
        for text in FALSE {
            assert_eq!(attributes(&format!(r#"{{"a": "{text}"}}"#)).boolean("a").unwrap(), Some(false));
        }
        for (json, expected) in [
            ("true", Some(true)),
            ("false", Some(false)),
            (r#""False""#, Some(true)),
            (r#""1""#, Some(true)),
            ("0", Some(false)),
            ("null", None),
            (r#""""#, None),
        ] {
            assert_eq!(attributes(&format!(r#"{{"a": {json}}}"#)).boolean("a").unwrap(), expected, "{json}");
        }
        assert!(attributes(r#"{"a": []}"#).boolean("a").is_err());
    }

    #[test]
    fn texts_and_lists_of_them() {
        assert_eq!(attributes(r#"{"a": 1}"#).text("a").unwrap().as_deref(), Some("1"));
        assert_eq!(attributes(r#"{"a": ""}"#).text("a").unwrap(), None);
        assert!(attributes(r#"{"a": {}}"#).text("a").is_err());
        assert_eq!(attributes(r#"{"a": ["x"]}"#).texts("a").unwrap(), Some(vec!["x".into()]));
        assert_eq!(attributes(r#"{"a": null}"#).texts("a").unwrap(), None);
        for json in [r#"{"a": "x"}"#, r#"{"a": [1]}"#, r#"{"a": {"0": "x"}}"#] {
            assert!(attributes(json).texts("a").is_err(), "{json}");
        }
    }

    #[test]
    fn instants_given_taken_back_and_absent() {
        let given = |json: &str| attributes(json).instant("a").unwrap();
        let value = Given::Value(Timestamp::from_micros(1_893_553_445_000_000));
        assert_eq!(given(r#"{"a": "2030-01-02T03:04:05Z"}"#), value);
        assert_eq!(given(r#"{"a": "2030-01-02 03:04:05"}"#), value);
        assert_eq!(given(r#"{"a": "Wed, 02 Jan 2030 03:04:05 GMT"}"#), value);
        assert_eq!(given(r#"{"a": null}"#), Given::Null);
        assert_eq!(given(r#"{"a": " "}"#), Given::Null);
        assert_eq!(given("{}"), Given::Absent);
        for json in [r#"{"a": "soon"}"#, r#"{"a": 5}"#, r#"{"a": "2030-02-30"}"#] {
            assert!(attributes(json).instant("a").is_err(), "{json}");
        }
    }
}
