//! GIF: the blocks of `GIF89a` up to the second picture, which makes it a sequence.

use std::io::{Read, Seek};

use super::{ColorMode, Image};
use crate::walk::Walk;

const EXTENSION: u8 = 0x21;
const PICTURE: u8 = 0x2c;

pub(super) fn image<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Image> {
    if !matches!(&walk.array()?, b"GIF87a" | b"GIF89a") {
        return None;
    }
    let width = u16::from_le_bytes(walk.array()?);
    let height = u16::from_le_bytes(walk.array()?);
    let [flags, _background, _aspect] = walk.array()?;
    let global = palette(walk, flags)?;

    let first = next_picture(walk)?;
    let color_mode = match (palette(walk, first)?, global) {
        (Palette::Colours, _) | (Palette::Absent, Palette::Colours) => ColorMode::P,
        _ => ColorMode::L,
    };

    let mut image = Image::new("GIF", width.into(), height.into(), color_mode)?;
    image.is_sequence = skip_pixels(walk).and_then(|()| next_picture(walk)).is_some();
    Some(image)
}

/// A colour table; with a ramp of greys, or without any, the indexes are the greys themselves.
enum Palette {
    Absent,
    Greys,
    Colours,
}

/// Reads a colour table, if the flags announce one.
fn palette<R: Read + Seek>(walk: &mut Walk<'_, R>, flags: u8) -> Option<Palette> {
    if flags & 0x80 == 0 {
        return Some(Palette::Absent);
    }
    let table = walk.bytes(3 << ((flags & 7) + 1))?;
    let is_ramp =
        table.chunks(3).enumerate().all(|(index, colour)| colour.iter().all(|&part| usize::from(part) == index));
    Some(if is_ramp { Palette::Greys } else { Palette::Colours })
}

/// Goes to the next picture, past its position and size, and answers its flags. None at the trailer or the end.
fn next_picture<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<u8> {
    loop {
        match walk.byte()? {
            EXTENSION => {
                walk.skip(1)?;
                skip_blocks(walk)?;
            }
            PICTURE => {
                walk.skip(8)?;
                return walk.byte();
            }
            _ => return None,
        }
    }
}

fn skip_pixels<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<()> {
    let _code_size = walk.byte()?;
    skip_blocks(walk)
}

fn skip_blocks<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<()> {
    loop {
        match walk.byte()? {
            0 => return Some(()),
            length => walk.skip(length.into())?,
        }
    }
}
