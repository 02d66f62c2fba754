//! The kit as doors use it: over real sockets, with whole requests and whole bodies.
#![allow(clippy::unwrap_used, missing_docs)]

mod hostile;
mod multipart;
mod serve;
mod stack;
