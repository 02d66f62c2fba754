//! The life of bytes as a caller sees it, a file per concern.
#![allow(clippy::unwrap_used, missing_docs)]

mod publishing;
mod reading;
mod scene;
mod sweeping;
mod trouble;
