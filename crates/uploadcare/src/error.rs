//! Every reason → this wire's status and words: two tables, since its two APIs say the same things differently.
//!
//! [`upload`] answers a sentence or an envelope with a code, [`rest`] a `detail` or the errors of fields. Both match exhaustively: a new
//! reason leads here. Failures that are ours are logged here, once, and told without their cause.

pub(crate) mod rest;
pub(crate) mod upload;

use domain::metadata::{KEY_CHARS_MAX, KEYS_MAX, VALUE_CHARS_MAX};
use platform::Kind;
use std::error::Error as _;

/// What is wrong with metadata: the Upload API's code and the sentence of both. None for rules of other nouns.
fn metadata_sentence(rule: &domain::Error) -> Option<(&'static str, String)> {
    use domain::Error as Rule;
    Some(match rule {
        Rule::MetadataKeysTooMany => {
            ("FileMetadataKeysNumberTooBigError", format!("A file can not have more than {KEYS_MAX} metadata keys."))
        }
        Rule::MetadataKeyEmpty => ("FileMetadataKeyEmptyError", "File's metadata key can not be empty.".to_owned()),
        Rule::MetadataKeyDuplicated(key) => {
            ("FileMetadataKeyDuplicatedError", format!("File's metadata key `{}` has a duplicate.", Shortened(key)))
        }
        Rule::MetadataKeyForbidden(key) => (
            "FileMetadataKeyForbiddenError",
            format!(
                "File's metadata key `{}` contains symbols not allowed by the metadata key format.",
                Shortened(key)
            ),
        ),
        Rule::MetadataKeyTooLong(key) => (
            "FileMetadataKeyLengthTooBigError",
            format!("Length of file metadata key `{}` can not be more than {KEY_CHARS_MAX} symbols.", Shortened(key)),
        ),
        Rule::MetadataValueEmpty(key) => {
            ("FileMetadataValueEmptyError", format!("Value of the file metadata key `{key}` can not be empty."))
        }
        Rule::MetadataValueForbidden(key) => (
            "FileMetadataValueForbiddenError",
            format!("Value of file metadata key `{key}` contains symbols not allowed by the metadata value format."),
        ),
        Rule::MetadataValueTooLong(key) => (
            "FileMetadataValueLengthTooBigError",
            format!("Value of file metadata's key `{key}` can not be more than {VALUE_CHARS_MAX} symbols in length."),
        ),
        Rule::FileRemoved
        | Rule::ProjectName
        | Rule::WebhookEventsEmpty
        | Rule::WebhookTargetTooLong
        | Rule::WebhookSecretTooLong => return None,
    })
}

/// A key as sentences show it: what is beyond the longest allowed is `...`.
struct Shortened<'a>(&'a str);

impl std::fmt::Display for Shortened<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.char_indices().nth(KEY_CHARS_MAX) {
            Some((end, _)) => write!(f, "{}...", &self.0[..end]),
            None => f.write_str(self.0),
        }
    }
}

/// Logs what the caller is not told: a failure of ours, with its chain.
fn log(error: &platform::Error) {
    match error.kind() {
        Kind::Bug => tracing::error!(error = chain(error), "a request failed unexpectedly"),
        Kind::Unavailable => tracing::warn!(error = chain(error), "a request could not be served"),
        Kind::NotFound | Kind::Invalid | Kind::Conflict | Kind::Forbidden | Kind::TooLarge => {}
    }
}

fn chain(error: &platform::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
