//! Says what a file is, from its bytes.
//!
//! The names are those of libmagic, which the wires show. Markup comes first, by its root element, because a browser
//! that is handed HTML or SVG under any name may run it; then signatures and containers; then text. The name of the file
//! decides only between kinds of plain text.

pub(crate) mod markup;
mod names;
mod signature;
mod text;

use std::io::{Read, Seek};

/// No bytes at all.
pub const EMPTY: &str = "application/x-empty";

/// Bytes that nothing recognises.
pub const UNKNOWN: &str = "application/octet-stream";

/// The type of a file whose first bytes are `head` (64 KiB are plenty), named `name`, all of which `full` can read.
///
/// The type is lower case, without parameters. `full` is left wherever the look ended.
pub fn mime(head: &[u8], name: &str, full: &mut (impl Read + Seek)) -> String {
    if head.is_empty() {
        return EMPTY.to_owned();
    }
    if let Some(kind) = markup::mime(head) {
        return kind.to_owned();
    }
    let found = signature::mime(full);
    if text::is_text(head) {
        // Short signatures of letters, such as BM for a bitmap, begin words too.
        return found.filter(|found| names::is_textual(found)).unwrap_or_else(|| text::mime(head, name).to_owned());
    }
    found.unwrap_or_else(|| by_start(head).to_owned())
}

/// What the detector misses: a ZIP whose directory is cut off or beyond the look, and OS/2's bitmaps.
fn by_start(head: &[u8]) -> &'static str {
    if head.starts_with(b"PK\x03\x04") {
        "application/zip"
    } else if head.starts_with(b"BM") && head.get(14..18) == Some(&[12, 0, 0, 0]) {
        "image/bmp"
    } else {
        UNKNOWN
    }
}
