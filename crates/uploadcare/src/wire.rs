//! The JSON of this wire and nothing else: shapes with their keys in the recorded order.
//!
//! All of them borrow from the nouns and are written straight into a buffer; webhooks render ten thousand a second.

pub(crate) mod address;
pub(crate) mod stamp;

pub(crate) mod content;
pub(crate) mod file;
pub(crate) mod info;

pub(crate) mod batch;
pub(crate) mod page;

pub(crate) mod project;
pub(crate) mod webhook;

use serde::{Serialize, Serializer};
use std::fmt::Display;

/// An object without keys: `{}`.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Empty {}

/// What is a JSON string by the way it shows itself: ids and addresses, written without being put together first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spelled<T>(pub T);

impl<T: Display> Serialize for Spelled<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
