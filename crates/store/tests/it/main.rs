//! Every function of the store, on both engines: one file per table, and what holds across tables.
#![allow(clippy::unwrap_used, missing_docs)]

mod scene;

mod locks;
mod schema;

mod keys;
mod projects;

mod files;
mod listings;

mod events;
mod verbs;

mod revisions;
mod webhooks;

mod asking;
mod attempts;
mod cursors;
mod dead;
mod retries;
