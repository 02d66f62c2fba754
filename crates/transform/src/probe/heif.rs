//! HEIF and AVIF: the `meta` box of ISO/IEC 23008-12, from the primary item to its size, alpha plane and EXIF.

mod boxes;
mod items;

use std::io::{Cursor, Read, Seek};

use super::{ColorMode, Exif, Image};
use crate::limits::{EXIF_BYTES_MAX, HEIF_META_BYTES_MAX};
use crate::walk::Walk;
use boxes::Bytes;
use items::{Items, Place};

/// Top-level boxes looked at before giving up on a `meta`.
const TOP_BOXES_MAX: u32 = 1024;

pub(super) fn image<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Image> {
    let brands = file_type(walk)?;
    let items = Items::read(Bytes(&meta(walk)?))?;
    let (width, height) = items.size?;
    let color_mode = if items.has_alpha { ColorMode::Rgba } else { ColorMode::Rgb };
    let mut image = Image::new(brands.format(), width, height, color_mode)?;
    image.is_sequence = brands.is_sequence();
    let exif = items.exif.and_then(|place| read_exif(walk, place));
    Some(image.with(exif.unwrap_or_default()))
}

/// What the `ftyp` box says the file is, and what else it may be read as.
struct Brands {
    major: [u8; 4],
    compatible: Vec<u8>,
}

impl Brands {
    fn format(&self) -> &'static str {
        let mut brands = self.compatible.chunks_exact(4).chain([&self.major[..]]);
        if brands.any(|brand| matches!(brand, b"avif" | b"avis")) { "AVIF" } else { "HEIF" }
    }

    fn is_sequence(&self) -> bool {
        matches!(&self.major, b"avis" | b"msf1" | b"hevc" | b"hevx")
    }
}

fn file_type<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Brands> {
    const BRANDS_BYTES_MAX: u64 = 1024;
    let (kind, length) = next_box(walk)?;
    if &kind != b"ftyp" || !(8..=BRANDS_BYTES_MAX).contains(&length) {
        return None;
    }
    let major: [u8; 4] = walk.array()?;
    let _minor_version: [u8; 4] = walk.array()?;
    let compatible = walk.bytes(length as usize - 8)?;
    Some(Brands { major, compatible })
}

/// The content of the first top-level `meta` box.
fn meta<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Vec<u8>> {
    for _ in 0..TOP_BOXES_MAX {
        let (kind, length) = next_box(walk)?;
        if &kind == b"meta" {
            return if length <= HEIF_META_BYTES_MAX { walk.bytes(length as usize) } else { None };
        }
        walk.skip(length)?;
    }
    None
}

/// A box's name and the length of its content. One that reaches to the end of the file has nothing after it.
fn next_box<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<([u8; 4], u64)> {
    let length = u32::from_be_bytes(walk.array()?);
    let kind = walk.array()?;
    let length = match length {
        0 => return None,
        1 => u64::from_be_bytes(walk.array()?).checked_sub(16)?,
        length => u64::from(length).checked_sub(8)?,
    };
    Some((kind, length))
}

/// An EXIF item: how much to pass over, then the block itself.
fn read_exif<R: Read + Seek>(walk: &mut Walk<'_, R>, place: Place) -> Option<Exif> {
    walk.go(place.at);
    let item = walk.up_to(usize::try_from(place.length).ok()?.min(EXIF_BYTES_MAX))?;
    let mut item = Cursor::new(item);
    let inside = &mut Walk::new(&mut item);
    let skipped = u32::from_be_bytes(inside.array()?);
    inside.skip(skipped.into())?;
    Some(Exif::read(&inside.up_to(EXIF_BYTES_MAX)?))
}
