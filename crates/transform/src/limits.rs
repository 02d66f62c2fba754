//! How far a look goes, by name.

/// The most bytes of a file that one probe loads while it walks a header. What lies beyond was not there.
///
/// Generous because an animated GIF shows itself only behind its first frame.
pub const HEADER_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The most bytes that one sniff reads beside the head it was given.
pub const SNIFF_BYTES_MAX: u64 = 1024 * 1024;

/// The most bytes of an EXIF block that are looked at. In JPEG a block cannot be larger than this.
pub const EXIF_BYTES_MAX: usize = 64 * 1024;

/// The most entries of one TIFF or EXIF directory that are looked at.
pub const DIRECTORY_ENTRIES_MAX: u64 = 1024;

/// The most bytes of a HEIF or AVIF `meta` box that are looked at; a photograph in tiles has about 10 KiB.
pub const HEIF_META_BYTES_MAX: u64 = 1024 * 1024;

/// The most images of an icon that are compared.
pub const ICON_ENTRIES_MAX: u16 = 256;

/// The most bytes of an SVG in which its root element is sought.
pub const SVG_BYTES_MAX: usize = 64 * 1024;

/// The most lines of a text that must agree in their commas to be called CSV (the count is libmagic's).
pub const CSV_LINES_MAX: usize = 10;

/// From how many bytes on a head that breaks off in the middle may be the head of a longer text.
pub const BROKEN_OFF_BYTES_MIN: usize = 64 * 1024;
