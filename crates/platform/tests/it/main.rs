//! The verbs, as doors call them, over SQLite and a folder of bytes.
#![allow(clippy::unwrap_used, missing_docs)]

mod deliveries;
mod scene;

mod grants;
mod uploads;

mod files;
mod metadata;

mod keys;
mod webhooks;

mod chores;

mod races;
