//! A file as the Upload API shows it, keys in the recorded order.

use super::Spelled;
use super::address::SafeName;
use super::content::{ContentInfo, ImageInfo, image};
use domain::file::{File, State};
use domain::id::FileId;
use serde::Serialize;
use std::collections::BTreeMap;

/// What `GET /info/` answers. A file here is whole and analysed from the moment it has an id, so it is always ready.
#[derive(Serialize)]
pub(crate) struct UploadedFile<'a> {
    size: i64,
    total: i64,
    done: i64,
    uuid: Spelled<FileId>,
    file_id: Spelled<FileId>,
    original_filename: &'a str,
    is_image: bool,
    is_stored: bool,
    image_info: Option<ImageInfo<'a>>,
    video_info: (),
    content_info: ContentInfo<'a>,
    is_ready: bool,
    filename: Spelled<SafeName<'a>>,
    mime_type: &'a str,
    metadata: &'a BTreeMap<String, String>,
}

impl<'a> From<&'a File> for UploadedFile<'a> {
    fn from(file: &'a File) -> Self {
        Self {
            size: file.size_bytes,
            total: file.size_bytes,
            done: file.size_bytes,
            uuid: Spelled(file.id),
            file_id: Spelled(file.id),
            original_filename: &file.name,
            is_image: image(&file.content).is_some(),
            is_stored: file.state() == State::Stored,
            image_info: image(&file.content).map(ImageInfo::from),
            video_info: (),
            content_info: ContentInfo::from(&file.content),
            is_ready: true,
            filename: Spelled(SafeName(&file.name)),
            mime_type: &file.declared_mime,
            metadata: file.metadata.pairs(),
        }
    }
}
