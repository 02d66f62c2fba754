//! PNG: the chunks of PNG (Third Edition, <https://www.w3.org/TR/png-3/>), animated ones included.

use std::io::{Read, Seek};

use super::{ColorMode, Exif, Image, dpi};
use crate::limits::EXIF_BYTES_MAX;
use crate::walk::Walk;

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
const METRES_PER_INCH: f64 = 0.0254;

pub(super) fn image<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Image> {
    if walk.array()? != SIGNATURE {
        return None;
    }
    let (_length, kind) = chunk(walk)?;
    if kind != *b"IHDR" {
        return None;
    }
    let mut image = header(walk)?;
    let mut exif = Exif::default();
    // EXIF may follow the pixels, so the walk goes on to the end, a seek per chunk.
    while let Some((length, kind)) = chunk(walk) {
        let after = walk.at() + u64::from(length) + CHECKSUM_BYTES;
        match &kind {
            b"pHYs" => image.dpi = density(walk),
            b"acTL" => image.is_sequence = frames(walk).is_some_and(|frames| frames > 1),
            b"eXIf" => {
                exif =
                    walk.up_to(EXIF_BYTES_MAX.min(length as usize)).map(|block| Exif::read(&block)).unwrap_or_default();
            }
            b"IEND" => break,
            _ => {}
        }
        walk.go(after);
    }
    Some(image.with(exif))
}

const CHECKSUM_BYTES: u64 = 4;

fn chunk<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<(u32, [u8; 4])> {
    Some((u32::from_be_bytes(walk.array()?), walk.array()?))
}

fn header<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Image> {
    let width = u32::from_be_bytes(walk.array()?);
    let height = u32::from_be_bytes(walk.array()?);
    let [_bits, color_type, _compression, _filter, _interlace] = walk.array()?;
    let color_mode = match color_type {
        0 => ColorMode::L,
        2 => ColorMode::Rgb,
        3 => ColorMode::P,
        4 => ColorMode::La,
        6 => ColorMode::Rgba,
        _ => return None,
    };
    walk.skip(CHECKSUM_BYTES)?;
    Image::new("PNG", width, height, color_mode)
}

/// Unit 1 is metres, 0 only a ratio.
fn density<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<(u32, u32)> {
    let across = f64::from(u32::from_be_bytes(walk.array()?));
    let down = f64::from(u32::from_be_bytes(walk.array()?));
    let is_per_metre = walk.byte()? == 1;
    if is_per_metre { dpi(across * METRES_PER_INCH, down * METRES_PER_INCH) } else { None }
}

fn frames<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<u32> {
    walk.array().map(u32::from_be_bytes)
}
