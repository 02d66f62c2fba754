//! BMP: the bitmap headers from OS/2's to version 5
//! (<https://learn.microsoft.com/windows/win32/gdi/bitmap-header-types>).

use std::io::{Read, Seek};

use super::{ColorMode, Image, dpi};
use crate::walk::Walk;

const FILE_HEADER_BYTES: u64 = 14;
const INCHES_PER_METRE: f64 = 39.3701;
const BITFIELDS: u32 = 3;

pub(super) fn image<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Image> {
    if &walk.array()? != b"BM" {
        return None;
    }
    walk.go(FILE_HEADER_BYTES);
    match u32::from_le_bytes(walk.array()?) {
        12 => core(walk),
        length @ (40 | 52 | 56 | 64 | 108 | 124) => info(walk, length),
        _ => None,
    }
}

/// OS/2's header: sides of 16 bits, palette entries of three bytes.
fn core<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Image> {
    let width = u16::from_le_bytes(walk.array()?);
    let height = u16::from_le_bytes(walk.array()?);
    let [_, _, bits_0, bits_1] = walk.array()?;
    let bits = u16::from_le_bytes([bits_0, bits_1]);
    let color_mode = if is_indexed(bits) { indexed(walk, 1 << bits, 3)? } else { direct(bits)? };
    Image::new("BMP", width.into(), height.into(), color_mode)
}

/// Windows' header. A negative height only says that the first row is the top one.
fn info<R: Read + Seek>(walk: &mut Walk<'_, R>, length: u32) -> Option<Image> {
    let width = i32::from_le_bytes(walk.array()?);
    let height = i32::from_le_bytes(walk.array()?);
    let [_, _, bits_0, bits_1] = walk.array()?;
    let bits = u16::from_le_bytes([bits_0, bits_1]);
    let compression = u32::from_le_bytes(walk.array()?);
    walk.skip(4)?;
    let across = u32::from_le_bytes(walk.array()?);
    let down = u32::from_le_bytes(walk.array()?);
    let colours = u32::from_le_bytes(walk.array()?);
    walk.skip(4)?;

    let color_mode = if is_indexed(bits) {
        walk.go(FILE_HEADER_BYTES + u64::from(length));
        indexed(walk, if colours == 0 { 1 << bits } else { colours }, 4)?
    } else if bits == 32 && compression == BITFIELDS && length >= 56 && has_alpha(walk)? {
        ColorMode::Rgba
    } else {
        direct(bits)?
    };
    let mut image = Image::new("BMP", u32::try_from(width).ok()?, height.unsigned_abs(), color_mode)?;
    image.dpi = dpi(f64::from(across) / INCHES_PER_METRE, f64::from(down) / INCHES_PER_METRE);
    Some(image)
}

fn is_indexed(bits: u16) -> bool {
    matches!(bits, 1 | 4 | 8)
}

fn direct(bits: u16) -> Option<ColorMode> {
    matches!(bits, 16 | 24 | 32).then_some(ColorMode::Rgb)
}

/// The masks of red, green, blue and alpha. Four empty ones mean blue, green, red, alpha.
fn has_alpha<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<bool> {
    let masks: [u8; 16] = walk.array()?;
    Some(masks == [0; 16] || masks[12..] != [0; 4])
}

/// Grey when the palette is the ramp of greys, or just black and white.
fn indexed<R: Read + Seek>(walk: &mut Walk<'_, R>, colours: u32, entry_bytes: usize) -> Option<ColorMode> {
    if !(1..=256).contains(&colours) {
        return None;
    }
    let palette = walk.bytes(colours as usize * entry_bytes)?;
    let is_grey = palette.chunks(entry_bytes).enumerate().all(|(index, colour)| {
        let grey = if colours == 2 { index * 255 } else { index };
        colour[..3].iter().all(|&part| usize::from(part) == grey)
    });
    Some(if is_grey { ColorMode::L } else { ColorMode::P })
}
