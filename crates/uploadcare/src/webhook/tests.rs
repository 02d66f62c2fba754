//! Payloads to the byte, and the signature over them.
#![allow(clippy::unwrap_used)]

use super::*;
use domain::Timestamp;
use domain::content::{Content, Image};
use domain::event::{Change, Fact, Initiator, Previous, Subject};
use domain::file::File;
use domain::id::{AccessToken, EventId, FileId, ProjectId, RequestId, WebhookId, WebhookNumber, parse_uuid};
use domain::metadata::Metadata;
use domain::project::Settings;
use domain::webhook::Wish;

const UPLOADED_AT: Timestamp = Timestamp::from_micros(1_772_532_930_482_913);
const LATER: Timestamp = Timestamp::from_micros(1_772_532_931_104_882);

fn uploadcare() -> Uploadcare {
    Uploadcare {
        bases: Bases {
            api: "https://api.example.test".into(),
            upload: "https://upload.example.test".into(),
            cdn: "https://cdn.example.test".into(),
        },
    }
}

fn project() -> Project {
    Project {
        id: ProjectId::new(7),
        public_key: "5f9b1c0d7e2a4b368c4d".into(),
        name: "demo".into(),
        settings: Settings::default(),
        created_at: UPLOADED_AT,
    }
}

fn metadata(pairs: &[(&str, &str)]) -> Metadata {
    Metadata::from_pairs(pairs.iter().map(|(key, value)| ((*key).into(), (*value).into()))).unwrap()
}

fn file() -> File {
    File {
        id: FileId::from_bytes(parse_uuid("8f1e2d3c-4b5a-4c6d-9e7f-0a1b2c3d4e5f").unwrap()),
        project: ProjectId::new(7),
        revision: 1,
        name: "harbour (é).jpg".into(),
        declared_mime: "image/jpeg".into(),
        size_bytes: 204_811,
        sha256: [0; 32],
        content: Content {
            mime: "image/jpeg".into(),
            image: Some(Image {
                format: "JPEG".into(),
                width: 1280,
                height: 720,
                color_mode: "RGB".into(),
                orientation: None,
                dpi: Some((72, 72)),
                is_sequence: false,
                geo_location: None,
                datetime_original: None,
            }),
        },
        metadata: metadata(&[("subsystem", "uploader")]),
        access_token: AccessToken::from_bytes([9; 16]),
        is_original_protected: false,
        uploaded_at: UPLOADED_AT,
        stored_at: None,
        removed_at: None,
        expires_at: None,
    }
}

fn event(kind: EventKind, file: File, previous: Previous, initiator: Initiator) -> Event {
    Event {
        sequence: 12,
        fact: Fact {
            id: EventId::from_bytes([1; 16]),
            change: Change { kind, previous },
            at: LATER,
            initiator,
            subject: Subject::File(file),
            addressee: None,
        },
    }
}

fn by_api() -> Initiator {
    let id = parse_uuid("0d2f6c1e-7f0a-4a6e-8a52-2f0f4b9d3c11").unwrap();
    Initiator::Api(RequestId::from_bytes(id))
}

fn webhook(event: &str, version: &str) -> Webhook {
    Webhook {
        number: WebhookNumber::new(41),
        id: WebhookId::from_bytes([3; 16]),
        project: ProjectId::new(7),
        dialect: NAME.into(),
        revision: 1,
        since_sequence: 0,
        wish: Wish {
            target_url: "https://hooks.example.test/uc".into(),
            events: vec![event.into()],
            is_active: true,
            version: version.into(),
            policy: domain::policy::Policy::default(),
            is_exclusive: true,
        },
        secret: None,
        created_at: UPLOADED_AT,
        updated_at: LATER,
    }
}

fn body(event: &Event, webhook: &Webhook) -> Option<String> {
    let body = uploadcare().render(event, webhook, &project())?;
    Some(String::from_utf8(body).unwrap())
}

/// What all bodies of 0.7 here share, with the event's word in its place.
const HOOK: &str = r#""hook":{"id":41,"project_id":7,"project_pub_key":"5f9b1c0d7e2a4b368c4d","target":"https://hooks.example.test/uc","event":"WORD","is_active":true,"version":"0.7","created_at":"2026-03-03T10:15:30.482913Z","updated_at":"2026-03-03T10:15:31.104882Z"}"#;
const CONTENT: &str = r#""content_info":{"mime":{"mime":"image/jpeg","type":"image","subtype":"jpeg"},"image":{"dpi":[72,72],"width":1280,"format":"JPEG","height":720,"sequence":false,"color_mode":"RGB","orientation":null,"geo_location":null,"datetime_original":null}}"#;
const FILE: &str = r#""https://cdn.example.test/8f1e2d3c-4b5a-4c6d-9e7f-0a1b2c3d4e5f/harbour.jpg""#;
const API: &str =
    r#"{"initiator":{"type":"api","detail":{"request_id":"0d2f6c1e-7f0a-4a6e-8a52-2f0f4b9d3c11","addon_name":null}}"#;

fn expected(parts: &[&str], word: &str) -> String {
    parts.concat().replace("HOOK", HOOK).replace("CONTENT", CONTENT).replace("FILE", FILE).replace("WORD", word)
}

#[test]
fn a_file_that_was_uploaded() {
    let event = event(EventKind::FileUploaded, file(), Previous::default(), by_api());
    let expected = expected(
        &[
            API,
            r#",HOOK,"data":{CONTENT,"uuid":"8f1e2d3c-4b5a-4c6d-9e7f-0a1b2c3d4e5f","is_image":true,"is_ready":true,"metadata":{"subsystem":"uploader"},"appdata":{},"mime_type":"image/jpeg","original_filename":"harbour (é).jpg","original_file_url":FILE,"datetime_removed":null,"size":204811,"datetime_stored":null,"url":"https://api.example.test/files/8f1e2d3c-4b5a-4c6d-9e7f-0a1b2c3d4e5f/","datetime_uploaded":"2026-03-03T10:15:30.482913Z","variations":null,"tags":[]},"file":FILE}"#,
        ],
        "file.uploaded",
    );
    assert_eq!(body(&event, &webhook(FILE_UPLOADED, "0.7")), Some(expected));
}

#[test]
fn metadata_that_changed() {
    let mut file = file();
    let previous = Previous {
        metadata: Some(std::mem::replace(&mut file.metadata, metadata(&[("album", "sea"), ("subsystem", "uploader")]))),
    };
    let event = event(EventKind::FileInfoUpdated, file, previous, by_api());
    let body = body(&event, &webhook("file.info_updated", "0.7")).unwrap();
    assert!(body.starts_with(&expected(&[API, ",HOOK,"], "file.info_updated")), "{body}");
    assert!(body.contains(r#","metadata":{"album":"sea","subsystem":"uploader"},"#), "{body}");
    let end = expected(&[r#","file":FILE,"previous_values":{"metadata":{"subsystem":"uploader"}}}"#], "");
    assert!(body.ends_with(&end), "{body}");
}

#[test]
fn a_removed_file_keeps_the_address_it_had() {
    let file = File { removed_at: Some(LATER), ..file() };
    let event = event(EventKind::FileRemoved, file, Previous::default(), Initiator::System);
    let body = body(&event, &webhook("file.deleted", "0.7")).unwrap();
    let start = r#"{"initiator":{"type":"system","detail":{"request_id":null,"addon_name":null}},"#;
    assert!(body.starts_with(start), "{body}");
    assert!(body.contains(r#""original_file_url":null,"datetime_removed":"2026-03-03T10:15:31.104882Z","#), "{body}");
    assert!(body.ends_with(&expected(&[r#","file":FILE}"#], "")), "{body}");
}

#[test]
fn versions_before_0_7_are_one_shape_and_know_only_uploads() {
    let uploaded = event(EventKind::FileUploaded, file(), Previous::default(), by_api());
    let expected = expected(
        &[
            r#"{"payload_hash":"72340172838076673","data":{"uuid":"8f1e2d3c-4b5a-4c6d-9e7f-0a1b2c3d4e5f","image_info":{"width":1280,"height":720,"format":"JPEG","color_mode":"RGB","geo_location":null,"orientation":null,"dpi":[72,72],"datetime_original":null,"sequence":false},"video_info":null,"content_info":{"mime":{"mime":"image/jpeg","type":"image","subtype":"jpeg"},"video":null,"image":{"dpi":[72,72],"width":1280,"format":"JPEG","height":720,"sequence":false,"color_mode":"RGB","orientation":null,"geo_location":null,"datetime_original":null}},"mime_type":"image/jpeg","original_filename":"harbour (é).jpg","size":204811,"is_image":true,"is_ready":true,"datetime_removed":null,"datetime_stored":null,"datetime_uploaded":"2026-03-03T10:15:30.482913Z","original_file_url":FILE,"url":"https://api.example.test/files/8f1e2d3c-4b5a-4c6d-9e7f-0a1b2c3d4e5f/","source":null,"variations":null,"rekognition_info":null},"hook":{"id":41,"project_id":7,"target":"https://hooks.example.test/uc","event":"file.uploaded","is_active":true,"created_at":"2026-03-03T10:15:30.482913Z","updated_at":"2026-03-03T10:15:31.104882Z"},"file":FILE}"#,
        ],
        "",
    );
    for version in ["0.6", "0.5", ""] {
        assert_eq!(body(&uploaded, &webhook(FILE_UPLOADED, version)).as_ref(), Some(&expected));
        let stored = event(EventKind::FileStored, file(), Previous::default(), by_api());
        assert_eq!(body(&stored, &webhook("file.stored", version)), None);
    }
}

#[test]
fn every_kind_is_told_or_declined_on_purpose() {
    let words = EventKind::OF_FILES.map(|kind| uploadcare().word(kind));
    let expected = [Some("file.uploaded"), Some("file.stored"), Some("file.info_updated"), None, Some("file.deleted")];
    assert_eq!(words, expected);
    let others = EventKind::ALL.into_iter().filter(|kind| !EventKind::OF_FILES.contains(kind));
    assert!(others.into_iter().all(|kind| uploadcare().word(kind).is_none()));
    for kind in EventKind::OF_FILES {
        let event = event(kind, file(), Previous::default(), by_api());
        let is_told = body(&event, &webhook("file.stored", "0.7")).is_some();
        assert_eq!(is_told, uploadcare().word(kind).is_some(), "{kind:?}");
        assert!(uploadcare().word(kind).is_none_or(|word| EVENTS.contains(&word)));
    }
}

#[test]
fn the_same_event_and_revision_give_the_same_bytes() {
    let event = event(EventKind::FileStored, file(), Previous::default(), by_api());
    let webhook = webhook("file.stored", "0.7");
    assert_eq!(body(&event, &webhook), body(&event.clone(), &webhook.clone()));
}

#[test]
fn a_signature_is_the_hmac_of_the_bytes() {
    let body = r#"{"initiator":{"type":"api","detail":{"request_id":"0d2f6c1e-7f0a-4a6e-8a52-2f0f4b9d3c11","addon_name":null}},"hook":{"id":41,"project_id":7},"data":{"uuid":"8f1e2d3c-4b5a-4c6d-9e7f-0a1b2c3d4e5f"},"file":"https://cdn.example.test/8f1e2d3c-4b5a-4c6d-9e7f-0a1b2c3d4e5f/cat.jpg"}"#;
    let mut headers = HeaderMap::new();
    uploadcare().sign(body.as_bytes(), &Secret::new("k3Y-for-hooks-0001"), &mut headers);
    assert_eq!(headers["X-Uc-Signature"], "v1=0101d5b1fd12e9c225e922312c7c6a7dab88745384f2f7c3231852b73f73c29f");
}
