//! The door as its callers meet it: one file per endpoint, over a whole platform in a folder.
#![allow(clippy::unwrap_used, missing_docs)]

mod hostile;
mod rest;
mod scene;
mod upload;
