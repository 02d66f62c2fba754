//! Boxes inside a box (ISO/IEC 14496-12, 4.2), read from bytes at hand.

/// What is left to read. A read past the end answers none.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// An unsigned number of 0 to 8 bytes, the most significant first.
    pub(super) fn number(&mut self, width: usize) -> Option<u64> {
        Some(self.take(width)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// The version and flags that open a full box.
    pub(super) fn version(&mut self) -> Option<(u64, u64)> {
        Some((self.number(1)?, self.number(3)?))
    }

    /// The next box: its name and content.
    pub(super) fn next_box(&mut self) -> Option<(&'a [u8], Bytes<'a>)> {
        let length = self.number(4)?;
        let kind = self.take(4)?;
        let content = match length {
            0 => self.take(self.0.len())?,
            1 => {
                let length = self.number(8)?.checked_sub(16)?;
                self.take(usize::try_from(length).ok()?)?
            }
            length => self.take(usize::try_from(length.checked_sub(8)?).ok()?)?,
        };
        Some((kind, Bytes(content)))
    }

    /// The content of the first box of this name.
    pub(super) fn find(mut self, wanted: [u8; 4]) -> Option<Bytes<'a>> {
        loop {
            let (kind, content) = self.next_box()?;
            if kind == wanted.as_slice() {
                return Some(content);
            }
        }
    }

    /// All boxes from here on, up to one that breaks off.
    pub(super) fn boxes(mut self) -> Vec<(&'a [u8], Bytes<'a>)> {
        std::iter::from_fn(|| self.next_box()).collect()
    }
}
