//! A whole platform in a folder: SQLite and bytes on disk, a clock moved by hand, ids from a seed.

use crate::clock::ManualClock;
use blobs::Blobs;
use bytes::Bytes;
use domain::event::Event;
use domain::file::File;
use domain::metadata::Metadata;
use domain::project::{Grant, Project, SecretKey};
use futures_util::stream;
use platform::access::Principal;
use platform::uploads::{Arrival, StoreWish};
use platform::{Chance, Parts, Platform, Settings};
use std::path::Path;
use std::sync::Arc;
use store::{Location, Store};

/// The seed of every test platform's ids.
pub const SEED: u64 = 41;

/// A platform with the rooms it is made of, for tests that look behind it.
#[derive(Clone)]
pub struct TestPlatform {
    /// What doors are given.
    pub platform: Platform,
    /// Its rows.
    pub store: Store,
    /// Its bytes.
    pub blobs: Blobs,
    /// Its time.
    pub clock: Arc<ManualClock>,
}

/// A platform in this folder, with the documented limits. It may call nothing on this machine.
pub async fn platform_in(folder: &Path) -> TestPlatform {
    platform_with(folder, Settings::default(), &[]).await
}

/// The same with other limits, and with rules for targets that it may call all the same (`127.0.0.1`).
///
/// # Panics
/// If the folder cannot be used, or a rule is none.
pub async fn platform_with(folder: &Path, settings: Settings, allow: &[&str]) -> TestPlatform {
    let location = Location::Sqlite(folder.join("boathook.db"));
    let store = Store::open(&location).await.expect("a database in a new folder");
    platform_over(store, folder, settings, allow)
}

/// The same over rows of any engine; the bytes still lie in the folder.
///
/// # Panics
/// If the folder cannot be used, or a rule is none.
pub fn platform_over(store: Store, folder: &Path, settings: Settings, allow: &[&str]) -> TestPlatform {
    let blobs = Blobs::open_disk(&folder.join("blobs")).expect("a folder for bytes");
    let clock = Arc::new(ManualClock::default());
    let rules = allow.iter().map(|rule| rule.parse().expect("a rule for the way out"));
    let egress = egress::Settings { allow: rules.collect(), ..egress::Settings::default() };
    let platform = Platform::new(Parts {
        store: store.clone(),
        blobs: blobs.clone(),
        clock: clock.clone(),
        chance: Chance::seeded(SEED),
        egress: egress::Client::new(egress).expect("a client without extra roots"),
        settings,
    });
    TestPlatform { platform, store, blobs, clock }
}

impl TestPlatform {
    /// Makes a project with one secret key.
    ///
    /// # Panics
    /// If the database fails.
    pub async fn project(&self, name: &str) -> (Arc<Project>, SecretKey) {
        let (project, key) = self.platform.create_project(name).await.expect("a new project");
        (Arc::new(project), key)
    }

    /// Somebody who holds this of the project.
    pub fn principal(&self, project: &Arc<Project>, grant: Grant) -> Principal {
        Principal { project: project.clone(), grant, request: self.platform.chance().request_id() }
    }

    /// Uploads bytes as this caller would; neither stored nor protected, without metadata.
    ///
    /// # Panics
    /// If the caller may not, or there are too many bytes.
    pub async fn upload(&self, principal: &Principal, name: &str, bytes: &[u8]) -> File {
        let stream = stream::iter([Ok(Bytes::copy_from_slice(bytes))]);
        let received = self.platform.receive(stream, name).await.expect("bytes within the limit");
        let arrival = Arrival {
            name: name.to_owned(),
            declared_mime: "application/octet-stream".to_owned(),
            stored: StoreWish::No,
            metadata: Metadata::default(),
            expires_at: None,
            is_original_protected: false,
        };
        let admitted = self.platform.admit(principal, vec![(received, arrival)]).await;
        admitted.expect("a caller who may upload").remove(0)
    }

    /// The project's whole log, up to 10,000 events.
    ///
    /// # Panics
    /// If the database fails.
    pub async fn log(&self, project: &Project) -> Vec<Event> {
        let project = project.id;
        let look = move |tx: &mut store::Tx<'_>| store::events::after(tx, project, 0, 10_000);
        self.store.read(look).await.expect("the log can be read")
    }
}
