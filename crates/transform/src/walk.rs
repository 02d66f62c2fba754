//! A header being walked: reads at a place, skips, and a budget that ends every walk.

use std::io::{Read, Seek, SeekFrom};

use crate::limits::HEADER_BYTES_MAX;

/// How much is loaded at once. Small, because a walk over chunks lands in a different window each time.
const WINDOW_BYTES: usize = 4096;

/// Every read answers `None` at the end of the file, on an IO error, and once the budget is spent: for a probe these are
/// the same, the header goes no further.
pub(crate) struct Walk<'a, R> {
    source: &'a mut R,
    at: u64,
    window: Vec<u8>,
    window_at: u64,
    budget_bytes: u64,
}

impl<'a, R: Read + Seek> Walk<'a, R> {
    pub(crate) fn new(source: &'a mut R) -> Self {
        Self { source, at: 0, window: Vec::new(), window_at: 0, budget_bytes: HEADER_BYTES_MAX }
    }

    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    /// Goes to an absolute place. Costs nothing until something is read there.
    pub(crate) fn go(&mut self, to: u64) {
        self.at = to;
    }

    pub(crate) fn skip(&mut self, bytes: u64) -> Option<()> {
        self.at = self.at.checked_add(bytes)?;
        Some(())
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut array = [0; N];
        self.fill(&mut array)?;
        Some(array)
    }

    /// Exactly `length` bytes; the caller has bounded the length.
    pub(crate) fn bytes(&mut self, length: usize) -> Option<Vec<u8>> {
        let bytes = self.up_to(length)?;
        (bytes.len() == length).then_some(bytes)
    }

    /// As many of `length` bytes as there are.
    pub(crate) fn up_to(&mut self, length: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        while bytes.len() < length {
            let Some(window) = self.window() else { break };
            let taken = window.len().min(length - bytes.len());
            bytes.extend_from_slice(&window[..taken]);
            self.skip(taken as u64)?;
        }
        Some(bytes)
    }

    fn fill(&mut self, mut array: &mut [u8]) -> Option<()> {
        while !array.is_empty() {
            let window = self.window()?;
            let taken = window.len().min(array.len());
            array[..taken].copy_from_slice(&window[..taken]);
            array = &mut array[taken..];
            self.skip(taken as u64)?;
        }
        Some(())
    }

    /// What lies at hand from here on: at least one byte, loaded if need be.
    fn window(&mut self) -> Option<&[u8]> {
        let is_inside = (self.window_at..self.window_at + self.window.len() as u64).contains(&self.at);
        if !is_inside {
            self.load()?;
        }
        Some(&self.window[(self.at - self.window_at) as usize..])
    }

    fn load(&mut self) -> Option<()> {
        let most = self.budget_bytes.min(WINDOW_BYTES as u64);
        self.budget_bytes -= most;
        self.window.clear();
        self.window_at = self.at;
        self.source.seek(SeekFrom::Start(self.at)).ok()?;
        self.source.take(most).read_to_end(&mut self.window).ok()?;
        if self.window.is_empty() { None } else { Some(()) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn reads_across_windows_back_and_forth() {
        let bytes: Vec<u8> = (0..10_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let mut source = Cursor::new(bytes.clone());
        let mut walk = Walk::new(&mut source);
        walk.go(4090);
        assert_eq!(walk.bytes(100).unwrap(), bytes[4090..4190]);
        walk.go(3);
        assert_eq!(walk.array(), Some([3, 4]));
        assert_eq!(walk.at(), 5);
        walk.go(9_999);
        assert_eq!((walk.byte(), walk.byte()), (Some(bytes[9_999]), None));
    }

    #[test]
    fn ends_where_the_file_ends() {
        let mut source = Cursor::new(b"abc");
        let mut walk = Walk::new(&mut source);
        assert_eq!(walk.bytes(4), None);
        walk.go(1);
        assert_eq!(walk.up_to(9).unwrap(), b"bc");
        walk.go(u64::MAX);
        assert_eq!(walk.byte(), None);
        assert_eq!(walk.skip(1), None);
    }

    #[test]
    fn ends_when_the_budget_is_spent() {
        let mut source = Cursor::new(vec![0; 2 * WINDOW_BYTES]);
        let mut walk = Walk::new(&mut source);
        let mut loads = 0;
        while walk.byte().is_some() {
            loads += 1;
            walk.go(if walk.at() == 1 { WINDOW_BYTES as u64 } else { 0 });
        }
        assert_eq!(loads, HEADER_BYTES_MAX / WINDOW_BYTES as u64);
    }
}
