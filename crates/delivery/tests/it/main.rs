//! The heart under trouble: the engine over real rows and a real receiver, on both engines of the store.
#![allow(clippy::unwrap_used, missing_docs)]

mod scene;

mod backlog;
mod failing;
mod order;
mod restarting;
mod revisions;
mod telling;
