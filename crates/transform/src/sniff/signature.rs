//! Signatures and a look into containers, by the `file-format` crate, on a budget.

use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

use file_format::FileFormat;

use super::names;
use crate::limits::SNIFF_BYTES_MAX;

/// None when nothing is recognised.
pub(super) fn mime(full: &mut (impl Read + Seek)) -> Option<String> {
    let reader = Budget { source: full, left_bytes: SNIFF_BYTES_MAX };
    // Its ZIP reader adds offsets from the file unchecked, which a build with overflow checks answers with a panic.
    let found = catch_unwind(AssertUnwindSafe(|| look(reader))).ok()?.ok()?;
    let is_known = !matches!(found, FileFormat::ArbitraryBinaryData | FileFormat::PlainText | FileFormat::Empty);
    is_known.then(|| names::of_libmagic(found.media_type()).to_owned())
}

fn look<R: Read + Seek>(mut reader: Budget<'_, R>) -> io::Result<FileFormat> {
    reader.rewind()?;
    FileFormat::from_reader(reader)
}

/// Ends the file once enough was read of it: some containers would be searched for megabytes.
struct Budget<'a, R> {
    source: &'a mut R,
    left_bytes: u64,
}

impl<R: Read> Read for Budget<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.take(self.left_bytes).read(buffer)?;
        self.left_bytes -= length as u64;
        Ok(length)
    }
}

impl<R: Seek> Seek for Budget<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.source.seek(to)
    }
}
