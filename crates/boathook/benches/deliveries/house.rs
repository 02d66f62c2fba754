//! The house under test: SQLite in a temporary folder, the platform, the engine, some files and webhooks.

use crate::receiver::Receiver;
use bytes::Bytes;
use delivery::{Dialects, Jitter, Setup};
use domain::id::FileId;
use domain::metadata::Metadata;
use domain::project::{Grant, SecretKey};
use domain::secret::Secret;
use domain::webhook::{Limits, Wish};
use domain::{Clock, Timestamp};
use platform::access::Principal;
use platform::uploads::{Arrival, StoreWish};
use platform::webhooks::NewWebhook;
use platform::{Chance, Parts, Platform};
use pulse::{Stop, Stopper};
use std::sync::Arc;
use std::time::SystemTime;
use store::{Location, Store};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use uploadcare::Bases;

/// How many files the load changes: enough that order per resource holds nothing back.
const FILES: usize = 1024;

pub struct House {
    pub platform: Platform,
    pub principal: Principal,
    pub key: SecretKey,
    pub files: Arc<Vec<FileId>>,
    pub webhooks: usize,
    pub bases: Bases,
    store: Store,
    clock: Arc<dyn Clock>,
    running: Option<(Stopper, JoinHandle<()>)>,
    _folder: TempDir,
}

struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        Timestamp::from_micros(since.as_micros() as i64)
    }
}

fn egress() -> egress::Client {
    let allow = vec!["127.0.0.1".parse().unwrap()];
    egress::Client::new(egress::Settings { allow, ..egress::Settings::default() }).unwrap()
}

impl House {
    /// Opens one with so many webhooks on the receiver, the engine running.
    pub async fn open(receiver: &Receiver, webhooks: usize) -> Self {
        let folder = tempfile::tempdir_in(std::env::var("BENCH_FOLDER").unwrap_or_else(|_| ".".into())).unwrap();
        let store = Store::open(&Location::Sqlite(folder.path().join("boathook.db"))).await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(Wall);
        let platform = Platform::new(Parts {
            store: store.clone(),
            blobs: blobs::Blobs::open_disk(&folder.path().join("blobs")).unwrap(),
            clock: clock.clone(),
            chance: Chance::system(),
            egress: egress(),
            settings: platform::Settings::default(),
        });
        let (project, key) = platform.create_project("bench").await.unwrap();
        let request = platform.chance().request_id();
        let principal = Principal { project: Arc::new(project), grant: Grant::Secret, request };
        let base = "http://127.0.0.1:8080".to_owned();
        let bases = Bases { api: base.clone(), upload: base.clone(), cdn: base };
        let files = Arc::new(files(&platform, &principal).await);
        for number in 0..webhooks {
            platform.create_webhook(&principal, webhook(&receiver.url(&format!("/{number}")))).await.unwrap();
        }
        let mut house =
            Self { platform, principal, key, files, webhooks, bases, store, clock, running: None, _folder: folder };
        house.start();
        house
    }

    /// Starts the engine.
    pub fn start(&mut self) {
        let setup = Setup {
            store: self.store.clone(),
            egress: egress(),
            dialects: Dialects::new(vec![Box::new(uploadcare::webhook::Uploadcare { bases: self.bases.clone() })]),
            clock: self.clock.clone(),
            jitter: Jitter::random(),
            settings: delivery::Settings::default(),
        };
        let (stopper, stop) = Stop::new();
        self.running = Some((stopper, tokio::spawn(delivery::run(setup, stop))));
    }

    /// Stops the engine in good order.
    pub async fn stop(&mut self) {
        if let Some((stopper, engine)) = self.running.take() {
            stopper.stop();
            engine.await.unwrap();
        }
    }

    pub async fn close(mut self) {
        self.stop().await;
    }
}

async fn files(platform: &Platform, principal: &Principal) -> Vec<FileId> {
    let mut files = Vec::with_capacity(FILES);
    for number in 0..FILES {
        let bytes = futures_stream(format!("the bytes of file {number}"));
        let received = platform.receive(bytes, "bench.txt").await.unwrap();
        let arrival = Arrival {
            name: "bench.txt".into(),
            declared_mime: "text/plain".into(),
            stored: StoreWish::Yes,
            metadata: Metadata::default(),
            expires_at: None,
            is_original_protected: false,
        };
        files.push(platform.admit(principal, vec![(received, arrival)]).await.unwrap()[0].id);
    }
    files
}

fn futures_stream(text: String) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> + Send + Unpin {
    futures_util::stream::iter([Ok(Bytes::from(text))])
}

fn webhook(url: &str) -> NewWebhook {
    NewWebhook {
        dialect: "uploadcare",
        wish: Wish {
            target_url: url.to_owned(),
            events: vec!["file.info_updated".into()],
            is_active: true,
            version: "0.7".into(),
            policy: domain::policy::Policy::default(),
            is_exclusive: true,
        },
        secret: Some(Secret::new("made-up-signing-secret-of-32-chr")),
        limits: Limits { target_chars_max: 255, secret_chars_max: 32 },
    }
}
