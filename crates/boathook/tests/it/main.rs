//! The house stands: the real binary, driven as its users drive it, and the rules that the code itself must keep.

#![allow(clippy::unwrap_used, missing_docs)]

mod scene;

mod tidy;

mod commands;
mod config;
mod demo;
mod flows;
