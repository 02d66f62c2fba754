//! The resources as this wire writes them: borrowing structs, serialised straight into the answer or the webhook's body.

pub(crate) mod delivery;
pub(crate) mod file;
pub(crate) mod webhook;

use domain::Timestamp;
use serde::{Serialize, Serializer};

/// An instant with three fractional digits, as the reference's own database gives them (section 2.3).
struct Millis(Timestamp);

/// An instant with six fractional digits, as the reference passes them on from upstream (section 2.3).
struct Micros(Timestamp);

impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&web::instant::rfc3339_millis(self.0.as_micros()))
    }
}

impl Serialize for Micros {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&web::instant::rfc3339_micros(self.0.as_micros()))
    }
}
