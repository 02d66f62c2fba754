//! Content: what the bytes of a file are, as read from the bytes themselves.

/// What a look at the bytes told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Content {
    /// The MIME type sniffed from the bytes, e.g. `image/png`.
    pub mime: String,
    /// What an image's header says; none when it is no image.
    pub image: Option<Image>,
}

impl Content {
    /// The MIME type's two halves: `("image", "png")`.
    pub fn mime_halves(&self) -> (&str, &str) {
        self.mime.split_once('/').unwrap_or((&self.mime, ""))
    }
}

/// What an image's header says. Sizes are in pixels, as stored: not turned by the orientation.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Upper-case decoder name: `JPEG`, `PNG`, `GIF`, `WEBP`, …
    pub format: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Pillow's name of the pixel layout: `RGB`, `RGBA`, `L`, `P`, `CMYK`, …
    pub color_mode: String,
    /// EXIF orientation, 0 to 8.
    pub orientation: Option<u8>,
    /// Dots per inch, horizontally and vertically.
    pub dpi: Option<(u32, u32)>,
    /// More than one frame.
    pub is_sequence: bool,
    /// Latitude and longitude in degrees.
    pub geo_location: Option<(f64, f64)>,
    /// `YYYY-MM-DDTHH:MM:SS`, without a zone, as the camera wrote it.
    pub datetime_original: Option<String>,
}
