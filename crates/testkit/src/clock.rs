//! A clock that stands still until a test moves it.

use domain::Clock;
use domain::clock::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Where a [`ManualClock`] begins: 2026-03-03T10:20:00Z.
pub const BEGINNING: Timestamp = Timestamp::from_micros(1_772_533_200_000_000);

/// Time as a test tells it.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl Default for ManualClock {
    fn default() -> Self {
        Self::at(BEGINNING)
    }
}

impl ManualClock {
    /// A clock that shows this instant.
    pub fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.as_micros()))
    }

    /// Moves forward; answers the new instant.
    pub fn advance(&self, span: Duration) -> Timestamp {
        let later = self.now().plus(span);
        self.set(later);
        later
    }

    /// Shows this instant, which may lie before the present one.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_micros(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}
