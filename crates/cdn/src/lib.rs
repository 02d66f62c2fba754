//! Files to anyone with the address.
//!
//! The walk of a request, so far for originals only:
//!
//! ```text
//!   GET /{uuid}/-/inline/no/cat.jpg
//!     path      which file, shown or saved, under which name      400 names an operation that is not done here yet
//!     platform  the file, unless it was removed                   404
//!     access    if its original is protected: may they see it?    404, as if there were none
//!     serve     ETag, ranges, type, and the bytes as a stream     200 206 304 412 416
//! ```
//!
//! `/cdn/{id}` leads to the same place by another wire's spelling of ids, which the assembly hands in: bare it gives the bytes, with
//! anything behind the id it redirects to `/{uuid}/…`, where the rules above hold (C17 of the uc fact sheet).
//!
//! **Invariants.** Whatever was uploaded, it runs no script on this host: [`media`] decides which types a browser may be shown without a
//! sandbox, and nobody may guess another type. A protected original is told apart from one that is not there only by who may see it.

mod routes;

mod access;
mod media;
mod path;
mod serve;

mod error;

use domain::id::{AccessToken, FileId};
use platform::Platform;
use std::time::Duration;

pub use error::WORDING;
pub use routes::routes;

/// Everything this door needs.
#[derive(Clone, Debug)]
pub struct Door {
    /// The verbs.
    pub platform: Platform,
    /// The public address of this door, without a slash at its end: where `/cdn/{id}/…` redirects to.
    pub base: String,
    /// How ids below `/cdn/`, and tokens, are spelled.
    pub spelling: Spelling,
    /// What an operator may change.
    pub settings: Settings,
}

/// Another wire's spelling of ids, so that the two doors need not know each other.
#[derive(Clone, Copy, Debug)]
pub struct Spelling {
    /// Reads the id of a file.
    pub parse_file: fn(&str) -> Option<FileId>,
    /// Reads the token that opens one file.
    pub parse_token: fn(&str) -> Option<AccessToken>,
}

/// What an operator may change about delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a cache may keep a public original without asking again: what removing or protecting a file may take to be noticed
    /// there. Asking again costs no bytes.
    pub public_cache_for: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { public_cache_for: Duration::from_hours(1) }
    }
}
