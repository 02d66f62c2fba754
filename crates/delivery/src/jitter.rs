//! Jitter: the chance that moves retries off their step, so that many failures at once do not come back at once.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// A source of numbers in 0..1: unlike from process to process, or from a seed in tests.
#[derive(Debug)]
pub struct Jitter(AtomicU64);

impl Jitter {
    /// Unlike in every process.
    pub fn random() -> Self {
        Self::seeded(RandomState::new().hash_one(std::process::id()))
    }

    /// The same numbers for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// Sixteen bytes for an id that nobody needs to be unable to guess.
    pub(crate) fn bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        for half in bytes.chunks_mut(8) {
            half.copy_from_slice(&self.draw().to_be_bytes());
        }
        bytes
    }

    /// The next number: `SplitMix64` (Steele, Lea, Flood 2014), its upper 53 bits.
    pub(crate) fn next(&self) -> f64 {
        (self.draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn draw(&self) -> u64 {
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.0.fetch_add(GOLDEN, Ordering::Relaxed).wrapping_add(GOLDEN);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lie_evenly_between_zero_and_one() {
        let jitter = Jitter::seeded(7);
        let numbers: Vec<f64> = (0..10_000).map(|_| jitter.next()).collect();
        assert!(numbers.iter().all(|n| (0.0..1.0).contains(n)));
        let mean = numbers.iter().sum::<f64>() / 10_000.0;
        assert!((0.48..0.52).contains(&mean), "{mean}");
    }
}
