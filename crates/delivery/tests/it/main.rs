//! The heart under trouble: the engine over real rows and a real receiver, on both engines of the store.
#![allow(clippy::unwrap_used, missing_docs)]

mod dice;
mod plain;
mod rows;
mod scene;
mod told;

mod asking;
mod backlog;
mod breaker;
mod chain;
mod failing;
mod health;
mod lanes;
mod model;
mod order;
mod pausing;
mod refusing;
mod restarting;
mod resting;
mod revisions;
mod schedule;
mod strict;
mod telling;
mod tests;
