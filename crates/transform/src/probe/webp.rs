//! WebP: the RIFF chunks of RFC 9649, simple and extended.

use std::io::{Read, Seek};

use super::{ColorMode, Exif, Image};
use crate::limits::EXIF_BYTES_MAX;
use crate::walk::Walk;

const ALPHA_FLAG: u8 = 0x10;

pub(super) fn image<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Image> {
    let [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P'] = walk.array()? else {
        return None;
    };
    let (kind, after) = chunk(walk)?;
    match &kind {
        b"VP8 " => lossy(walk),
        b"VP8L" => lossless(walk),
        b"VP8X" => extended(walk, after),
        _ => None,
    }
}

/// A chunk's name and where the one after it begins: chunks are padded to even lengths.
fn chunk<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<([u8; 4], u64)> {
    let kind = walk.array()?;
    let length = u64::from(u32::from_le_bytes(walk.array()?));
    Some((kind, walk.at() + length + length % 2))
}

/// The frame header of RFC 6386, 9.1.
fn lossy<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Image> {
    let [_, _, _, 0x9d, 0x01, 0x2a] = walk.array()? else {
        return None;
    };
    let side = |bytes| u32::from(u16::from_le_bytes(bytes) & 0x3fff);
    let (width, height) = (side(walk.array()?), side(walk.array()?));
    Image::new("WEBP", width, height, ColorMode::Rgb)
}

/// The image header of RFC 9649, 3.4: two sides of 14 bits less one, then whether alpha is used.
fn lossless<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Image> {
    if walk.byte()? != 0x2f {
        return None;
    }
    let bits = u32::from_le_bytes(walk.array()?);
    Image::new("WEBP", (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1, mode(bits >> 28 & 1 == 1))
}

/// The canvas, then the chunks for animation frames and EXIF.
fn extended<R: Read + Seek>(walk: &mut Walk<'_, R>, mut after: u64) -> Option<Image> {
    let [flags, _, _, _, width_0, width_1, width_2, height_0, height_1, height_2] = walk.array()?;
    let width = u32::from_le_bytes([width_0, width_1, width_2, 0]) + 1;
    let height = u32::from_le_bytes([height_0, height_1, height_2, 0]) + 1;
    let mut image = Image::new("WEBP", width, height, mode(flags & ALPHA_FLAG != 0))?;
    let mut exif = Exif::default();
    let mut frames = 0_u32;
    loop {
        walk.go(after);
        let Some((kind, next)) = chunk(walk) else { break };
        match &kind {
            b"ANMF" => frames = frames.saturating_add(1),
            b"EXIF" => exif = read_exif(walk, next).unwrap_or_default(),
            _ => {}
        }
        after = next;
    }
    image.is_sequence = frames > 1;
    Some(image.with(exif))
}

/// Some writers keep JPEG's prefix.
fn read_exif<R: Read + Seek>(walk: &mut Walk<'_, R>, end: u64) -> Option<Exif> {
    let block = walk.up_to(EXIF_BYTES_MAX.min((end - walk.at()) as usize))?;
    Some(Exif::read(block.strip_prefix(b"Exif\0\0").unwrap_or(&block)))
}

fn mode(has_alpha: bool) -> ColorMode {
    if has_alpha { ColorMode::Rgba } else { ColorMode::Rgb }
}
