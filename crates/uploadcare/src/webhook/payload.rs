//! The payload of version 0.7: who caused it, which webhook is told, the file, and what it was before.

use crate::Bases;
use crate::wire::address::{Original, Resource};
use crate::wire::content::{ContentInfo, image};
use crate::wire::file::shown_original;
use crate::wire::stamp::Stamp;
use crate::wire::{Empty, Spelled};
use domain::event::{Event, EventKind, Initiator, Previous};
use domain::file::File;
use domain::id::{FileId, RequestId};
use domain::project::Project;
use domain::webhook::Webhook;
use serde::Serialize;
use std::collections::BTreeMap;

/// The body of a delivery.
#[derive(Serialize)]
pub(super) struct Payload<'a> {
    initiator: Cause,
    hook: Hook<'a>,
    data: Data<'a>,
    /// Never null, unlike `original_file_url`: of a removed file it is the address it had.
    file: Spelled<Original<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_values: Option<PreviousValues<'a>>,
}

#[derive(Serialize)]
struct Cause {
    r#type: &'static str,
    detail: Detail,
}

#[derive(Serialize)]
struct Detail {
    request_id: Option<Spelled<RequestId>>,
    addon_name: (),
}

/// The webhook by the names that payloads have for its fields.
#[derive(Serialize)]
struct Hook<'a> {
    id: i64,
    project_id: i64,
    project_pub_key: &'a str,
    target: &'a str,
    event: &'static str,
    is_active: bool,
    version: &'a str,
    created_at: Stamp,
    updated_at: Stamp,
}

/// The file, its keys in the order of a real capture.
#[derive(Serialize)]
struct Data<'a> {
    content_info: ContentInfo<'a>,
    uuid: Spelled<FileId>,
    is_image: bool,
    is_ready: bool,
    metadata: &'a BTreeMap<String, String>,
    appdata: Empty,
    mime_type: &'a str,
    original_filename: &'a str,
    original_file_url: Option<Spelled<Original<'a>>>,
    datetime_removed: Option<Stamp>,
    size: i64,
    datetime_stored: Option<Stamp>,
    url: Spelled<Resource<'a>>,
    datetime_uploaded: Stamp,
    variations: (),
    tags: [&'a str; 0],
}

/// Only what changed is present.
#[derive(Serialize)]
struct PreviousValues<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a BTreeMap<String, String>>,
}

impl<'a> Payload<'a> {
    pub fn of(
        word: &'static str,
        (event, file): (&'a Event, &'a File),
        webhook: &'a Webhook,
        project: &'a Project,
        bases: &'a Bases,
    ) -> Self {
        Self {
            initiator: Cause::from(event.fact.initiator),
            hook: Hook::of(word, webhook, project),
            data: Data::of(file, bases),
            file: Spelled(Original { bases, file }),
            previous_values: PreviousValues::of(event.kind(), &event.fact.change.previous),
        }
    }
}

impl From<Initiator> for Cause {
    fn from(initiator: Initiator) -> Self {
        let (r#type, request_id) = match initiator {
            Initiator::Api(request) => ("api", Some(Spelled(request))),
            Initiator::System => ("system", None),
        };
        let detail = Detail { request_id, addon_name: () };
        Self { r#type, detail }
    }
}

impl<'a> Hook<'a> {
    fn of(word: &'static str, webhook: &'a Webhook, project: &'a Project) -> Self {
        Self {
            id: webhook.number.get(),
            project_id: webhook.project.get(),
            project_pub_key: &project.public_key,
            target: &webhook.wish.target_url,
            event: word,
            is_active: webhook.wish.is_active,
            version: &webhook.wish.version,
            created_at: Stamp(webhook.created_at),
            updated_at: Stamp(webhook.updated_at),
        }
    }
}

impl<'a> Data<'a> {
    fn of(file: &'a File, bases: &'a Bases) -> Self {
        Self {
            content_info: ContentInfo::from(&file.content),
            uuid: Spelled(file.id),
            is_image: image(&file.content).is_some(),
            is_ready: true,
            metadata: file.metadata.pairs(),
            appdata: Empty {},
            mime_type: &file.declared_mime,
            original_filename: &file.name,
            original_file_url: shown_original(file, bases),
            datetime_removed: file.removed_at.map(Stamp),
            size: file.size_bytes,
            datetime_stored: file.stored_at.map(Stamp),
            url: Spelled(Resource { bases, file }),
            datetime_uploaded: Stamp(file.uploaded_at),
            variations: (),
            tags: [],
        }
    }
}

impl<'a> PreviousValues<'a> {
    fn of(kind: EventKind, previous: &'a Previous) -> Option<Self> {
        (kind == EventKind::FileInfoUpdated)
            .then(|| Self { metadata: previous.metadata.as_ref().map(domain::metadata::Metadata::pairs) })
    }
}
