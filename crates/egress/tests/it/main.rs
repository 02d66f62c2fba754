//! The way out, tried on real sockets: receivers that behave, and receivers that do not.
#![allow(clippy::unwrap_used, missing_docs)]

mod deadlines;
mod limits;
mod refusals;
mod reuse;
mod scene;
mod secure;
mod wire;
