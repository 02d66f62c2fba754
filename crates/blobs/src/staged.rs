//! Bytes on their way in: counted and hashed as they come, in memory while few, in a staging file once many.
//!
//! Full buffers go to the disk on another thread while the next one fills, so at most two exist. The staging file
//! belongs to whoever holds the [`Spool`], a running hop included; dropped, it is gone. What is complete stays in memory
//! only while all that does is little: a form may bring a hundred small files before it is known to be any good.

use std::fs::File;
use std::io::Write;
use std::mem;
use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tempfile::TempPath;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::disk::Disk;
use crate::hop::{hop, landed};
use crate::written::{Held, Written};
use crate::{Error, HEAD_BYTES, HOP_BYTES};

/// An upload in progress. It has no size limit of its own: whoever feeds it looks at [`size_bytes`](Self::size_bytes).
#[derive(Debug)]
pub struct Staged {
    disk: Arc<Disk>,
    buffer: Vec<u8>,
    head: Bytes,
    size_bytes: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Everything is still in the buffer.
    InMemory,
    /// A full buffer is being written.
    Spilling(JoinHandle<Result<Spool, Error>>),
    /// A write failed; nothing can follow.
    Torn,
}

impl Staged {
    pub(crate) fn new(disk: Arc<Disk>) -> Self {
        Self { disk, buffer: Vec::new(), head: Bytes::new(), size_bytes: 0, state: State::InMemory }
    }

    /// How many bytes were taken so far.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// The first bytes taken so far, at most [`HEAD_BYTES`].
    pub fn head(&self) -> &[u8] {
        if self.head.is_empty() { &self.buffer[..self.buffer.len().min(HEAD_BYTES)] } else { &self.head }
    }

    /// Takes the next bytes. Waits while the disk is slower than they come.
    ///
    /// An error may tell of an earlier chunk, and is final. A `write` dropped before it answers may have taken a part of
    /// its chunk, so the upload should be dropped with it.
    pub async fn write(&mut self, mut chunk: Bytes) -> Result<(), Error> {
        while !chunk.is_empty() {
            if self.buffer.len() == HOP_BYTES {
                self.spill().await?;
            }
            let room = HOP_BYTES - self.buffer.len();
            let taken = chunk.split_to(room.min(chunk.len()));
            self.buffer.extend_from_slice(&taken);
            self.size_bytes += taken.len() as u64;
        }
        Ok(())
    }

    /// Nothing more will come: answers what arrived, not yet durable and not yet under any key.
    pub async fn finish(mut self) -> Result<Written, Error> {
        let mut spool = match self.spool().await? {
            Some(spool) => spool,
            None => match self.disk.memory.clone().try_acquire_many_owned(self.buffer.len() as u32) {
                Ok(place) => return Ok(self.finish_in_memory(place)),
                Err(_) => self.leave_memory().await?,
            },
        };
        let rest = mem::take(&mut self.buffer);
        let (spool, sha256) = hop(move || {
            spool.append(rest)?;
            let sha256 = spool.hash.finalize_reset().into();
            Ok((spool, sha256))
        })
        .await?;
        let held = Held::OnDisk { file: spool.file, path: spool.path };
        Ok(Written { size_bytes: self.size_bytes, sha256, head: self.head, held, disk: self.disk })
    }

    /// Hashing at most [`HOP_BYTES`] takes less time than a trip to another thread and back under load.
    fn finish_in_memory(self, place: OwnedSemaphorePermit) -> Written {
        let bytes = Bytes::from(self.buffer.into_boxed_slice());
        let head = bytes.slice(..bytes.len().min(HEAD_BYTES));
        let sha256 = Sha256::digest(&bytes).into();
        Written { size_bytes: self.size_bytes, sha256, head, held: Held::InMemory(bytes, place), disk: self.disk }
    }

    /// An empty staging file for bytes that memory has no place for.
    async fn leave_memory(&mut self) -> Result<Spool, Error> {
        self.keep_head();
        let disk = self.disk.clone();
        hop(move || Spool::create(&disk)).await
    }

    fn keep_head(&mut self) {
        if self.head.is_empty() {
            self.head = Bytes::copy_from_slice(self.head());
        }
    }

    /// Sends the full buffer to the disk, once the one before it is there.
    async fn spill(&mut self) -> Result<(), Error> {
        self.keep_head();
        let mut spool = self.spool().await?;
        let spare = spool.as_mut().map_or_else(|| Vec::with_capacity(HOP_BYTES), |spool| mem::take(&mut spool.spare));
        let full = mem::replace(&mut self.buffer, spare);
        let disk = self.disk.clone();
        self.state = State::Spilling(spawn_blocking(move || {
            let mut spool = spool.map_or_else(|| Spool::create(&disk), Ok)?;
            spool.append(full)?;
            Ok(spool)
        }));
        Ok(())
    }

    /// Waits for the write under way, if any, and answers the staging file, if there is one by now.
    async fn spool(&mut self) -> Result<Option<Spool>, Error> {
        match &mut self.state {
            State::InMemory => Ok(None),
            State::Torn => Err(Error::Torn),
            State::Spilling(writing) => {
                let outcome = landed(writing.await);
                self.state = State::Torn;
                outcome.map(Some)
            }
        }
    }
}

/// A staging file and what is known of it so far.
#[derive(Debug)]
pub(crate) struct Spool {
    pub(crate) file: File,
    pub(crate) path: TempPath,
    hash: Sha256,
    /// The buffer last written, emptied, to be filled again.
    spare: Vec<u8>,
}

impl Spool {
    pub(crate) fn create(disk: &Disk) -> Result<Self, Error> {
        let (file, path) = disk.staging_file()?;
        Ok(Self { file, path, hash: Sha256::new(), spare: Vec::new() })
    }

    fn append(&mut self, mut bytes: Vec<u8>) -> Result<(), Error> {
        self.hash.update(&bytes);
        self.file.write_all(&bytes).map_err(Error::during("write to a staging file"))?;
        bytes.clear();
        self.spare = bytes;
        Ok(())
    }
}
