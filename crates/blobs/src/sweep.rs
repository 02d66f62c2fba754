//! What a killed process left behind: staging files, and originals whose row was never written.
//!
//! Age is what makes this safe beside running uploads: an upload publishes, then commits its row, and only files older
//! than the given moment are even considered. Nothing is deleted without the caller having been asked.

use std::collections::HashSet;
use std::fs::{self, DirEntry, ReadDir};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::disk::{self, Disk};
use crate::hop::hop;
use crate::{Blobs, Error, Key};

/// How many keys the caller is asked about at once.
const BATCH_KEYS_MAX: usize = 512;

/// What a sweep took away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Files that never got a key.
    pub staged: u64,
    /// Originals nobody knew.
    pub originals: u64,
}

impl Blobs {
    /// Removes staging files last written before `older_than`, and originals as old which the caller does not know.
    ///
    /// `known` is given up to 512 keys at a time and answers those of them that must stay; its error ends the sweep with
    /// all earlier batches done. Files in the folders that are not ours to name are left alone. Run one sweep at a time.
    pub async fn sweep<F, Fut, E>(&self, older_than: SystemTime, mut known: F) -> Result<Swept, E>
    where
        F: FnMut(Vec<Key>) -> Fut,
        Fut: Future<Output = Result<HashSet<Key>, E>>,
        E: From<Error>,
    {
        let disk = self.disk.clone();
        let staged = hop(move || sweep_staging(disk.staging(), older_than)).await?;
        let mut swept = Swept { staged, originals: 0 };

        let mut batches = list_originals(self.disk.clone(), older_than);
        while let Some(batch) = batches.recv().await {
            let keys = batch?;
            let stay = known(keys.clone()).await?;
            let orphans: Vec<Key> = keys.into_iter().filter(|key| !stay.contains(key)).collect();
            swept.originals += discard(self.disk.clone(), orphans).await?;
        }
        Ok(swept)
    }
}

fn sweep_staging(staging: &Path, older_than: SystemTime) -> Result<u64, Error> {
    let mut swept = 0;
    for entry in list(staging)? {
        let entry = entry.map_err(Error::during("list a folder"))?;
        if is_file_older(&entry, older_than)? && disk::remove(&entry.path())? {
            swept += 1;
        }
    }
    Ok(swept)
}

async fn discard(disk: Arc<Disk>, orphans: Vec<Key>) -> Result<u64, Error> {
    if orphans.is_empty() {
        return Ok(0);
    }
    hop(move || orphans.iter().try_fold(0, |discarded, orphan| Ok(discarded + u64::from(disk.discard(orphan)?)))).await
}

/// Lists on a thread of its own, at most one batch ahead. It ends when nobody receives any more.
fn list_originals(disk: Arc<Disk>, older_than: SystemTime) -> mpsc::Receiver<Result<Vec<Key>, Error>> {
    let (sender, batches) = mpsc::channel(1);
    spawn_blocking(move || {
        let mut listing = Listing { sender, batch: Vec::new(), older_than };
        if let Err(Ended::Failed(error)) = listing.walk(&disk.originals()) {
            let _ = listing.sender.blocking_send(Err(error));
        }
    });
    batches
}

struct Listing {
    sender: mpsc::Sender<Result<Vec<Key>, Error>>,
    batch: Vec<Key>,
    older_than: SystemTime,
}

enum Ended {
    NobodyListens,
    Failed(Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Listing {
    fn walk(&mut self, originals: &Path) -> Result<(), Ended> {
        for folder in folders(originals)? {
            for folder in folders(&folder)? {
                self.take(&folder)?;
            }
        }
        self.send()
    }

    fn take(&mut self, folder: &Path) -> Result<(), Ended> {
        for entry in list(folder)? {
            let entry = entry.map_err(Error::during("list a folder"))?;
            if let Some(key) = key(&entry)
                && is_file_older(&entry, self.older_than)?
            {
                self.batch.push(key);
            }
            if self.batch.len() == BATCH_KEYS_MAX {
                self.send()?;
            }
        }
        Ok(())
    }

    fn send(&mut self) -> Result<(), Ended> {
        if self.batch.is_empty() {
            return Ok(());
        }
        self.sender.blocking_send(Ok(std::mem::take(&mut self.batch))).map_err(|_| Ended::NobodyListens)
    }
}

/// The key of a file that lies where its name says it should.
fn key(entry: &DirEntry) -> Option<Key> {
    let path = entry.path();
    let mut parts = path.iter().rev().take(4).map(|part| part.to_str());
    let (name, second, first, tree) = (parts.next()??, parts.next()??, parts.next()??, parts.next()??);
    format!("{tree}/{first}/{second}/{name}").parse().ok()
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = list(folder)?.collect::<io::Result<Vec<_>>>();
    let entries = entries.map_err(Error::during("list a folder"))?;
    Ok(entries.iter().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(DirEntry::path).collect())
}

fn list(folder: &Path) -> Result<ReadDir, Error> {
    fs::read_dir(folder).map_err(Error::during("list a folder"))
}

/// A file that vanished meanwhile is not older.
fn is_file_older(entry: &DirEntry, older_than: SystemTime) -> Result<bool, Error> {
    match entry.metadata().and_then(|about| Ok(about.is_file() && about.modified()? < older_than)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        answer => answer.map_err(Error::during("ask for a file's age")),
    }
}
