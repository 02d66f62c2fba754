//! The payload of versions 0.5 and 0.6, which are one shape: no initiator, and a file that knows neither metadata nor appdata.

use crate::Bases;
use crate::wire::Spelled;
use crate::wire::address::{Original, Resource};
use crate::wire::content::{FullContentInfo, OldImageInfo, image};
use crate::wire::file::shown_original;
use crate::wire::stamp::Stamp;
use domain::event::Event;
use domain::file::File;
use domain::id::{EventId, FileId};
use domain::webhook::Webhook;
use serde::Serialize;

/// The body of a delivery.
#[derive(Serialize)]
pub(super) struct OldPayload<'a> {
    payload_hash: Spelled<u64>,
    data: Data<'a>,
    hook: Hook<'a>,
    file: Spelled<Original<'a>>,
}

#[derive(Serialize)]
struct Data<'a> {
    uuid: Spelled<FileId>,
    image_info: Option<OldImageInfo<'a>>,
    video_info: (),
    content_info: FullContentInfo<'a>,
    mime_type: &'a str,
    original_filename: &'a str,
    size: i64,
    is_image: bool,
    is_ready: bool,
    datetime_removed: Option<Stamp>,
    datetime_stored: Option<Stamp>,
    datetime_uploaded: Stamp,
    original_file_url: Option<Spelled<Original<'a>>>,
    url: Spelled<Resource<'a>>,
    source: (),
    variations: (),
    rekognition_info: (),
}

#[derive(Serialize)]
struct Hook<'a> {
    id: i64,
    project_id: i64,
    target: &'a str,
    event: &'static str,
    is_active: bool,
    created_at: Stamp,
    updated_at: Stamp,
}

impl<'a> OldPayload<'a> {
    pub fn of(
        word: &'static str,
        (event, file): (&'a Event, &'a File),
        webhook: &'a Webhook,
        bases: &'a Bases,
    ) -> Self {
        Self {
            payload_hash: Spelled(hash(event.fact.id)),
            data: Data::of(file, bases),
            hook: Hook::of(word, webhook),
            file: Spelled(Original { bases, file }),
        }
    }
}

/// Digits that differ between events, as the original's do; how it makes them is not known.
fn hash(id: EventId) -> u64 {
    let (first, _) = id.as_bytes().split_at(8);
    u64::from_be_bytes(first.try_into().expect("eight bytes were split off"))
}

impl<'a> Data<'a> {
    fn of(file: &'a File, bases: &'a Bases) -> Self {
        Self {
            uuid: Spelled(file.id),
            image_info: image(&file.content).map(OldImageInfo::from),
            video_info: (),
            content_info: FullContentInfo::from(&file.content),
            mime_type: &file.declared_mime,
            original_filename: &file.name,
            size: file.size_bytes,
            is_image: image(&file.content).is_some(),
            is_ready: true,
            datetime_removed: file.removed_at.map(Stamp),
            datetime_stored: file.stored_at.map(Stamp),
            datetime_uploaded: Stamp(file.uploaded_at),
            original_file_url: shown_original(file, bases),
            url: Spelled(Resource { bases, file }),
            source: (),
            variations: (),
            rekognition_info: (),
        }
    }
}

impl<'a> Hook<'a> {
    fn of(word: &'static str, webhook: &'a Webhook) -> Self {
        Self {
            id: webhook.number.get(),
            project_id: webhook.project.get(),
            target: &webhook.wish.target_url,
            event: word,
            is_active: webhook.wish.is_active,
            created_at: Stamp(webhook.created_at),
            updated_at: Stamp(webhook.updated_at),
        }
    }
}
