//! The writer's thread: many verbs, one transaction, one fsync.

use super::checkpoint::Checkpoint;
use super::{Connection, WAL_BYTES_MAX, spawn};
use crate::engine::{Conn, Job, Tx};
use crate::error::Error;
use crate::tail::{News, Tail};
use std::path::PathBuf;
use tokio::sync::mpsc::Receiver;

/// How many verbs share one commit at most: so that the first does not wait long for the last.
const VERBS_PER_COMMIT_MAX: usize = 256;

/// A verb that has run, waiting for the commit.
type Ran = Box<dyn Job>;

pub(super) fn start(
    conn: Connection,
    jobs: Receiver<Box<dyn Job>>,
    tail: Tail,
    checkpoint: Checkpoint,
    wal: PathBuf,
) -> Result<(), Error> {
    spawn("sqlite-write", move || {
        Writer { conn, jobs, tail, checkpoint, wal }.run();
    })
}

struct Writer {
    conn: Connection,
    jobs: Receiver<Box<dyn Job>>,
    tail: Tail,
    checkpoint: Checkpoint,
    wal: PathBuf,
}

impl Writer {
    fn run(mut self) {
        while let Some(first) = self.jobs.blocking_recv() {
            self.commit(first);
            self.keep_log_small();
        }
    }

    /// Runs what waits in one transaction, and answers everyone when it has ended.
    fn commit(&mut self, first: Box<dyn Job>) {
        let mut ran = Vec::new();
        let mut news = Vec::new();
        let mut ended = self.conn.batch("BEGIN IMMEDIATE");
        let mut next = Some(first);
        while let Some(mut job) = next {
            if ended.is_ok() {
                ended = self.run_apart(job.as_mut(), &mut news);
            }
            ran.push(job);
            next = if ended.is_ok() && ran.len() < VERBS_PER_COMMIT_MAX { self.jobs.try_recv().ok() } else { None };
        }
        if ended.is_ok() {
            ended = self.conn.batch("COMMIT");
        }
        self.end(ran, news, ended);
    }

    /// Runs one verb in a savepoint, so that if it fails it undoes only itself. An error here has ended the whole transaction.
    fn run_apart(&self, job: &mut dyn Job, news: &mut Vec<News>) -> Result<(), Error> {
        self.conn.execute(&SAVEPOINT, &[])?;
        let mut tx = Tx::new(Conn::Sqlite(&self.conn));
        let is_kept = job.run(&mut tx);
        if !self.conn.is_in_transaction() {
            return Err(Error::Unavailable("SQLite ended the transaction: is the disk full?".into()));
        }
        if is_kept {
            news.append(&mut tx.news);
        } else {
            self.conn.execute(&UNDO, &[])?;
        }
        self.conn.execute(&RELEASE, &[]).map(|_| ())
    }

    fn end(&self, ran: Vec<Ran>, news: Vec<News>, ended: Result<(), Error>) {
        match ended {
            Ok(()) => {
                // Whoever hears the answer may expect the event to be under way.
                self.tail.give(news);
                for job in ran {
                    job.finish(Ok(()));
                }
            }
            Err(error) => {
                self.conn.roll_back();
                let cause = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
                tracing::error!(error = %cause, verbs = ran.len(), "a transaction was not committed");
                for job in ran {
                    job.finish(Err(Error::Unavailable(cause.clone().into())));
                }
            }
        }
    }

    fn keep_log_small(&mut self) {
        self.checkpoint.ask();
        if !self.checkpoint.is_time_to_look() {
            return;
        }
        let is_large = std::fs::metadata(&self.wal).is_ok_and(|wal| wal.len() > WAL_BYTES_MAX);
        if is_large && let Err(error) = self.conn.batch("PRAGMA wal_checkpoint(RESTART)") {
            tracing::warn!(%error, "the write-ahead log could not be emptied");
        }
    }
}

use crate::engine::Statement;

const SAVEPOINT: Statement = Statement::new("writer.savepoint", "SAVEPOINT verb");
const UNDO: Statement = Statement::new("writer.undo", "ROLLBACK TO verb");
const RELEASE: Statement = Statement::new("writer.release", "RELEASE verb");
