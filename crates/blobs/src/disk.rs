//! Files in folders: staging beside what is published, joined by a rename.
//!
//! Everything here blocks. The durable point is [`Disk::place`]: rename, then fsync the file, its folder and any folder
//! that is new. Renaming first lets a journalling file system put file and folder into one commit; nobody can find the
//! bytes early, because no one is told the key before all of it succeeded.

mod folders;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempPath;
use tokio::sync::Semaphore;

use crate::{Error, HELD_BYTES_MAX, Key, key};
use folders::Folders;

/// The folder of files that have no key yet.
const STAGING: &str = "staging";

#[derive(Debug)]
pub(crate) struct Disk {
    root: PathBuf,
    staging: PathBuf,
    folders: Folders,
    /// A permit for each byte of complete uploads that may still be in memory.
    pub(crate) memory: Arc<Semaphore>,
}

impl Disk {
    pub(crate) fn open(root: &Path) -> Result<Self, Error> {
        let staging = root.join(STAGING);
        fs::create_dir_all(&staging).map_err(Error::during("make the staging folder"))?;
        fs::create_dir_all(root.join(key::ORIGINALS)).map_err(Error::during("make the folder of originals"))?;
        folders::sync(root)?;
        let memory = Arc::new(Semaphore::new(HELD_BYTES_MAX));
        let disk = Self { root: root.to_owned(), staging, folders: Folders::default(), memory };
        let _proof_that_it_can_be_written_to = disk.staging_file()?;
        Ok(disk)
    }

    pub(crate) fn staging(&self) -> &Path {
        &self.staging
    }

    pub(crate) fn originals(&self) -> PathBuf {
        self.root.join(key::ORIGINALS)
    }

    /// A new empty file nobody else knows; it is unlinked when the path is dropped.
    pub(crate) fn staging_file(&self) -> Result<(File, TempPath), Error> {
        let file = tempfile::Builder::new().prefix("").rand_bytes(16).tempfile_in(&self.staging);
        Ok(file.map_err(Error::during("create a staging file"))?.into_parts())
    }

    /// Moves a staging file under `key` and makes that durable. On error it is gone from both places.
    pub(crate) fn place(&self, file: &File, staged: TempPath, key: &Key) -> Result<(), Error> {
        let target = self.path(key);
        let folder = target.parent().expect("a key has folders");
        self.folders.make(folder)?;
        self.rename(staged, &target, folder)?;
        let durable = file.sync_all().map_err(Error::during("fsync a file"));
        durable.and_then(|()| self.folders.settle(&self.root, folder)).inspect_err(|_| {
            // Already failing: if this fails too, the sweep finds the file.
            let _ = fs::remove_file(&target);
        })
    }

    /// Renames, and once more if the folder vanished since it was last seen.
    fn rename(&self, staged: TempPath, target: &Path, folder: &Path) -> Result<(), Error> {
        let Err(refused) = staged.persist(target) else {
            return Ok(());
        };
        if refused.error.kind() != io::ErrorKind::NotFound {
            return Err(Error::during("rename a file into place")(refused.error));
        }
        self.folders.forget(folder);
        self.folders.make(folder)?;
        let again = refused.path.persist(target);
        again.map_err(|refused| Error::during("rename a file into place")(refused.error))
    }

    /// The file under `key`, opened, and its size.
    pub(crate) fn read(&self, key: &Key) -> Result<(File, u64), Error> {
        let file = match File::open(self.path(key)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::NotFound),
            opened => opened.map_err(Error::during("open a file"))?,
        };
        let size_bytes = file.metadata().map_err(Error::during("ask for a file's size"))?.len();
        Ok((file, size_bytes))
    }

    pub(crate) fn size(&self, key: &Key) -> Result<Option<u64>, Error> {
        match fs::metadata(self.path(key)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            found => Ok(Some(found.map_err(Error::during("ask for a file's size"))?.len())),
        }
    }

    /// Removes the file for good: without the fsync it could come back after a loss of power.
    pub(crate) fn delete(&self, key: &Key) -> Result<bool, Error> {
        let path = self.path(key);
        if !remove(&path)? {
            return Ok(false);
        }
        folders::sync(path.parent().expect("a key has folders"))?;
        Ok(true)
    }

    /// Removes the file; it may come back after a loss of power, and then be found again.
    pub(crate) fn discard(&self, key: &Key) -> Result<bool, Error> {
        remove(&self.path(key))
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.as_str())
    }
}

/// Unlinks a file; answers whether it was there.
pub(crate) fn remove(path: &Path) -> Result<bool, Error> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::during("remove a file")(error)),
    }
}
