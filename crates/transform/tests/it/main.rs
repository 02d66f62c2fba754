//! Real small files, sniffed and probed, whole and broken.
#![allow(clippy::unwrap_used, missing_docs)]

mod breaking;
mod probing;
mod samples;
mod sniffing;
