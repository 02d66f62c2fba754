//! Instants as doors spell them: microseconds since the epoch (UTC, as kept in rows) and the texts of the wires.
//!
//! Writing is exact and one way; reading is lenient, because callers' dates come from a dozen languages' libraries.
//! Nothing here asks what time it is.

mod civil;
mod http_date;
mod iso8601;

pub use http_date::{http_date, parse_http_date};
pub use iso8601::{parse_iso8601, rfc3339_micros, rfc3339_millis};

/// Why a text is not an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadInstant {
    /// The text has none of the known forms.
    #[error("not a known form of date and time")]
    Form,
    /// The form is right, but there is no such day or time of day, such as 30 February or 25:00.
    #[error("no such day or time of day")]
    Range,
    /// The zone is neither UTC by any of its names nor a numeric offset.
    #[error("not a known time zone")]
    Zone,
}
