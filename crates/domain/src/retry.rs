//! Schedule: when the next attempt is due; jitter given, not taken.
//!
//! The default reaches Uploadcare's 72 hours ("retries continue for 72 hours with growing delays") in 15 attempts.

use crate::clock::Timestamp;
use std::time::Duration;

const SECOND: u64 = 1;
const MINUTE: u64 = 60;
const HOUR: u64 = 3600;

/// The waits between attempts, in seconds; the last one is cut at [`ENDS_AFTER`].
const WAITS_SECONDS: [u64; 14] = [
    5 * SECOND,
    30 * SECOND,
    2 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    12 * HOUR,
    12 * HOUR,
    12 * HOUR,
    12 * HOUR,
    12 * HOUR,
];

/// How long after its first attempt a delivery may still be tried.
pub const ENDS_AFTER: Duration = Duration::from_secs(72 * HOUR);

/// How far a wait may be off its step, either way, so that many failures at once do not come back at once.
pub const JITTER: f64 = 0.2;

/// When a failed delivery is tried again. A setting for tests and operators; [`Schedule::default`] is the documented one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    waits: Vec<Duration>,
    ends_after: Duration,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { waits: WAITS_SECONDS.map(Duration::from_secs).to_vec(), ends_after: ENDS_AFTER }
    }
}

impl Schedule {
    /// A schedule of these waits that ends a given time after the first attempt.
    pub fn new(waits: Vec<Duration>, ends_after: Duration) -> Self {
        Self { waits, ends_after }
    }

    /// This schedule with other waits or another end, where given.
    #[must_use]
    pub fn with(&self, waits: Option<Vec<Duration>>, ends_after: Option<Duration>) -> Self {
        Self { waits: waits.unwrap_or_else(|| self.waits.clone()), ends_after: ends_after.unwrap_or(self.ends_after) }
    }

    /// How many attempts a delivery has at most.
    pub fn attempts_max(&self) -> i64 {
        self.waits.len() as i64 + 1
    }

    /// When the next attempt is due after `attempts` failed ones, the last of them at `now`; none when the schedule is spent.
    ///
    /// `chance` lies in 0..=1 and moves the wait by up to [`JITTER`] either way, never past the end.
    pub fn next(&self, attempts: i64, first_at: Timestamp, now: Timestamp, chance: f64) -> Option<Timestamp> {
        let wait = *self.waits.get(usize::try_from(attempts).ok()?.checked_sub(1)?)?;
        let end = first_at.plus(self.ends_after);
        if now >= end {
            return None;
        }
        let factor = 1.0 + JITTER * (2.0 * chance.clamp(0.0, 1.0) - 1.0);
        Some(now.plus(wait.mul_f64(factor)).min(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Runs a delivery that always fails through the default schedule; answers its instants in seconds.
    fn instants(chance: f64) -> Vec<i64> {
        let schedule = Schedule::default();
        let first_at = Timestamp::default();
        let mut at = vec![first_at];
        while let Some(next) = schedule.next(at.len() as i64, first_at, at[at.len() - 1], chance) {
            at.push(next);
        }
        at.into_iter().map(Timestamp::as_seconds).collect()
    }

    #[test]
    fn fifteen_attempts_over_seventy_two_hours() {
        let expected =
            [0, 5, 35, 155, 755, 2555, 6155, 16955, 38555, 81755, 124_955, 168_155, 211_355, 254_555, 259_200];
        assert_eq!(instants(0.5), expected);
    }

    proptest! {
        #[test]
        fn jitter_keeps_each_wait_within_a_fifth_and_the_end_where_it_is(chance in 0.0..=1.0) {
            let at = instants(chance);
            prop_assert!(at.len() <= 15 && at[at.len() - 1] <= 259_200);
            for (pair, wait) in at.windows(2).zip(WAITS_SECONDS) {
                let took = (pair[1] - pair[0]) as f64;
                prop_assert!(took <= wait as f64 * 1.2 + 1.0, "{took} after {wait}");
                prop_assert!(took >= wait as f64 * 0.8 - 1.0 || pair[1] == 259_200, "{took} after {wait}");
            }
        }
    }
}
