//! Folders that exist durably, remembered so that most files make none and fsync only their own.

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::Error;

/// Two levels of 256 folders; when somehow there are more, remembering starts over.
const FOLDERS_REMEMBERED_MAX: usize = 256 * 256;

#[derive(Debug, Default)]
pub(crate) struct Folders {
    durable: Mutex<HashSet<PathBuf>>,
}

impl Folders {
    /// Makes the folder and those above it, unless it is known to exist. Not durable before [`settle`](Self::settle).
    pub(crate) fn make(&self, folder: &Path) -> Result<(), Error> {
        if self.remembered().contains(folder) {
            return Ok(());
        }
        fs::create_dir_all(folder).map_err(Error::during("make a folder"))
    }

    /// Makes what just happened in `folder` durable, and the folder itself, up to `root`, the first time.
    ///
    /// Remembered only afterwards: whoever relies on the memory relies on these fsyncs having been done.
    pub(crate) fn settle(&self, root: &Path, folder: &Path) -> Result<(), Error> {
        sync(folder)?;
        if self.remembered().contains(folder) {
            return Ok(());
        }
        for above in folder.ancestors().skip(1).take_while(|above| above.starts_with(root)) {
            sync(above)?;
        }
        let mut remembered = self.remembered();
        if remembered.len() >= FOLDERS_REMEMBERED_MAX {
            remembered.clear();
        }
        remembered.insert(folder.to_owned());
        Ok(())
    }

    /// The folder was gone after all.
    pub(crate) fn forget(&self, folder: &Path) {
        self.remembered().remove(folder);
    }

    fn remembered(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        self.durable.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the entries of a folder durable.
pub(crate) fn sync(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::during("fsync a folder"))
}
