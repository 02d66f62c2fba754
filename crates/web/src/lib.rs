//! The kit every door uses; no product words.
//!
//! A door is a route table over verbs. What doors need besides is here, written once: serving, the layers around the
//! routes, reading what callers send, and writing what they expect to the byte.
//!
//! ```text
//!   socket ─► serve ─► stack ─► the door's routes ─► form · params · tree · body        what was asked
//!                                                 ◄─ json · conditional · disposition   what is answered
//!            who asks, how often, when: client_ip · origin · throttle · instant
//! ```
//!
//! **Invariant:** nothing here knows a product, a table or a wire. Every reading function has a limit with a name, and
//! every failure is a closed list of reasons which each door words in its own language. Nothing a caller sends makes
//! anything here panic.

#![allow(clippy::missing_panics_doc, reason = "an expect says why it holds; what can panic documents it")]

pub mod request_id;
pub mod serve;
pub mod stack;

pub mod body;
pub mod form;
pub mod params;
pub mod tree;

pub mod conditional;
pub mod disposition;
pub mod json;

pub mod client_ip;
pub mod instant;
pub mod origin;
pub mod throttle;

mod parameters;

pub use request_id::RequestId;
pub use serve::{Peer, serve};
pub use stack::OriginalTarget;
