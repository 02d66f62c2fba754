//! The fields of a webhook as clients send them, read and checked together, so that one answer names all that is wrong.

use crate::error::rest::Error;
use crate::rest::boolean;
use crate::version::Version;
use crate::webhook::{EVENTS, FILE_UPLOADED};
use domain::secret::Secret;
use domain::webhook::Webhook;
use platform::webhooks::SecretChange;
use serde_json::{Map, Value};
use url::Url;

/// What was given. Null is as good as nothing, but for the signing secret, which it clears; other fields, such as an `id`, are ignored.
#[derive(Debug)]
pub(super) struct Fields {
    pub target_url: Option<String>,
    pub event: Option<String>,
    pub is_active: Option<bool>,
    pub version: Option<Version>,
    pub secret: SecretChange,
}

impl Fields {
    pub fn read(fields: Map<String, Value>) -> Result<Self, Error> {
        let mut reader = Reader { fields, problems: Vec::new() };
        let read = Self {
            target_url: reader.target_url(),
            event: reader.event(),
            is_active: reader.is_active(),
            version: reader.version(),
            secret: reader.secret(),
        };
        if reader.problems.is_empty() { Ok(read) } else { Err(Error::Fields(reader.problems)) }
    }

    /// Whether the webhook as it will be has an event that its version knows.
    pub fn check_against(&self, webhook: &Webhook) -> Result<(), Error> {
        let version = self.version.or_else(|| Version::from_number(&webhook.wish.version));
        let present = webhook.wish.events.first().map_or("", String::as_str);
        let event = self.event.as_deref().unwrap_or(present);
        // A version that is none of ours was made elsewhere, in the days before 0.7.
        check_event(event, version.unwrap_or(Version::V05))
    }
}

/// Which webhooks shall be removed.
#[derive(Debug)]
pub(super) struct Gone {
    pub target_url: String,
    /// Only the one for this event.
    pub event: Option<String>,
}

impl Gone {
    pub fn read(fields: Map<String, Value>) -> Result<Self, Error> {
        let mut reader = Reader { fields, problems: Vec::new() };
        let (target_url, event) = (reader.text("target_url"), reader.text("event"));
        if !reader.problems.is_empty() {
            return Err(Error::Fields(reader.problems));
        }
        Ok(Self { target_url: target_url.ok_or(Error::ParameterMissing("target_url"))?, event })
    }
}

/// Versions before 0.7 know only uploads: a webhook for anything else would never be told.
pub(super) fn check_event(event: &str, version: Version) -> Result<(), Error> {
    if version == Version::V07 || event == FILE_UPLOADED {
        Ok(())
    } else {
        Err(Error::Fields(vec![("event", no_choice(event))]))
    }
}

/// The sentence of the framework behind the original; PostgreSQL's text cannot hold NUL either.
const NULLS_FORBIDDEN: &str = "Null characters are not allowed.";

struct Reader {
    fields: Map<String, Value>,
    problems: Vec<(&'static str, String)>,
}

impl Reader {
    /// A URL; that it may be called is judged by the verb.
    fn target_url(&mut self) -> Option<String> {
        let text = self.text("target_url")?;
        let is_url = Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !is_url {
            self.problems.push(("target_url", "Enter a valid URL.".to_owned()));
        }
        Some(text)
    }

    fn event(&mut self) -> Option<String> {
        let text = self.text("event")?;
        if !EVENTS.contains(&text.as_str()) {
            self.problems.push(("event", no_choice(&text)));
        }
        Some(text)
    }

    fn is_active(&mut self) -> Option<bool> {
        let value = self.fields.remove("is_active")?;
        let flag = match &value {
            Value::Null => return None,
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => boolean(text),
            Value::Number(number) => boolean(&number.to_string()),
            Value::Array(_) | Value::Object(_) => None,
        };
        if flag.is_none() {
            self.problems.push(("is_active", "Must be a valid boolean.".to_owned()));
        }
        flag
    }

    fn version(&mut self) -> Option<Version> {
        let text = self.text("version")?;
        let version = Version::from_number(&text);
        if version.is_none() {
            self.problems.push(("version", no_choice(&text)));
        }
        version
    }

    fn secret(&mut self) -> SecretChange {
        if !self.fields.contains_key("signing_secret") {
            return SecretChange::Keep;
        }
        match self.text("signing_secret") {
            Some(text) => SecretChange::Set(Secret::new(text)),
            None => SecretChange::Clear,
        }
    }

    /// A text without the spaces around it; none if it is absent, null or empty.
    fn text(&mut self, name: &'static str) -> Option<String> {
        match self.fields.remove(name)? {
            Value::Null => None,
            Value::String(text) if text.contains('\0') => {
                self.problems.push((name, NULLS_FORBIDDEN.to_owned()));
                None
            }
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                self.problems.push((name, "Not a valid string.".to_owned()));
                None
            }
        }
    }
}

fn no_choice(text: &str) -> String {
    format!("\"{text}\" is not a valid choice.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(fields: Value) -> Result<Fields, Error> {
        let Value::Object(fields) = fields else { unreachable!("tests give objects") };
        Fields::read(fields)
    }

    #[track_caller]
    fn check(fields: Value, expected: &[(&str, &str)]) {
        let Err(Error::Fields(problems)) = read(fields) else { panic!("taken without a problem") };
        let problems: Vec<(&str, &str)> = problems.iter().map(|(name, problem)| (*name, problem.as_str())).collect();
        assert_eq!(problems, expected);
    }

    #[test]
    fn what_is_absent_or_null_stays() {
        let given =
            read(json!({"id": 7, "target_url": null, "event": null, "is_active": null, "version": ""})).unwrap();
        assert!(given.target_url.is_none() && given.event.is_none() && given.is_active.is_none());
        assert!(given.version.is_none() && matches!(given.secret, SecretChange::Keep));
    }

    #[test]
    fn a_secret_is_kept_cleared_or_set() {
        assert!(matches!(read(json!({"signing_secret": null})).unwrap().secret, SecretChange::Clear));
        assert!(matches!(read(json!({"signing_secret": ""})).unwrap().secret, SecretChange::Clear));
        let given = read(json!({"signing_secret": "s3cret"})).unwrap();
        assert!(matches!(given.secret, SecretChange::Set(secret) if secret.expose() == "s3cret"));
    }

    #[test]
    fn flags_as_clients_spell_them() {
        for flag in [json!(true), json!("true"), json!("True"), json!(1), json!("1")] {
            assert_eq!(read(json!({"is_active": flag})).unwrap().is_active, Some(true));
        }
        for flag in [json!(false), json!("false"), json!("False"), json!(0), json!("0")] {
            assert_eq!(read(json!({"is_active": flag})).unwrap().is_active, Some(false));
        }
    }

    #[test]
    fn every_problem_is_told_at_once() {
        check(
            json!({"target_url": "nope", "event": "x", "is_active": "perhaps", "version": "0.9", "signing_secret": []}),
            &[
                ("target_url", "Enter a valid URL."),
                ("event", "\"x\" is not a valid choice."),
                ("is_active", "Must be a valid boolean."),
                ("version", "\"0.9\" is not a valid choice."),
                ("signing_secret", "Not a valid string."),
            ],
        );
        check(json!({"target_url": "ftp://h/"}), &[("target_url", "Enter a valid URL.")]);
        check(json!({"target_url": true}), &[("target_url", "Not a valid string.")]);
        check(json!({"signing_secret": "a\0"}), &[("signing_secret", "Null characters are not allowed.")]);
    }

    #[test]
    fn targets_lose_the_spaces_around_them() {
        assert_eq!(read(json!({"target_url": "http://x "})).unwrap().target_url.as_deref(), Some("http://x"));
    }

    #[test]
    fn old_versions_know_only_uploads() {
        assert!(check_event("file.stored", Version::V07).is_ok());
        assert!(check_event(FILE_UPLOADED, Version::V05).is_ok());
        assert!(check_event("file.stored", Version::V06).is_err());
    }
}
