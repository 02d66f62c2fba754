//! Reads the header of an image: what it is and how it wants to be shown, without decoding it.
//!
//! The answers are those Pillow gives on opening a file, since the wire's words for colour modes and formats are
//! Pillow's; the tests compare the two. What is stored is told: sizes are not rotated by the orientation.

mod bmp;
mod exif;
mod gif;
mod heif;
mod icon;
mod jpeg;
mod png;
mod svg;
mod tiff;
mod webp;

mod directory;

use std::io::{Read, Seek};

use crate::walk::Walk;
use exif::Exif;

/// What a header tells of an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// The decoder's name: `JPEG PNG GIF WEBP TIFF BMP HEIF AVIF SVG ICO`.
    pub format: &'static str,
    /// Pixels across, as stored. At least 1.
    pub width: u32,
    /// Pixels down, as stored. At least 1.
    pub height: u32,
    /// What a pixel is made of.
    pub color_mode: ColorMode,
    /// The EXIF orientation, 0 to 8 (Exif 2.32, 4.6.4, tag 0x0112; 0 is reserved but found).
    pub orientation: Option<u8>,
    /// Pixels per inch, across and down, rounded.
    pub dpi: Option<(u32, u32)>,
    /// Whether it moves: two frames or more. The pages of a TIFF and the sizes of an icon do not.
    pub is_sequence: bool,
    /// Latitude and longitude in degrees, north and east positive.
    pub geo_location: Option<(f64, f64)>,
    /// When the picture was taken, as the camera's clock had it: `YYYY-MM-DDTHH:MM:SS`, a date that exists.
    pub datetime_original: Option<String>,
}

/// What a pixel is made of, in Pillow's names
/// (<https://pillow.readthedocs.io/en/stable/handbook/concepts.html#modes>).
///
/// Pillow's modes outside this list, of one bit or of sixteen, count as [`L`](Self::L).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the meaning")]
pub enum ColorMode {
    Rgb,
    Rgba,
    RgbaPremultiplied,
    Rgbx,
    L,
    La,
    LaPremultiplied,
    P,
    Pa,
    Cmyk,
    YCbCr,
    Hsv,
    Lab,
}

impl ColorMode {
    /// Pillow's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rgb => "RGB",
            Self::Rgba => "RGBA",
            Self::RgbaPremultiplied => "RGBa",
            Self::Rgbx => "RGBX",
            Self::L => "L",
            Self::La => "LA",
            Self::LaPremultiplied => "La",
            Self::P => "P",
            Self::Pa => "PA",
            Self::Cmyk => "CMYK",
            Self::YCbCr => "YCbCr",
            Self::Hsv => "HSV",
            Self::Lab => "LAB",
        }
    }
}

/// Reads the header of an image of the type that [`sniff::mime`](crate::sniff::mime) found.
///
/// None when the type is no image we know, and when the header breaks off or contradicts itself before size and colours
/// are known. Broken details after that, such as damaged EXIF, are left out.
pub fn image(reader: &mut (impl Read + Seek), mime: &str) -> Option<Image> {
    let walk = &mut Walk::new(reader);
    match mime {
        "image/jpeg" => jpeg::image(walk),
        "image/png" => png::image(walk),
        "image/gif" => gif::image(walk),
        "image/webp" => webp::image(walk),
        "image/tiff" => tiff::image(walk),
        "image/bmp" => bmp::image(walk),
        "image/vnd.microsoft.icon" => icon::image(walk),
        "image/svg+xml" => svg::image(walk),
        "image/avif" | "image/heic" | "image/heif" | "image/heic-sequence" | "image/heif-sequence" => heif::image(walk),
        _ => None,
    }
}

impl Image {
    /// An image about which only the necessary is known yet. None when it has no area.
    fn new(format: &'static str, width: u32, height: u32, color_mode: ColorMode) -> Option<Self> {
        (width > 0 && height > 0).then_some(Self {
            format,
            width,
            height,
            color_mode,
            orientation: None,
            dpi: None,
            is_sequence: false,
            geo_location: None,
            datetime_original: None,
        })
    }

    /// Adds what EXIF tells. A density from the container itself outranks it.
    fn with(mut self, exif: Exif) -> Self {
        self.orientation = exif.orientation;
        self.dpi = self.dpi.or(exif.dpi);
        self.geo_location = exif.geo_location;
        self.datetime_original = exif.datetime_original;
        self
    }
}

/// A density as whole pixels per inch; none unless both are at least one.
fn dpi(across: f64, down: f64) -> Option<(u32, u32)> {
    let whole = |value: f64| {
        let value = value.round();
        (1.0..=f64::from(u32::MAX)).contains(&value).then_some(value as u32)
    };
    Some((whole(across)?, whole(down)?))
}
