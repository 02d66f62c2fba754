//! One project in a folder of its own, its owner, and what the tests ask of them.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use domain::event::EventKind;
use domain::file::File;
use domain::id::FileId;
use domain::metadata::Metadata;
use domain::project::{Grant, Project, SecretKey};
use futures_util::stream;
use platform::access::Principal;
use platform::intake::Received;
use platform::uploads::{Arrival, StoreWish};
use platform::{Error, Platform, Settings};
use tempfile::TempDir;
use testkit::platform::{TestPlatform, platform_with};

pub struct Scene {
    pub folder: TempDir,
    pub kit: TestPlatform,
    pub platform: Platform,
    pub project: Arc<Project>,
    pub key: SecretKey,
    /// Holds a secret key.
    pub owner: Principal,
}

pub async fn scene() -> Scene {
    scene_with(Settings::default()).await
}

pub async fn scene_with(settings: Settings) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let kit = platform_with(folder.path(), settings, &[]).await;
    let (project, key) = kit.project("pier").await;
    let owner = kit.principal(&project, Grant::Secret);
    Scene { platform: kit.platform.clone(), folder, kit, project, key, owner }
}

impl Scene {
    pub fn holding(&self, grant: Grant) -> Principal {
        self.kit.principal(&self.project, grant)
    }

    pub async fn upload(&self, name: &str) -> File {
        self.kit.upload(&self.owner, name, name.as_bytes()).await
    }

    pub async fn receive(&self, bytes: &'static [u8]) -> Result<Received, Error> {
        self.platform.receive(stream::iter([Ok(Bytes::from_static(bytes))]), "a.txt").await
    }

    pub async fn find(&self, id: FileId) -> File {
        self.platform.find_file(&self.owner, id).await.unwrap()
    }

    /// What the log has told so far.
    pub async fn told(&self) -> Vec<EventKind> {
        let log = self.kit.log(&self.project).await;
        log.iter().map(domain::event::Event::kind).collect()
    }

    /// How many files lie anywhere among the bytes, staged ones too.
    pub fn bytes_kept(&self) -> usize {
        count_files(&self.folder.path().join("blobs"))
    }
}

fn count_files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| if entry.path().is_dir() { count_files(&entry.path()) } else { 1 }).sum()
}

pub fn arrival(name: &str) -> Arrival {
    Arrival {
        name: name.to_owned(),
        declared_mime: "text/plain".to_owned(),
        stored: StoreWish::No,
        metadata: Metadata::default(),
        expires_at: None,
        is_original_protected: true,
    }
}

pub fn pairs(pairs: &[(&str, &str)]) -> Metadata {
    Metadata::from_pairs(pairs.iter().map(|(key, value)| ((*key).into(), (*value).into()))).unwrap()
}
