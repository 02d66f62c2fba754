//! ICO: a folder of pictures in several sizes, of which the largest counts
//! (<https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10)>).

use std::io::{Read, Seek};

use super::{ColorMode, Image, png};
use crate::limits::ICON_ENTRIES_MAX;
use crate::walk::Walk;

pub(super) fn image<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Image> {
    let [0, 0, 1, 0, count_0, count_1] = walk.array()? else {
        return None;
    };
    let count = u16::from_le_bytes([count_0, count_1]).min(ICON_ENTRIES_MAX);
    let mut largest = None;
    for _ in 0..count {
        let [width, height, _, _, _, _, _, _, _, _, _, _, at_0, at_1, at_2, at_3] = walk.array()?;
        largest = largest.max(Some((side(width), side(height), u32::from_le_bytes([at_0, at_1, at_2, at_3]))));
    }
    let (width, height, at) = largest?;
    walk.go(at.into());
    // A picture that is not a PNG is a bitmap with a mask.
    let color_mode = png::image(walk).map_or(ColorMode::Rgba, |png| png.color_mode);
    Image::new("ICO", width, height, color_mode)
}

/// 256 does not fit in the byte, so it is written as 0.
fn side(byte: u8) -> u32 {
    if byte == 0 { 256 } else { byte.into() }
}
