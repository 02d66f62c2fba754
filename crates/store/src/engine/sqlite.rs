//! SQLite: WAL, one writer, many readers.
//!
//! The writer's thread takes what waits, runs each verb in a savepoint of one transaction, commits once (`synchronous=FULL`: an fsync) and
//! then answers all: group commit, and a failing verb undoes only itself. Readers have connections and threads of their own.
//! Checkpoints run beside the writer, so that no caller waits for them, unless the log outgrows [`WAL_BYTES_MAX`].

mod checkpoint;
mod connection;
mod writer;

pub(crate) use connection::Connection;

use super::{Conn, Job, QUEUE_MAX, Tx};
use crate::error::Error;
use crate::tail::Tail;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;

/// Past this size the writer itself empties the write-ahead log, because beside a busy writer it never gets empty.
pub(crate) const WAL_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// How many connections read at once.
const READERS: usize = 4;

/// A database file with its threads.
pub(crate) struct Sqlite {
    writer: mpsc::Sender<Box<dyn Job>>,
    readers: mpsc::Sender<Box<dyn Job>>,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, tail: &Tail) -> Result<Self, Error> {
        let (writer, jobs) = mpsc::channel(QUEUE_MAX);
        let checkpoint = checkpoint::start(path)?;
        writer::start(Connection::open(path)?, jobs, tail.clone(), checkpoint, wal_of(path))?;
        let (readers, jobs) = mpsc::channel(QUEUE_MAX);
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..READERS {
            let (conn, jobs) = (Connection::open_for_reading(path)?, Arc::clone(&jobs));
            spawn(&format!("sqlite-read-{number}"), move || read(&conn, &jobs))?;
        }
        Ok(Self { writer, readers })
    }

    pub(crate) fn queue(&self, is_write: bool) -> &mpsc::Sender<Box<dyn Job>> {
        if is_write { &self.writer } else { &self.readers }
    }
}

fn wal_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    let thread = std::thread::Builder::new().name(name.to_owned());
    thread.spawn(work).map(|_| ()).map_err(|error| Error::Unavailable(error.into()))
}

/// Takes one job at a time: whoever holds the queue waits for the next.
fn read(conn: &Connection, jobs: &Mutex<mpsc::Receiver<Box<dyn Job>>>) {
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        let Some(mut job) = next else { return };
        let begun = conn.batch("BEGIN");
        let ended = begun.and_then(|()| {
            job.run(&mut Tx::new(Conn::Sqlite(conn)));
            conn.batch("COMMIT")
        });
        if ended.is_err() {
            conn.roll_back();
        }
        job.finish(ended);
    }
}
