//! JPEG: the segments before the first scan (ITU-T T.81, annex B), with JFIF density and EXIF.

use std::io::{Read, Seek};

use super::{ColorMode, Exif, Image, dpi};
use crate::walk::Walk;

const START_OF_IMAGE: [u8; 2] = [0xff, 0xd8];
const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const CENTIMETRES_PER_INCH: f64 = 2.54;

pub(super) fn image<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Image> {
    if walk.array()? != START_OF_IMAGE {
        return None;
    }
    let mut found = Found::default();
    while let Some((marker, length)) = next_segment(walk) {
        if marker == START_OF_SCAN || marker == END_OF_IMAGE {
            break;
        }
        let after = walk.at() + u64::from(length);
        // A segment that breaks off also ends the walk; what came before it stands.
        found.read(walk, marker, length);
        walk.go(after);
    }
    let (width, height, color_mode) = found.frame?;
    let image = Image::new("JPEG", width, height, color_mode)?;
    Some(Image { dpi: found.jfif_dpi, ..image }.with(found.exif.unwrap_or_default()))
}

/// The next marker and the length of what follows its length field. Fill bytes and bare markers are passed over.
fn next_segment<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<(u8, u16)> {
    if walk.byte()? != 0xff {
        return None;
    }
    loop {
        match walk.byte()? {
            0xff => {}
            0x01 | 0xd0..=0xd7 => {
                if walk.byte()? != 0xff {
                    return None;
                }
            }
            END_OF_IMAGE => return Some((END_OF_IMAGE, 0)),
            marker => return Some((marker, u16::from_be_bytes(walk.array()?).checked_sub(2)?)),
        }
    }
}

#[derive(Default)]
struct Found {
    frame: Option<(u32, u32, ColorMode)>,
    jfif_dpi: Option<(u32, u32)>,
    exif: Option<Exif>,
}

impl Found {
    fn read<R: Read + Seek>(&mut self, walk: &mut Walk<'_, R>, marker: u8, length: u16) -> Option<()> {
        match marker {
            // Every start of frame: all of C0 to CF but DHT, JPG and DAC.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) && self.frame.is_none() => {
                self.frame = Some(frame(walk)?);
            }
            APP0 if self.jfif_dpi.is_none() => self.jfif_dpi = jfif_dpi(walk),
            APP1 if self.exif.is_none() => {
                let segment = walk.bytes(usize::from(length))?;
                self.exif = segment.strip_prefix(b"Exif\0\0").map(Exif::read);
            }
            _ => {}
        }
        Some(())
    }
}

fn frame<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<(u32, u32, ColorMode)> {
    let [_precision, height_1, height_0, width_1, width_0, components] = walk.array()?;
    let color_mode = match components {
        1 => ColorMode::L,
        3 => ColorMode::Rgb,
        4 => ColorMode::Cmyk,
        _ => return None,
    };
    let height = u16::from_be_bytes([height_1, height_0]);
    let width = u16::from_be_bytes([width_1, width_0]);
    Some((width.into(), height.into(), color_mode))
}

/// The density of JFIF 1.02's APP0: unit 1 is inches, 2 centimetres, 0 only a ratio.
fn jfif_dpi<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<(u32, u32)> {
    let [b'J', b'F', b'I', b'F', 0, _major, _minor, unit, x_1, x_0, y_1, y_0] = walk.array()? else {
        return None;
    };
    let across = f64::from(u16::from_be_bytes([x_1, x_0]));
    let down = f64::from(u16::from_be_bytes([y_1, y_0]));
    match unit {
        1 => dpi(across, down),
        2 => dpi(across * CENTIMETRES_PER_INCH, down * CENTIMETRES_PER_INCH),
        _ => None,
    }
}
