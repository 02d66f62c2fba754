//! Filter: the expression by which a webhook says which events it wants, beyond their names.
//!
//! ```text
//! filter     = all { "or" all }
//! all        = one { "and" one }
//! one        = "not" one | "(" filter ")" | comparison
//! comparison = field ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
//!            | field "like" text | field "in" "(" value { "," value } ")" | field "exists" | flag
//!
//! (mime like "image/*" and size <= 20MB) or metadata.album in ("pier", "boats") or not is_stored
//! ```
//!
//! | Field | Is | Takes |
//! |---|---|---|
//! | `mime`, `declared_mime` | text: the type read from the bytes, the type the sender told; compared without regard to ASCII case (RFC 9110, section 8.3.1) | `=` `!=` `like` `in` `exists` |
//! | `name` | text: the file's name | the same |
//! | `metadata.KEY`, `metadata["any key"]` | text: one metadata value; absent without that key, and never empty | the same |
//! | `event` | text: [what happened](crate::event::EventKind::name), e.g. `file_uploaded`; `=`, `!=` and `in` refuse names that no event has | the same |
//! | `size` | a number: bytes; values may carry `KB` `MB` `GB` (powers of 1000) or `KiB` `MiB` `GiB` (of 1024) | `=` `!=` `<` `<=` `>` `>=` `in` `exists` |
//! | `width`, `height` | numbers: an image's pixels, as stored; absent for anything else | the same |
//! | `is_image`, `is_stored` | flags; alone they mean `= true` | `=` `!=` `exists`, values `true` and `false` |
//!
//! - Text stands in double or single quotes; within, `\\`, `\"`, `\'`, `\n`, `\r` and `\t`, and no other control characters.
//! - `like` covers the whole text; `*` stands for any characters, also none. There is no other wildcard, and no escape for `*`: use `=`.
//! - Words of the language and units are read in any case, names of fields and events only as they are.
//! - `not` binds tighter than `and`, `and` tighter than `or`.
//! - A comparison with an absent field is false, and `!=` is always the opposite of `=`: `metadata.album != "pier"` holds for a file without
//!   an album, as its words say. So there are two truths, not SQL's three, and whatever is true of logic is true of filters.
//!
//! The subject is seen as it stood right after the change. A filter is read once and then asked of every event: asking allocates nothing.

mod error;
mod evaluation;
mod expression;
mod lexer;
mod parser;
mod pattern;
mod written;

#[cfg(test)]
mod laws;

pub use error::{FilterError, FilterReason};

use crate::event::Fact;
use expression::Expression;

/// The longest filter, in characters: as given, and as [written out](Filter#impl-Display-for-Filter).
pub const CHARS_MAX: usize = 2_000;
/// How deep parentheses and `not` may nest, counted together.
pub const DEPTH_MAX: usize = 32;
/// The most comparisons in one filter.
pub const COMPARISONS_MAX: usize = 64;
/// The most values in one list.
pub const ITEMS_MAX: usize = 100;

/// Which events are wanted. Prints as its canonical text, on one line, which reads back as the same filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter(Expression);

/// One comparison of a filter, by itself: what stands around it, a `not` for instance, is not counted in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The comparison in canonical text: `size > 20MB`.
    pub text: String,
    /// Whether it held.
    pub holds: bool,
}

impl Filter {
    /// Reads a filter; the error says where it stopped making sense, and what was expected there.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        if text.chars().nth(CHARS_MAX).is_some() {
            return Err(FilterError { position: CHARS_MAX + 1, reason: FilterReason::TooLong });
        }
        let filter = Self(parser::parse(text)?);
        // What was read from a table must be readable again, and it is the canonical text that is kept.
        if filter.to_string().chars().nth(CHARS_MAX).is_some() {
            return Err(FilterError { position: text.chars().count() + 1, reason: FilterReason::TooLongWritten });
        }
        Ok(filter)
    }

    /// Whether the event is wanted.
    pub fn matches(&self, fact: &Fact) -> bool {
        self.0.holds(fact)
    }

    /// Each comparison in the order it was written, and whether it held: all of them, also those that decided nothing.
    pub fn explain(&self, fact: &Fact) -> Vec<Clause> {
        let clause = |comparison: &expression::Comparison| Clause {
            text: comparison.to_string(),
            holds: comparison.holds(fact),
        };
        self.0.comparisons().into_iter().map(clause).collect()
    }
}

impl std::fmt::Display for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explanation_lists_every_comparison_by_itself() {
        let filter = Filter::parse("size>20mb and not (name like '*.png' or is_image)").unwrap();
        let fact = laws::fact(&crate::file::tests::sample());
        let clauses = filter.explain(&fact).into_iter().map(|clause| (clause.text, clause.holds)).collect::<Vec<_>>();
        let expected = [("size > 20MB", false), (r#"name like "*.png""#, true), ("is_image = true", false)]
            .map(|(t, h)| (t.into(), h));
        assert_eq!(clauses, expected);
        assert!(!filter.matches(&fact));
    }

    #[track_caller]
    fn accepts(text: &str) {
        assert_eq!(Filter::parse(text).err(), None, "{text}");
    }

    #[track_caller]
    fn refuses(text: &str, position: usize, reason: FilterReason) {
        assert_eq!(Filter::parse(text), Err(FilterError { position, reason }), "{text}");
    }

    fn repeated(count: usize, text: &str, between: &str) -> String {
        vec![text; count].join(between)
    }

    #[test]
    fn comparisons_and_lists_are_counted() {
        accepts(&repeated(COMPARISONS_MAX, "size=1", " or "));
        let position = COMPARISONS_MAX * "size=1 or ".len() + 1;
        refuses(&repeated(COMPARISONS_MAX + 1, "size=1", " or "), position, FilterReason::ComparisonsTooMany);
        accepts(&format!("size in ({})", repeated(ITEMS_MAX, "1", ",")));
        let position = "size in (".len() + 2 * ITEMS_MAX + 1;
        refuses(&format!("size in ({})", repeated(ITEMS_MAX + 1, "1", ",")), position, FilterReason::ItemsTooMany);
    }

    #[test]
    fn parentheses_and_not_nest_so_deep() {
        for (open, close) in [("(", ")"), ("not ", ""), ("not(", ")")] {
            let depth_max = if open == "not(" { DEPTH_MAX / 2 } else { DEPTH_MAX };
            let nested = |depth| format!("{}is_image{}", open.repeat(depth), close.repeat(depth));
            accepts(&nested(depth_max));
            refuses(&nested(depth_max + 1), depth_max * open.len() + 1, FilterReason::TooDeep);
        }
        accepts(&repeated(COMPARISONS_MAX, "(not is_image)", " or "));
    }

    #[test]
    fn a_filter_is_short_both_as_given_and_as_written_out() {
        let frame = r#"name = """#.len();
        let named = |count| format!("name = '{}'", "é".repeat(count));
        accepts(&named(CHARS_MAX - frame));
        refuses(&named(CHARS_MAX - frame + 1), CHARS_MAX + 1, FilterReason::TooLong);
        let quoted = format!("name = '{}'", "\"".repeat(1_000));
        refuses(&quoted, frame + 1_001, FilterReason::TooLongWritten);
    }
}
