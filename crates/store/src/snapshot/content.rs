//! Content and its image, as JSON.

use domain::content::{Content, Image};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

#[derive(Serialize, Deserialize)]
pub(super) struct ContentForm<'a> {
    #[serde(rename = "m", borrow)]
    mime: Cow<'a, str>,
    #[serde(rename = "i", borrow, default, skip_serializing_if = "Option::is_none")]
    image: Option<ImageForm<'a>>,
}

#[derive(Serialize, Deserialize)]
struct ImageForm<'a> {
    #[serde(rename = "f", borrow)]
    format: Cow<'a, str>,
    #[serde(rename = "w")]
    width: u32,
    #[serde(rename = "h")]
    height: u32,
    #[serde(rename = "c", borrow)]
    color_mode: Cow<'a, str>,
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    orientation: Option<u8>,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    dpi: Option<(u32, u32)>,
    #[serde(rename = "s", default, skip_serializing_if = "std::ops::Not::not")]
    is_sequence: bool,
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    geo_location: Option<(f64, f64)>,
    #[serde(rename = "t", borrow, default, skip_serializing_if = "Option::is_none")]
    datetime_original: Option<Cow<'a, str>>,
}

impl<'a> ContentForm<'a> {
    pub(super) fn of(content: &'a Content) -> Self {
        Self { mime: Cow::Borrowed(&content.mime), image: content.image.as_ref().map(ImageForm::of) }
    }

    pub(super) fn into_content(self) -> Content {
        Content { mime: self.mime.into_owned(), image: self.image.map(ImageForm::into_image) }
    }
}

impl<'a> ImageForm<'a> {
    fn of(image: &'a Image) -> Self {
        Self {
            format: Cow::Borrowed(&image.format),
            width: image.width,
            height: image.height,
            color_mode: Cow::Borrowed(&image.color_mode),
            orientation: image.orientation,
            dpi: image.dpi,
            is_sequence: image.is_sequence,
            // JSON has no word for what is not finite; and no place on earth is there.
            geo_location: image
                .geo_location
                .filter(|(latitude, longitude)| latitude.is_finite() && longitude.is_finite()),
            datetime_original: image.datetime_original.as_deref().map(Cow::Borrowed),
        }
    }

    fn into_image(self) -> Image {
        Image {
            format: self.format.into_owned(),
            width: self.width,
            height: self.height,
            color_mode: self.color_mode.into_owned(),
            orientation: self.orientation,
            dpi: self.dpi,
            is_sequence: self.is_sequence,
            geo_location: self.geo_location,
            datetime_original: self.datetime_original.map(Cow::into_owned),
        }
    }
}
