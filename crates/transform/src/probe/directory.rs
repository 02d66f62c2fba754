//! The directories of TIFF 6.0 and `BigTIFF`, which are also those of EXIF: numbered fields with values.
//!
//! Only the directories that are asked for are read, so a directory that points back at itself means nothing.

use std::io::{Read, Seek};

use crate::limits::DIRECTORY_ENTRIES_MAX;
use crate::walk::Walk;

/// A walk that knows the byte order and the width of offsets.
pub(super) struct Directories<'w, 'a, R> {
    walk: &'w mut Walk<'a, R>,
    is_big_endian: bool,
    is_big_tiff: bool,
}

/// One directory: its fields in the order they were found.
#[derive(Default)]
pub(super) struct Directory(Vec<Field>);

struct Field {
    tag: u16,
    kind: u16,
    count: u64,
    /// The value itself if it fits, else where it lies.
    value: [u8; 8],
}

impl Directory {
    fn field(&self, tag: u16) -> Option<&Field> {
        self.0.iter().find(|field| field.tag == tag)
    }
}

impl<'w, 'a, R: Read + Seek> Directories<'w, 'a, R> {
    /// Reads the file header; answers also where the first directory lies.
    pub(super) fn open(walk: &'w mut Walk<'a, R>) -> Option<(Self, u64)> {
        walk.go(0);
        let is_big_endian = match &walk.array()? {
            b"II" => false,
            b"MM" => true,
            _ => return None,
        };
        let mut this = Self { walk, is_big_endian, is_big_tiff: false };
        match this.number(2)? {
            42 => {}
            43 => {
                this.is_big_tiff = true;
                if (this.number(2)?, this.number(2)?) != (8, 0) {
                    return None;
                }
            }
            _ => return None,
        }
        let first = this.number(this.offset_bytes())?;
        Some((this, first))
    }

    pub(super) fn directory(&mut self, at: u64) -> Option<Directory> {
        self.walk.go(at);
        let count = self.number(if self.is_big_tiff { 8 } else { 2 })?;
        let fields = (0..count.min(DIRECTORY_ENTRIES_MAX)).map_while(|_| self.next_field());
        Some(Directory(fields.collect()))
    }

    /// The directory that a field points to.
    pub(super) fn inner(&mut self, directory: &Directory, tag: u16) -> Option<Directory> {
        let at = self.integer(directory, tag)?;
        self.directory(at)
    }

    /// The first value of a field of whole numbers.
    pub(super) fn integer(&mut self, directory: &Directory, tag: u16) -> Option<u64> {
        self.integers(directory, tag, 1)?.first().copied()
    }

    /// At most `most` values of a field of whole numbers (BYTE, SHORT, LONG, IFD, LONG8, IFD8).
    pub(super) fn integers(&mut self, directory: &Directory, tag: u16, most: usize) -> Option<Vec<u64>> {
        let field = directory.field(tag)?;
        let width = match field.kind {
            1 => 1,
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            _ => return None,
        };
        let values = self.values(field, width, most)?;
        Some(values.chunks_exact(width).map(|value| self.decode(value)).collect())
    }

    /// At most `most` values of a field of unsigned fractions (RATIONAL); none if any has no denominator.
    pub(super) fn fractions(&mut self, directory: &Directory, tag: u16, most: usize) -> Option<Vec<f64>> {
        let field = directory.field(tag).filter(|field| field.kind == 5)?;
        let values = self.values(field, 8, most)?;
        let fraction = |value: &[u8]| {
            let (above, below) = (self.decode(&value[..4]), self.decode(&value[4..]));
            (below != 0).then(|| above as f64 / below as f64)
        };
        values.chunks_exact(8).map(fraction).collect()
    }

    /// At most `most` bytes of a text field (ASCII).
    pub(super) fn text(&mut self, directory: &Directory, tag: u16, most: usize) -> Option<Vec<u8>> {
        let field = directory.field(tag).filter(|field| field.kind == 2)?;
        self.values(field, 1, most)
    }

    fn next_field(&mut self) -> Option<Field> {
        let tag = self.number(2)? as u16;
        let kind = self.number(2)? as u16;
        let count = self.number(self.offset_bytes())?;
        let mut value = [0; 8];
        value[..self.offset_bytes()].copy_from_slice(&self.walk.bytes(self.offset_bytes())?);
        Some(Field { tag, kind, count, value })
    }

    fn values(&mut self, field: &Field, width: usize, most: usize) -> Option<Vec<u8>> {
        let length = width * usize::try_from(field.count).ok()?.min(most);
        // Whether a value lies in the field depends on all of it, not on how much is wanted.
        if field.count.checked_mul(width as u64)? <= self.offset_bytes() as u64 {
            return Some(field.value[..length].to_vec());
        }
        self.walk.go(self.decode(&field.value[..self.offset_bytes()]));
        self.walk.bytes(length)
    }

    fn number(&mut self, width: usize) -> Option<u64> {
        let bytes = self.walk.bytes(width)?;
        Some(self.decode(&bytes))
    }

    fn decode(&self, bytes: &[u8]) -> u64 {
        let append = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        if self.is_big_endian { bytes.iter().fold(0, append) } else { bytes.iter().rev().fold(0, append) }
    }

    fn offset_bytes(&self) -> usize {
        if self.is_big_tiff { 8 } else { 4 }
    }
}
