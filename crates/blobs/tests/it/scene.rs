//! A place for bytes in a temporary folder, and the few moves every test makes.

use std::fs;
use std::path::PathBuf;

use blobs::{Blobs, Body, Error, Key, Written};
use bytes::Bytes;
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

pub struct Scene {
    pub blobs: Blobs,
    pub root: TempDir,
}

impl Scene {
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        Self { blobs: Blobs::open_disk(root.path()).unwrap(), root }
    }

    pub async fn written(&self, bytes: &[u8]) -> Written {
        let mut staged = self.blobs.stage();
        for chunk in bytes.chunks(10_000) {
            staged.write(Bytes::copy_from_slice(chunk)).await.unwrap();
        }
        staged.finish().await.unwrap()
    }

    pub async fn published(&self, key: &Key, bytes: &[u8]) {
        self.written(bytes).await.publish(key).await.unwrap();
    }

    pub async fn read(&self, key: &Key) -> Result<Vec<u8>, Error> {
        Ok(whole(self.blobs.open(key, None).await?).await)
    }

    pub fn staging_files(&self) -> Vec<PathBuf> {
        fs::read_dir(self.root.path().join("staging")).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    pub fn path(&self, key: &Key) -> PathBuf {
        self.root.path().join(key.as_str())
    }
}

pub async fn whole(body: Body) -> Vec<u8> {
    body.map_ok(|chunk| chunk.to_vec()).try_concat().await.unwrap()
}

pub fn key(number: u8) -> Key {
    Key::original([number; 16])
}

/// Bytes in which every position differs from its neighbours and from its place a chunk later.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
