//! Wire dialect two: the native uc v1 API, JSON:API-like, over the same verbs as every other door.
//!
//! | path below `/api/v1/projects/{project}` | methods | who |
//! |---|---|---|
//! | `/files` | GET | secret key |
//! | `/files` | POST | secret key; without a token where the project allows it |
//! | `/files/{f-…}` | GET, PUT, PATCH, DELETE | secret key; that file's own token |
//! | `/webhooks` | GET, POST | secret key |
//! | `/webhooks/{wh-…}` | GET, PUT, PATCH, DELETE | secret key |
//! | `/webhooks/{wh-… or number}/health`, `/attempts`, `/undelivered` | GET | secret key |
//! | `/webhooks/{wh-… or number}/pause`, `/resume`, `/test` | POST | secret key |
//! | `/events`, `/events/{we-… or sequence}/explain` | GET | secret key |
//!
//! Every path also answers with `.json` behind it, and `/up` says that the server is up. A request is answered in this order:
//!
//! ```text
//!   auth (token, then project) ─► page · attributes (what is asked) ─► one verb of platform ─► resource ─► document
//!                                                    error ◄───────────┘
//! ```
//!
//! The other direction is [`webhook`]: the engine asks it to put events into this wire's words.
//!
//! **Knowingly different from the reference**: what its fact sheet lists as contradictions is decided there (C1 to C30), above all:
//! statuses of errors are 4xx where the reference falls over, lists keep to their project, and event names and targets of webhooks are
//! checked. Groups, actions, conversions, and files from URLs or in chunks are not here yet and say so.

pub mod id;
pub mod webhook;

mod auth;
mod error;
mod routes;

mod attributes;
mod page;
mod policy;
mod query;

mod document;
mod resource;

use delivery::Dialects;
use platform::Platform;

pub use error::WORDING;
pub use routes::routes;

/// Everything this door needs.
#[derive(Clone, Debug)]
pub struct Door {
    /// The verbs.
    pub platform: Platform,
    /// Where the addresses in answers lead.
    pub bases: Bases,
    /// Every wire's words: operators are answered about webhooks of all of them.
    pub dialects: Dialects,
}

/// The public base addresses, without a slash at their ends: `http://127.0.0.1:8080`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bases {
    /// Of the APIs.
    pub api: String,
    /// Of what takes bytes in.
    pub upload: String,
    /// Of what gives bytes out.
    pub cdn: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn bases() -> Bases {
        Bases {
            api: "https://api.example.test".into(),
            upload: "https://upload.example.test".into(),
            cdn: "https://cdn.example.test".into(),
        }
    }
}
