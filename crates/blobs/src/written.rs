//! Bytes that arrived whole: to be looked at, then published under a key or dropped.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use bytes::Bytes;
use tempfile::TempPath;
use tokio::sync::OwnedSemaphorePermit;

use crate::disk::Disk;
use crate::hop::hop;
use crate::{Error, Key};

/// An upload that is complete but lies under no key yet. Dropped, it never was.
#[derive(Debug)]
pub struct Written {
    /// How many bytes arrived.
    pub size_bytes: u64,
    /// Their SHA-256 (FIPS 180-4).
    pub sha256: [u8; 32],
    /// The first of them, at most [`HEAD_BYTES`](crate::HEAD_BYTES).
    pub head: Bytes,
    pub(crate) held: Held,
    pub(crate) disk: Arc<Disk>,
}

#[derive(Debug)]
pub(crate) enum Held {
    /// With its place among all that is in memory.
    InMemory(Bytes, OwnedSemaphorePermit),
    OnDisk {
        file: File,
        path: TempPath,
    },
}

impl Written {
    /// Lets `look` read and seek in the bytes, from their start.
    ///
    /// What is still in memory (at most [`HOP_BYTES`](crate::HOP_BYTES)) is looked at right here, the rest on the
    /// blocking pool; so `look` should take a bounded look, not read everything.
    pub async fn inspect<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut Reader) -> T + Send + 'static,
    ) -> Result<T, Error> {
        match &self.held {
            Held::InMemory(bytes, _) => Ok(look(&mut Reader::InMemory(Cursor::new(bytes.clone())))),
            Held::OnDisk { file, .. } => {
                let mut file = file.try_clone().map_err(Error::during("open a staging file"))?;
                hop(move || {
                    file.rewind().map_err(Error::during("read a staging file"))?;
                    Ok(look(&mut Reader::OnDisk(BufReader::new(file))))
                })
                .await
            }
        }
    }

    /// Puts the bytes under `key`, all at once, and answers when they would survive a loss of power.
    ///
    /// What lay under the key before is replaced. After an error nothing of this upload lies under it.
    pub async fn publish(self, key: &Key) -> Result<(), Error> {
        let Self { held, disk, .. } = self;
        let key = key.clone();
        hop(move || {
            let (file, path) = match held {
                Held::OnDisk { file, path } => (file, path),
                Held::InMemory(bytes, _place) => {
                    let (mut file, path) = disk.staging_file()?;
                    file.write_all(&bytes).map_err(Error::during("write to a staging file"))?;
                    (file, path)
                }
            };
            disk.place(&file, path, &key)
        })
        .await
    }
}

/// Reads and seeks in bytes that arrived.
#[derive(Debug)]
pub enum Reader {
    /// They fit in memory.
    InMemory(Cursor<Bytes>),
    /// They lie in a staging file.
    OnDisk(BufReader<File>),
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::InMemory(reader) => reader.read(buffer),
            Self::OnDisk(reader) => reader.read(buffer),
        }
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::InMemory(reader) => reader.seek(to),
            Self::OnDisk(reader) => reader.seek(to),
        }
    }
}
