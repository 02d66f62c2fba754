//! Nouns to begin with: a project, files with every field set, facts, wishes.

use domain::Timestamp;
use domain::content::{Content, Image};
use domain::event::{Change, EventKind, Fact, Initiator, Previous, Subject};
use domain::file::File;
use domain::id::{AccessToken, EventId, FileId, ProjectId, RequestId, WebhookId};
use domain::metadata::Metadata;
use domain::project::{Project, Settings};
use domain::secret::Secret;
use domain::webhook::{Webhook, Wish};
use store::events;
use store::projects::{self, NewProject};
use store::webhooks::{self, NewWebhook};
use store::{Error, Store};

pub const NOW: Timestamp = Timestamp::from_micros(1_772_533_200_123_456);

/// An id that is different for each number.
pub fn bytes(n: u64) -> [u8; 16] {
    let mut bytes = [0xab; 16];
    bytes[8..].copy_from_slice(&n.to_be_bytes());
    bytes
}

pub fn new_project(n: u64) -> NewProject {
    NewProject {
        public_key: format!("{n:020x}"),
        name: "Приют 🐾".into(),
        settings: Settings {
            is_autostore_enabled: n.is_multiple_of(2),
            may_create_without_token: !n.is_multiple_of(2),
        },
        created_at: NOW,
    }
}

pub async fn project(store: &Store, n: u64) -> Project {
    store.write(move |tx| projects::insert(tx, &new_project(n))).await.unwrap()
}

/// A stored picture with every field set.
pub fn file(project: ProjectId, n: u64) -> File {
    let pairs = [("album", "море"), ("quote", "\"\\\n\u{1}")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    File {
        id: FileId::from_bytes(bytes(n)),
        project,
        revision: 3,
        name: "пирс \"утром\" 🌊.jpg".into(),
        declared_mime: "image/pjpeg".into(),
        size_bytes: 204_811,
        sha256: [0xfe; 32],
        content: Content { mime: "image/jpeg".into(), image: Some(image()) },
        metadata: Metadata::from_pairs(pairs).unwrap(),
        access_token: AccessToken::from_bytes(bytes(n + 1_000_000)),
        is_original_protected: true,
        uploaded_at: NOW,
        stored_at: Some(Timestamp::from_micros(NOW.as_micros() + 1)),
        removed_at: None,
        expires_at: Some(Timestamp::from_micros(i64::MAX)),
    }
}

fn image() -> Image {
    Image {
        format: "JPEG".into(),
        width: u32::MAX,
        height: 1,
        color_mode: "RGB".into(),
        orientation: Some(8),
        dpi: Some((72, 300)),
        is_sequence: true,
        geo_location: Some((-55.755_833_333_333_33, 0.1)),
        datetime_original: Some("2026-03-03T10:20:00".into()),
    }
}

/// A temporary file of which nothing is known.
pub fn bare_file(project: ProjectId, n: u64) -> File {
    File {
        name: String::new(),
        declared_mime: String::new(),
        size_bytes: 0,
        content: Content::default(),
        metadata: Metadata::default(),
        is_original_protected: false,
        stored_at: None,
        expires_at: None,
        ..file(project, n)
    }
}

pub fn fact(file: File, n: u64) -> Fact {
    Fact {
        id: EventId::from_bytes(bytes(n)),
        change: Change { kind: EventKind::FileUploaded, previous: Previous::default() },
        at: NOW,
        initiator: Initiator::Api(RequestId::from_bytes(bytes(n + 2_000_000))),
        subject: Subject::File(file),
        addressee: None,
    }
}

/// Appends one event about a bare file; answers its sequence.
pub async fn event(store: &Store, project: ProjectId, n: u64) -> i64 {
    let appended = store.write(move |tx| events::append(tx, fact(bare_file(project, n), n)));
    appended.await.unwrap().sequence
}

pub fn wish(target_url: &str) -> Wish {
    Wish {
        target_url: target_url.into(),
        events: vec!["file.stored".into(), "file.uploaded".into()],
        is_active: true,
        version: "0.7".into(),
        policy: domain::policy::Policy::default(),
        is_exclusive: true,
    }
}

pub fn new_webhook(project: ProjectId, n: u64) -> NewWebhook {
    NewWebhook {
        id: WebhookId::from_bytes(bytes(n)),
        project,
        dialect: "uploadcare".into(),
        wish: wish(&format!("https://receiver.test/{n}?привет=\"")),
        secret: Some(Secret::new("секрет")),
        created_at: NOW,
    }
}

pub async fn webhook(store: &Store, project: ProjectId, n: u64) -> Webhook {
    insert_webhook(store, new_webhook(project, n)).await.unwrap()
}

pub async fn insert_webhook(store: &Store, new: NewWebhook) -> Result<Webhook, Error> {
    store.write(move |tx| webhooks::insert(tx, &new)).await
}

/// Which constraint refused.
pub fn conflict<T: std::fmt::Debug>(answered: Result<T, Error>) -> &'static str {
    match answered {
        Err(Error::Conflict(name)) => name,
        other => panic!("no conflict but {other:?}"),
    }
}

pub fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}
