//! Cursor: how far a webhook has been served in its project's event log; the window above it.
//!
//! Every sequence at or below `low` is settled: delivered, handed to a retry or a dead range, or never owed. The window holds the settled
//! ones above it, so that after a restart nothing above `low` is sent twice that was already settled.

/// How many sequences above `low` may be settled or under way: what one slow delivery can hold back.
///
/// At 5,000 events a second a delivery that hangs for its whole 15 seconds just fills it; the bits take 8 KiB then, and next to nothing otherwise.
pub const WINDOW: i64 = 65_536;

/// How far one webhook has been served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    low: i64,
    previous: i64,
    /// Bit n stands for sequence `low + 1 + n`; the words beyond the last set bit are left out.
    words: std::collections::VecDeque<u64>,
    /// How many bits of the first word have been passed already.
    passed: u32,
}

impl Cursor {
    /// A cursor before which everything is settled.
    pub fn at(low: i64) -> Self {
        Self { low, previous: 0, words: std::collections::VecDeque::new(), passed: 0 }
    }

    /// Reads back what [`Cursor::window`] wrote.
    pub fn from_parts(low: i64, window: &[u8], previous: i64) -> Self {
        let words = window.chunks(8).map(|chunk| {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(word)
        });
        let mut cursor = Self { low, previous, words: words.take(WINDOW as usize / 64).collect(), passed: 0 };
        cursor.advance();
        cursor
    }

    /// The last sequence up to which everything is settled.
    pub fn low(&self) -> i64 {
        self.low
    }

    /// The last sequence at or below `low` that the webhook was owed; 0 if there was none.
    pub fn previous(&self) -> i64 {
        self.previous
    }

    /// Notes a sequence at or below `low` that the webhook was owed; the last one counts. Those that were settled one by one are known.
    pub fn set_previous(&mut self, sequence: i64) {
        self.previous = self.previous.max(sequence);
    }

    /// The window's bits, bit 0 of byte 0 standing for `low + 1`; empty when nothing above `low` is settled.
    pub fn window(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.words.len() * 8);
        for (index, word) in self.words.iter().enumerate() {
            let next = self.words.get(index + 1).copied().unwrap_or(0);
            let carried = if self.passed == 0 { 0 } else { next << (64 - self.passed) };
            bytes.extend_from_slice(&((word >> self.passed) | carried).to_le_bytes());
        }
        while bytes.last() == Some(&0) {
            bytes.pop();
        }
        bytes
    }

    /// Whether this sequence lies within reach: settled, or inside the window.
    pub fn reaches(&self, sequence: i64) -> bool {
        sequence <= self.low + WINDOW
    }

    /// Whether this sequence is settled.
    pub fn is_settled(&self, sequence: i64) -> bool {
        if sequence <= self.low {
            return true;
        }
        let (word, bit) = self.place(sequence);
        self.words.get(word).is_some_and(|word| word >> bit & 1 == 1)
    }

    /// Settles one sequence within reach that the webhook was owed, and moves up past everything settled.
    pub fn settle(&mut self, sequence: i64) {
        if sequence <= self.low {
            return;
        }
        debug_assert!(self.reaches(sequence), "a sequence beyond the window was under way");
        let (word, bit) = self.place(sequence);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << bit;
        self.advance();
    }

    /// Settles everything up to `sequence` at once: for stretches of the log that hold nothing for this webhook.
    pub fn pass(&mut self, sequence: i64) {
        while self.low < sequence {
            let (word, _) = self.place(self.low + 1);
            if word >= self.words.len() {
                self.low = sequence;
                self.words.clear();
                self.passed = 0;
                return;
            }
            self.step();
        }
        self.advance();
    }

    fn place(&self, sequence: i64) -> (usize, u32) {
        let bit = (sequence - self.low - 1) as usize + self.passed as usize;
        (bit / 64, (bit % 64) as u32)
    }

    fn advance(&mut self) {
        while self.words.front().is_some_and(|word| word >> self.passed & 1 == 1) {
            self.step();
        }
        if self.words.is_empty() {
            self.passed = 0;
        }
    }

    fn step(&mut self) {
        let is_settled = self.words.front().is_some_and(|word| word >> self.passed & 1 == 1);
        self.low += 1;
        if is_settled {
            self.previous = self.low;
        }
        self.passed += 1;
        if self.passed == 64 {
            self.words.pop_front();
            self.passed = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        /// Against the plainest model: a set of settled numbers.
        #[test]
        fn a_cursor_is_a_set_of_settled_sequences(start in 0_i64..100, steps in prop::collection::vec((0_u8..10, 1_i64..300), 0..60)) {
            let mut cursor = Cursor::at(start);
            let mut settled: BTreeSet<i64> = (0..=start).collect();
            for (kind, ahead) in steps {
                let sequence = cursor.low() + ahead;
                if kind == 0 {
                    cursor.pass(sequence);
                    settled.extend(start..=sequence);
                } else {
                    cursor.settle(sequence);
                    settled.insert(sequence);
                }
                let low = (0..i64::MAX).find(|n| !settled.contains(&(n + 1))).unwrap();
                prop_assert_eq!(cursor.low(), low);
                let copy = Cursor::from_parts(cursor.low(), &cursor.window(), 0);
                for n in low..low + 300 {
                    prop_assert_eq!(cursor.is_settled(n), settled.contains(&n), "{}", n);
                    prop_assert_eq!(copy.is_settled(n), settled.contains(&n), "copy {}", n);
                }
            }
        }
    }

    #[test]
    fn a_full_window_survives_the_table() {
        let mut cursor = Cursor::at(10);
        (12..=10 + WINDOW).for_each(|n| cursor.settle(n));
        let copy = Cursor::from_parts(10, &cursor.window(), 7);
        assert!(copy.is_settled(10 + WINDOW) && !copy.is_settled(11) && copy.previous() == 7);
        cursor.settle(11);
        assert_eq!((cursor.low(), cursor.window()), (10 + WINDOW, vec![]));
    }

    #[test]
    fn what_was_owed_last_is_known_however_it_is_passed() {
        let mut cursor = Cursor::at(10);
        for settled in [13, 14, 17] {
            cursor.settle(settled);
        }
        let mut copy = Cursor::from_parts(10, &cursor.window(), 0);
        copy.pass(12);
        assert_eq!((copy.low(), copy.previous()), (14, 14));
        copy.pass(20);
        assert_eq!((copy.low(), copy.previous()), (20, 17));
        copy.set_previous(19);
        copy.set_previous(16);
        assert_eq!(copy.previous(), 19);
    }
}
