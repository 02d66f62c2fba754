//! Page: a stretch of an ordered list, and how to ask for it.

use crate::clock::Timestamp;

/// What files are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By the instant of their upload.
    UploadedAt,
    /// By their size in bytes.
    Size,
}

/// Where a stretch begins, in the terms of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// An instant.
    At(Timestamp),
    /// A size in bytes.
    Size(i64),
}

impl Anchor {
    /// The number that the order's column holds.
    pub fn value(self) -> i64 {
        match self {
            Self::At(at) => at.as_micros(),
            Self::Size(bytes) => bytes,
        }
    }
}

/// Which files of a project, in which order, from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Only removed ones, only those not removed, or both.
    pub is_removed: Option<bool>,
    /// Only stored ones, only those not stored, or both.
    pub is_stored: Option<bool>,
    /// What they are ordered by.
    pub order: Order,
    /// From the greatest down.
    pub is_descending: bool,
    /// Strictly after this, in the order asked for; from the beginning when none.
    pub after: Option<Anchor>,
    /// The stretch right before this instead, given in the order asked for. Not together with `after`.
    pub before: Option<Anchor>,
    /// How many to leave out at the anchor's side.
    pub skip: i64,
    /// How many at most.
    pub limit: i64,
}

/// How many files a project has, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Stored for good.
    pub stored: i64,
    /// Neither stored nor removed.
    pub temporary: i64,
    /// Removed.
    pub removed: i64,
}
