//! Why a text is no filter, and where: so that whoever wrote it can mend it.

use super::{CHARS_MAX, COMPARISONS_MAX, DEPTH_MAX, ITEMS_MAX};
use crate::event::EventKind;

/// How many characters of what was found an error repeats.
const FOUND_CHARS_MAX: usize = 40;

/// A text that is no filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at character {position}: {reason}")]
pub struct FilterError {
    /// Where, in characters from 1; one past the last when something is missing at the end.
    pub position: usize,
    /// What is wrong there.
    pub reason: FilterReason,
}

/// What is wrong with a text that is no filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterReason {
    /// Something else belongs here.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What would make sense.
        expected: &'static str,
        /// The beginning of what is there.
        found: String,
    },
    /// No field has this name.
    #[error(
        "no field is called `{0}`; there are mime, declared_mime, name, size, is_image, is_stored, width, height, event and \
         metadata.KEY"
    )]
    FieldUnknown(String),
    /// No event has this name, so the comparison could never hold.
    #[error("no event is called {0:?}; there are {kinds}", kinds = EventKind::ALL.map(EventKind::name).join(", "))]
    EventUnknown(String),
    /// A number that no size or length can reach.
    #[error("the number is too large")]
    NumberTooLarge,
    /// Text without its closing quote; the position is that of the opening one.
    #[error("the text that begins here has no closing quote")]
    TextUnended,
    /// A backslash before a character that needs none.
    #[error(r#"`\{0}` means nothing; within text there are \\ \" \' \n \r and \t"#)]
    EscapeUnknown(char),
    /// A control character within text.
    #[error(r"text has no control characters but those written \n, \r and \t")]
    CharacterForbidden,
    /// More than [`CHARS_MAX`] characters.
    #[error("a filter has at most {CHARS_MAX} characters")]
    TooLong,
    /// More than [`CHARS_MAX`] characters when written out with its spaces and escapes.
    #[error("a filter has at most {CHARS_MAX} characters, counted with spaces between all words and in double quotes")]
    TooLongWritten,
    /// More than [`DEPTH_MAX`] parentheses and `not` within one another.
    #[error("parentheses and `not` nest at most {DEPTH_MAX} deep")]
    TooDeep,
    /// More than [`COMPARISONS_MAX`] comparisons.
    #[error("a filter has at most {COMPARISONS_MAX} comparisons")]
    ComparisonsTooMany,
    /// More than [`ITEMS_MAX`] values in one list.
    #[error("a list has at most {ITEMS_MAX} values")]
    ItemsTooMany,
}

/// The beginning of what was found, as an error repeats it.
pub(super) fn excerpt(found: &str) -> String {
    let mut excerpt: String = found.chars().take(FOUND_CHARS_MAX).collect();
    if excerpt.len() < found.len() {
        excerpt.push('…');
    }
    excerpt
}
