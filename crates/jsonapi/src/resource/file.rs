//! The file resource: what its endpoints answer and what its webhook events include, byte for byte the same.

use super::{Micros, Millis};
use crate::Bases;
use crate::document::OfProject;
use crate::id::{self, Spelling};
use domain::content::{Content, Image};
use domain::file::{File, State};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::fmt;

/// The `type` of this resource.
pub(crate) const KIND: &str = "files";

/// The metadata key that the reference keeps for itself: never shown, and ignored when a client sends it.
pub(crate) const RESERVED_METADATA_KEY: &str = "file_id";

/// Everything but the unreserved characters of RFC 3986, section 2.3.
const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A file of the project with this public key.
pub(crate) fn resource<'a>(file: &'a File, project: &'a str, bases: &'a Bases, shows_token: bool) -> Resource<'a> {
    Resource {
        kind: KIND,
        id: id::file(file.id),
        attributes: Attributes::of(file, bases),
        relationships: OfProject::new(project),
        authentication: Authentication { access_token: shows_token.then(|| id::token(file.access_token)) },
        chunked_upload_urls: [],
    }
}

/// See [`resource`].
#[derive(Serialize)]
pub(crate) struct Resource<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: Spelling,
    attributes: Attributes<'a>,
    relationships: OfProject<'a>,
    authentication: Authentication,
    chunked_upload_urls: [&'a str; 0],
}

#[derive(Serialize)]
struct Authentication {
    access_token: Option<Spelling>,
}

#[derive(Serialize)]
struct Attributes<'a> {
    #[serde(serialize_with = "as_text")]
    uuid: domain::id::FileId,
    is_image: bool,
    status: &'static str,
    mime: MediaType<'a>,
    #[serde(serialize_with = "as_text")]
    original_url: OriginalUrl<'a>,
    original_name: &'a str,
    size: i64,
    original_protected: bool,
    chunked_upload: Chunks,
    #[serde(serialize_with = "without_reserved")]
    metadata: &'a domain::metadata::Metadata,
    content: ContentInfo<'a>,
    created_at: Millis,
    uploaded_at: Micros,
    removed_at: Option<Micros>,
    expires_at: Option<Millis>,
}

impl<'a> Attributes<'a> {
    fn of(file: &'a File, bases: &'a Bases) -> Self {
        Self {
            uuid: file.id,
            is_image: file.content.image.is_some(),
            status: status(file.state()),
            mime: MediaType::of(&file.content),
            original_url: OriginalUrl { bases, file },
            original_name: &file.name,
            size: file.size_bytes,
            original_protected: file.is_original_protected,
            chunked_upload: Chunks::NONE,
            metadata: &file.metadata,
            content: ContentInfo::of(&file.content),
            created_at: Millis(file.uploaded_at),
            uploaded_at: Micros(file.uploaded_at),
            removed_at: file.removed_at.map(Micros),
            expires_at: file.expires_at.map(Millis),
        }
    }
}

/// A file exists here once its bytes have arrived whole, so `pending` and `processing_error` cannot be.
const fn status(state: State) -> &'static str {
    match state {
        State::Temporary | State::Stored => "ready",
        State::Removed => "removed",
    }
}

#[derive(Serialize)]
struct MediaType<'a> {
    mime: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    subtype: &'a str,
}

impl<'a> MediaType<'a> {
    fn of(content: &'a Content) -> Self {
        let (kind, subtype) = content.mime_halves();
        Self { mime: &content.mime, kind, subtype }
    }
}

#[derive(Serialize)]
struct Chunks {
    is_chunked_upload: bool,
    chunk_size: Option<i64>,
    is_complete: bool,
}

impl Chunks {
    const NONE: Self = Self { is_chunked_upload: false, chunk_size: None, is_complete: false };
}

/// The original where this server itself delivers it, so that its protection holds there too (C18).
struct OriginalUrl<'a> {
    bases: &'a Bases,
    file: &'a File,
}

impl fmt::Display for OriginalUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/cdn/{}/", self.bases.cdn, id::file(self.file.id))?;
        match self.file.name.as_str() {
            // Clients would resolve these away, and the id with them.
            "." | ".." => Ok(()),
            name => utf8_percent_encode(name, NOT_UNRESERVED).fmt(f),
        }
    }
}

#[derive(Serialize)]
struct ContentInfo<'a> {
    image: Option<ImageInfo<'a>>,
    video: Option<VideoInfo>,
}

impl<'a> ContentInfo<'a> {
    fn of(content: &'a Content) -> Self {
        let is_video = content.mime_halves().0 == "video";
        Self {
            image: content.image.as_ref().map(ImageInfo::of),
            video: is_video.then_some(VideoInfo { thumbnails_group_id: None }),
        }
    }
}

#[derive(Serialize)]
struct ImageInfo<'a> {
    dpi: Option<(u32, u32)>,
    width: u32,
    height: u32,
    format: &'a str,
    color_mode: &'a str,
    sequence: bool,
    orientation: Option<u8>,
    geo_location: Option<GeoLocation>,
    datetime_original: Option<&'a str>,
}

impl<'a> ImageInfo<'a> {
    fn of(image: &'a Image) -> Self {
        Self {
            dpi: image.dpi,
            width: image.width,
            height: image.height,
            format: &image.format,
            color_mode: &image.color_mode,
            sequence: image.is_sequence,
            orientation: image.orientation,
            geo_location: image.geo_location.map(|(latitude, longitude)| GeoLocation { latitude, longitude }),
            datetime_original: image.datetime_original.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct GeoLocation {
    latitude: f64,
    longitude: f64,
}

/// The thumbnails of a converted video; a video that was uploaded has none (C22).
#[derive(Serialize)]
struct VideoInfo {
    thumbnails_group_id: Option<Spelling>,
}

fn as_text<S: Serializer>(value: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn without_reserved<S: Serializer>(metadata: &domain::metadata::Metadata, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    for (key, value) in metadata.pairs() {
        if key != RESERVED_METADATA_KEY {
            map.serialize_entry(key, value)?;
        }
    }
    map.end()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use domain::Timestamp;
    use domain::id::{AccessToken, FileId, ProjectId};
    use domain::metadata::Metadata;
    use serde_json::{Value, json};

    /// A picture of three bytes.
    pub(crate) fn sample() -> File {
        let metadata = [("color", "red"), (RESERVED_METADATA_KEY, "f-secret")];
        File {
            id: FileId::from_bytes([0x0b; 16]),
            project: ProjectId::new(7),
            revision: 1,
            name: "big chart №1.png".into(),
            declared_mime: "image/png".into(),
            size_bytes: 3,
            sha256: [0; 32],
            content: Content {
                mime: "image/png".into(),
                image: Some(Image {
                    format: "PNG".into(),
                    width: 640,
                    height: 480,
                    color_mode: "RGB".into(),
                    orientation: None,
                    dpi: Some((72, 72)),
                    is_sequence: false,
                    geo_location: Some((38.5, -9.25)),
                    datetime_original: None,
                }),
            },
            metadata: Metadata::from_pairs(metadata.map(|(key, value)| (key.into(), value.into()))).unwrap(),
            access_token: AccessToken::from_bytes([2; 16]),
            is_original_protected: true,
            uploaded_at: Timestamp::from_micros(1_709_633_730_123_456),
            stored_at: None,
            removed_at: None,
            expires_at: Some(Timestamp::from_micros(1_893_553_445_000_000)),
        }
    }

    fn shown(file: &File) -> Value {
        let bases = crate::tests::bases();
        serde_json::to_value(resource(file, "5f0c1b7a9d3e4c628a10", &bases, true)).unwrap()
    }

    #[test]
    fn a_picture_as_section_5_1_has_it() {
        let id = id::file(sample().id).to_string();
        let expected = json!({
            "type": "files",
            "id": id,
            "attributes": {
                "uuid": "0b0b0b0b-0b0b-0b0b-0b0b-0b0b0b0b0b0b",
                "is_image": true,
                "status": "ready",
                "mime": {"mime": "image/png", "type": "image", "subtype": "png"},
                "original_url": format!("https://cdn.example.test/cdn/{id}/big%20chart%20%E2%84%961.png"),
                "original_name": "big chart №1.png",
                "size": 3,
                "original_protected": true,
                "chunked_upload": {"is_chunked_upload": false, "chunk_size": null, "is_complete": false},
                "metadata": {"color": "red"},
                "content": {
                    "image": {
                        "dpi": [72, 72], "width": 640, "height": 480, "format": "PNG", "color_mode": "RGB",
                        "sequence": false, "orientation": null,
                        "geo_location": {"latitude": 38.5, "longitude": -9.25}, "datetime_original": null
                    },
                    "video": null
                },
                "created_at": "2024-03-05T10:15:30.123Z",
                "uploaded_at": "2024-03-05T10:15:30.123456Z",
                "removed_at": null,
                "expires_at": "2030-01-02T03:04:05.000Z"
            },
            "relationships": {"project": {"data": {"type": "projects", "id": "5f0c1b7a9d3e4c628a10"}}},
            "authentication": {"access_token": id::token(sample().access_token).to_string()},
            "chunked_upload_urls": []
        });
        // As texts, since the order of the keys is the order of the reference.
        assert_eq!(shown(&sample()).to_string(), expected.to_string());
    }

    #[test]
    fn a_removed_video() {
        let mut file = sample();
        file.content = Content { mime: "video/mp4".into(), image: None };
        file.remove(Timestamp::from_micros(1_709_633_730_123_456));
        let attributes = &shown(&file)["attributes"];
        assert_eq!(attributes["is_image"], false);
        assert_eq!(attributes["status"], "removed");
        assert_eq!(attributes["removed_at"], "2024-03-05T10:15:30.123456Z");
        assert_eq!(attributes["content"], json!({"image": null, "video": {"thumbnails_group_id": null}}));
    }

    #[test]
    fn a_name_cannot_lead_elsewhere() {
        let mut file = sample();
        for (name, end) in [("..", "/"), ("", "/"), ("a/b?c#d", "/a%2Fb%3Fc%23d"), ("\"", "/%22")] {
            file.name = name.into();
            let url = shown(&file)["attributes"]["original_url"].to_string();
            assert!(url.ends_with(&format!("{}{end}\"", id::file(file.id))), "{url}");
        }
    }
}
