//! Stamp: an instant as this wire writes it, `2026-03-03T10:15:30.482913Z`: UTC, always six fractional digits.

use domain::Timestamp;
use serde::{Serialize, Serializer};
use web::instant::rfc3339_micros;

/// An instant on the wire.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamp(pub Timestamp);

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&rfc3339_micros(self.0.as_micros()))
    }
}
