//! TIFF: the first directory of TIFF 6.0 or `BigTIFF`, wherever in the file it lies.

use std::io::{Read, Seek};

use super::directory::{Directories, Directory};
use super::{ColorMode, Exif, Image};
use crate::walk::Walk;

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const COMPRESSION: u16 = 259;
const PHOTOMETRIC: u16 = 262;
const SAMPLES_PER_PIXEL: u16 = 277;
const EXTRA_SAMPLES: u16 = 338;

const JPEG_COMPRESSION: u64 = 7;

pub(super) fn image<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Image> {
    let (mut directories, first) = Directories::open(walk)?;
    let main = directories.directory(first)?;
    let width = u32::try_from(directories.integer(&main, WIDTH)?).ok()?;
    let height = u32::try_from(directories.integer(&main, HEIGHT)?).ok()?;
    let color_mode = color_mode(&mut directories, &main)?;
    let image = Image::new("TIFF", width, height, color_mode)?;
    let exif = Exif::of(&mut directories, &main);
    Some(image.with(exif))
}

/// Baseline TIFF lets most of this be left out; the defaults are the specification's, but for an alpha channel without
/// the field that would name it.
fn color_mode<R: Read + Seek>(directories: &mut Directories<'_, '_, R>, main: &Directory) -> Option<ColorMode> {
    let photometric = directories.integer(main, PHOTOMETRIC).unwrap_or(0);
    let samples = directories.integer(main, SAMPLES_PER_PIXEL).unwrap_or(1);
    let extra = directories.integer(main, EXTRA_SAMPLES);
    Some(match (photometric, samples, extra) {
        (0 | 1, 2.., Some(1)) => ColorMode::LaPremultiplied,
        (0 | 1, 2.., Some(2)) => ColorMode::La,
        (0 | 1, ..) | (6, 1, _) => ColorMode::L,
        (2, 4.., Some(0)) | (2, 3, _) => ColorMode::Rgb,
        (2, 4.., _) => ColorMode::Rgba,
        (3, 2.., Some(2)) => ColorMode::Pa,
        (3, ..) => ColorMode::P,
        (5, 4.., _) => ColorMode::Cmyk,
        // The pixels inside a JPEG come out of its decoder as RGB.
        (6, 3.., _) if directories.integer(main, COMPRESSION) == Some(JPEG_COMPRESSION) => ColorMode::Rgb,
        (6, 3.., _) => ColorMode::YCbCr,
        (8, 3.., _) => ColorMode::Lab,
        _ => return None,
    })
}
