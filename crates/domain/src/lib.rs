//! The nouns of boathook and their rules.
//!
//! | Word | Means |
//! |---|---|
//! | [Project](project::Project) | a tenant: keys, files, webhooks |
//! | [File](file::File) | bytes that arrived whole, and what is known about them |
//! | [Content](content::Content) | what those bytes are: MIME type, image, video |
//! | [Event](event::Event) | a fact in the past tense, with a snapshot of its subject; numbered without gaps in its project |
//! | [Webhook](webhook::Webhook) | a standing wish to be told |
//! | [Filter](filter::Filter) | which events a webhook wants, beyond their names |
//! | [Delivery](delivery::DeliveryId) | one event owed to one webhook |
//! | [Attempt](attempt::Attempt) | one HTTP request for a delivery |
//! | [Outcome](attempt::Outcome) | what came of an attempt |
//! | [Cursor](cursor::Cursor) | how far a webhook has been served in its project's log |
//! | [Schedule](retry::Schedule) | when the next attempt is due |
//! | [Policy](policy::Policy) | how a webhook wants to be served |
//! | [Breaker](breaker::Breaker) | whether a failing receiver is left alone for a while |
//! | [Health](health::Health) | how a webhook has been doing, and whether anything is sent to it at all |
//! | [Principal](project::Grant) | whoever is asking: here, what they hold; `platform` says who they are |
//!
//! A file's transitions return the [Change](event::Change) they cause, or none when nothing changed: so no change can forget its event,
//! and doing a thing twice tells nobody twice.
//!
//! **Invariant:** nothing here waits, stores, serialises or asks the time. Instants and chance are handed in.

pub mod clock;
pub mod id;
pub mod secret;

pub mod project;

pub mod content;
pub mod file;
pub mod metadata;

pub mod event;
pub mod webhook;

pub mod filter;
pub mod policy;
pub mod subscription;

pub mod attempt;
pub mod breaker;
pub mod cursor;
pub mod delivery;
pub mod health;
pub mod retry;

pub mod page;

mod error;

pub use clock::{Clock, Timestamp};
pub use error::Error;
