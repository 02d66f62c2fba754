//! A token bucket per key: who asks too often is told when to come back.
//!
//! Each key's bucket is one instant, the moment at which it would be full again (the generic cell rate algorithm).
//! Memory is bounded: keys live in two generations, and when the young one is full the old one leaves, so a key is
//! forgotten only after at least half of the maximum were seen since. To be forgotten is to have a full bucket.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many keys are remembered unless the operator says otherwise: about six megabytes.
pub const KEYS_MAX: usize = 100_000;

/// How often a key may ask.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// This many requests ...
    pub requests: NonZeroU32,
    /// ... in this time, on average,
    pub per: Duration,
    /// and at most this many at once.
    pub burst: NonZeroU32,
    /// How many keys are remembered.
    pub keys_max: usize,
}

/// The refusal: come back after this many whole seconds, at least one. The value of a `Retry-After` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many requests, next one possible in {retry_after_seconds} s")]
pub struct Throttled {
    /// Whole seconds, at least 1.
    pub retry_after_seconds: u64,
}

/// The buckets. Per process: each node of a cluster counts on its own.
#[derive(Debug)]
pub struct Throttle {
    pace: Option<Pace>,
    hasher: RandomState,
    buckets: Mutex<Buckets>,
}

#[derive(Debug)]
struct Pace {
    /// The time one request uses up.
    interval: Duration,
    /// How far ahead of now a bucket may be used up.
    tolerance: Duration,
    generation_keys_max: usize,
}

/// Key hashes, and when each bucket is full again.
#[derive(Debug, Default)]
struct Buckets {
    young: HashMap<u64, Instant>,
    old: HashMap<u64, Instant>,
}

impl Throttle {
    /// A throttle that refuses nobody.
    pub fn off() -> Self {
        Self { pace: None, hasher: RandomState::new(), buckets: Mutex::default() }
    }

    /// A throttle that keeps to these settings.
    pub fn new(settings: Settings) -> Self {
        let interval = settings.per / settings.requests.get();
        let tolerance = interval.saturating_mul(settings.burst.get() - 1);
        let generation_keys_max = (settings.keys_max / 2).max(1);
        Self { pace: Some(Pace { interval, tolerance, generation_keys_max }), ..Self::off() }
    }

    /// Takes one request out of the key's bucket, or says how long until there is one.
    pub fn take(&self, key: &(impl Hash + ?Sized), now: Instant) -> Result<(), Throttled> {
        let Some(pace) = &self.pace else { return Ok(()) };
        let key = self.hasher.hash_one(key);
        // The map is whole whatever happened to whoever held it.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = buckets.find(key).map_or(now, |full_at| full_at.max(now));
        let wait = full_at.saturating_duration_since(now).saturating_sub(pace.tolerance);
        if wait.is_zero() {
            buckets.keep(key, full_at + pace.interval, pace.generation_keys_max);
            Ok(())
        } else {
            Err(Throttled { retry_after_seconds: wait.as_secs() + u64::from(wait.subsec_nanos() > 0) })
        }
    }
}

impl Buckets {
    fn find(&self, key: u64) -> Option<Instant> {
        self.young.get(&key).or_else(|| self.old.get(&key)).copied()
    }

    fn keep(&mut self, key: u64, full_at: Instant, generation_keys_max: usize) {
        if self.young.len() >= generation_keys_max && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, full_at);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn throttle(requests: u32, per: Duration, burst: u32, keys_max: usize) -> Throttle {
        let [requests, burst] = [requests, burst].map(|count| NonZeroU32::new(count).unwrap());
        Throttle::new(Settings { requests, per, burst, keys_max })
    }

    #[test]
    fn a_burst_passes_and_the_next_one_waits() {
        let throttle = throttle(2, SECOND, 3, KEYS_MAX);
        let now = Instant::now();
        for _ in 0..3 {
            assert_eq!(throttle.take("a", now), Ok(()));
        }
        assert_eq!(throttle.take("a", now), Err(Throttled { retry_after_seconds: 1 }));
        assert_eq!(throttle.take("b", now), Ok(()), "keys do not share");
        assert_eq!(throttle.take("a", now + SECOND / 2), Ok(()), "one token is back after half a second");
        assert!(throttle.take("a", now + SECOND / 2).is_err());
    }

    #[test]
    fn whoever_waits_as_told_passes() {
        let throttle = throttle(1, SECOND * 10, 1, KEYS_MAX);
        let now = Instant::now();
        throttle.take("a", now).unwrap();
        let later = now + Duration::from_millis(2500);
        assert_eq!(throttle.take("a", later), Err(Throttled { retry_after_seconds: 8 }));
        assert_eq!(throttle.take("a", later + SECOND * 8), Ok(()));
    }

    #[test]
    fn the_oldest_keys_leave() {
        let throttle = throttle(1, SECOND, 1, 10);
        let now = Instant::now();
        for key in 0..1000 {
            throttle.take(&key, now).unwrap();
        }
        let buckets = throttle.buckets.lock().unwrap();
        assert!(buckets.young.len() + buckets.old.len() <= 10);
        drop(buckets);
        assert!(throttle.take(&999, now).is_err(), "the newest is remembered");
        assert!(throttle.take(&0, now).is_ok(), "the oldest is forgotten");
    }

    #[test]
    fn off_refuses_nobody() {
        let throttle = Throttle::off();
        let now = Instant::now();
        assert!((0..1000).all(|_| throttle.take("a", now).is_ok()));
    }
}
