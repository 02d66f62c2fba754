//! What a file's bytes are: `content_info` of 0.7, `image_info` of the Upload API, and the older spelling of 0.5 and 0.6.

use domain::content::{Content, Image};
use serde::Serialize;

/// Images of more pixels are told of as if they were none (Upload API, file info: "false above 75 Mpx").
const PIXELS_MAX: u64 = 75_000_000;

/// The image in these bytes, if there is one and it is not too big to be told of.
pub(crate) fn image(content: &Content) -> Option<&Image> {
    let pixels = |image: &Image| u64::from(image.width) * u64::from(image.height);
    content.image.as_ref().filter(|image| pixels(image) <= PIXELS_MAX)
}

/// `content_info`; the keys of what the bytes are not are absent.
#[derive(Serialize)]
pub(crate) struct ContentInfo<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    mime: Option<MediaType<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<ImageInfo<'a>>,
}

/// `content_info` in webhook payloads before 0.7: all keys, null for what the bytes are not.
#[derive(Serialize)]
pub(crate) struct FullContentInfo<'a> {
    mime: Option<MediaType<'a>>,
    video: (),
    image: Option<ImageInfo<'a>>,
}

#[derive(Serialize)]
struct MediaType<'a> {
    mime: &'a str,
    r#type: &'a str,
    subtype: &'a str,
}

/// An image in the recorded order of 0.7 and of the Upload API.
#[derive(Serialize)]
pub(crate) struct ImageInfo<'a> {
    dpi: Option<(u32, u32)>,
    width: u32,
    format: &'a str,
    height: u32,
    sequence: bool,
    color_mode: &'a str,
    orientation: Option<u8>,
    geo_location: Option<Place>,
    datetime_original: Option<&'a str>,
}

/// The same image in the recorded order of 0.5 and 0.6.
#[derive(Serialize)]
pub(crate) struct OldImageInfo<'a> {
    width: u32,
    height: u32,
    format: &'a str,
    color_mode: &'a str,
    geo_location: Option<Place>,
    orientation: Option<u8>,
    dpi: Option<(u32, u32)>,
    datetime_original: Option<&'a str>,
    sequence: bool,
}

#[derive(Serialize)]
struct Place {
    latitude: f64,
    longitude: f64,
}

impl<'a> From<&'a Content> for ContentInfo<'a> {
    fn from(content: &'a Content) -> Self {
        Self { mime: MediaType::of(content), image: image(content).map(ImageInfo::from) }
    }
}

impl<'a> From<&'a Content> for FullContentInfo<'a> {
    fn from(content: &'a Content) -> Self {
        Self { mime: MediaType::of(content), video: (), image: image(content).map(ImageInfo::from) }
    }
}

impl<'a> MediaType<'a> {
    fn of(content: &'a Content) -> Option<Self> {
        let (r#type, subtype) = content.mime_halves();
        (!content.mime.is_empty()).then_some(Self { mime: &content.mime, r#type, subtype })
    }
}

impl<'a> From<&'a Image> for ImageInfo<'a> {
    fn from(image: &'a Image) -> Self {
        Self {
            dpi: image.dpi,
            width: image.width,
            format: &image.format,
            height: image.height,
            sequence: image.is_sequence,
            color_mode: &image.color_mode,
            orientation: image.orientation,
            geo_location: Place::of(image),
            datetime_original: image.datetime_original.as_deref(),
        }
    }
}

impl<'a> From<&'a Image> for OldImageInfo<'a> {
    fn from(image: &'a Image) -> Self {
        Self {
            width: image.width,
            height: image.height,
            format: &image.format,
            color_mode: &image.color_mode,
            geo_location: Place::of(image),
            orientation: image.orientation,
            dpi: image.dpi,
            datetime_original: image.datetime_original.as_deref(),
            sequence: image.is_sequence,
        }
    }
}

impl Place {
    fn of(image: &Image) -> Option<Self> {
        image.geo_location.map(|(latitude, longitude)| Self { latitude, longitude })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(width: u32, height: u32) -> Content {
        Content {
            mime: "image/png".into(),
            image: Some(Image {
                format: "PNG".into(),
                width,
                height,
                color_mode: "RGB".into(),
                orientation: Some(6),
                dpi: Some((72, 72)),
                is_sequence: false,
                geo_location: Some((41.388_79, 2.158_99)),
                datetime_original: Some("2025-08-20T07:41:09".into()),
            }),
        }
    }

    #[test]
    fn an_image() {
        let content = content(640, 480);
        assert_eq!(
            serde_json::to_string(&ContentInfo::from(&content)).unwrap(),
            r#"{"mime":{"mime":"image/png","type":"image","subtype":"png"},"image":{"dpi":[72,72],"width":640,"format":"PNG","height":480,"sequence":false,"color_mode":"RGB","orientation":6,"geo_location":{"latitude":41.38879,"longitude":2.15899},"datetime_original":"2025-08-20T07:41:09"}}"#
        );
    }

    #[test]
    fn bytes_that_nobody_knows() {
        assert_eq!(serde_json::to_string(&ContentInfo::from(&Content::default())).unwrap(), "{}");
    }

    #[test]
    fn an_image_beyond_the_limit_is_none() {
        assert!(image(&content(7500, 10_000)).is_some());
        assert!(image(&content(7501, 10_000)).is_none());
        assert!(image(&content(u32::MAX, u32::MAX)).is_none());
    }
}
