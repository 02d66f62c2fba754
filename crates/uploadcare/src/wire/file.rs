//! A file as the REST API shows it, in the spelling of each edition.

use super::address::{Original, Resource};
use super::content::{ContentInfo, OldImageInfo, image};
use super::stamp::Stamp;
use super::{Empty, Spelled};
use crate::Bases;
use crate::version::Version;
use domain::file::File;
use domain::id::FileId;
use serde::Serialize;
use std::collections::BTreeMap;

/// How files are to be shown: in which edition, and with what beside them.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub bases: &'a Bases,
    pub version: Version,
    /// `include=appdata` was asked for; only 0.7 has it.
    pub includes_appdata: bool,
}

/// A file, spelled as a [`View`] has it.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum FileBody<'a> {
    Current(Box<Current<'a>>),
    V06(Box<Old<'a, V06>>),
    V05(Box<Old<'a, V05>>),
}

impl<'a> View<'a> {
    /// The body of a file.
    pub fn of(self, file: &'a File) -> FileBody<'a> {
        let bases = self.bases;
        match self.version {
            Version::V07 => FileBody::Current(Box::new(Current {
                appdata: self.includes_appdata.then_some(Empty {}),
                ..Current::of(file, bases)
            })),
            Version::V06 => FileBody::V06(Box::new(Old::of(file, bases, V06::default()))),
            Version::V05 => FileBody::V05(Box::new(Old::of(file, bases, V05::default()))),
        }
    }
}

/// 0.7.
#[derive(Serialize)]
pub(crate) struct Current<'a> {
    datetime_removed: Option<Stamp>,
    datetime_stored: Option<Stamp>,
    datetime_uploaded: Stamp,
    is_image: bool,
    is_ready: bool,
    mime_type: &'a str,
    original_file_url: Option<Spelled<Original<'a>>>,
    original_filename: &'a str,
    size: i64,
    url: Spelled<Resource<'a>>,
    uuid: Spelled<FileId>,
    variations: (),
    content_info: ContentInfo<'a>,
    metadata: &'a BTreeMap<String, String>,
    /// Files have no tags here yet; clients of 2026 expect the key.
    tags: [&'a str; 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    appdata: Option<Empty>,
}

impl<'a> Current<'a> {
    fn of(file: &'a File, bases: &'a Bases) -> Self {
        Self {
            datetime_removed: file.removed_at.map(Stamp),
            datetime_stored: file.stored_at.map(Stamp),
            datetime_uploaded: Stamp(file.uploaded_at),
            is_image: image(&file.content).is_some(),
            is_ready: true,
            mime_type: &file.declared_mime,
            original_file_url: shown_original(file, bases),
            original_filename: &file.name,
            size: file.size_bytes,
            url: Spelled(Resource { bases, file }),
            uuid: Spelled(file.id),
            variations: (),
            content_info: ContentInfo::from(&file.content),
            metadata: file.metadata.pairs(),
            tags: [],
            appdata: None,
        }
    }
}

/// Where the bytes are shown; nowhere once the file is removed.
pub(crate) fn shown_original<'a>(file: &'a File, bases: &'a Bases) -> Option<Spelled<Original<'a>>> {
    file.removed_at.is_none().then_some(Spelled(Original { bases, file }))
}

/// 0.5 and 0.6, which differ only in their last keys.
#[derive(Serialize)]
pub(crate) struct Old<'a, T> {
    datetime_removed: Option<Stamp>,
    datetime_stored: Option<Stamp>,
    datetime_uploaded: Stamp,
    image_info: Option<OldImageInfo<'a>>,
    is_image: bool,
    is_ready: bool,
    mime_type: &'a str,
    original_file_url: Option<Spelled<Original<'a>>>,
    original_filename: &'a str,
    size: i64,
    url: Spelled<Resource<'a>>,
    uuid: Spelled<FileId>,
    #[serde(flatten)]
    last: T,
}

/// The last keys of 0.6.
#[derive(Default, Serialize)]
pub(crate) struct V06 {
    variations: (),
    video_info: (),
}

/// The last key of 0.5.
#[derive(Default, Serialize)]
pub(crate) struct V05 {
    source: (),
}

impl<'a, T> Old<'a, T> {
    fn of(file: &'a File, bases: &'a Bases, last: T) -> Self {
        Self {
            datetime_removed: file.removed_at.map(Stamp),
            datetime_stored: file.stored_at.map(Stamp),
            datetime_uploaded: Stamp(file.uploaded_at),
            image_info: image(&file.content).map(OldImageInfo::from),
            is_image: image(&file.content).is_some(),
            is_ready: true,
            mime_type: &file.declared_mime,
            original_file_url: shown_original(file, bases),
            original_filename: &file.name,
            size: file.size_bytes,
            url: Spelled(Resource { bases, file }),
            uuid: Spelled(file.id),
            last,
        }
    }
}
