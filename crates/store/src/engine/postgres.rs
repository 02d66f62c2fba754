//! PostgreSQL: a few connections, each on a thread of its own, running the same verbs as SQLite.
//!
//! A verb whose transaction lost a race (serialisation failure, deadlock) is run again: that is why verbs are repeatable. News are given
//! after each commit, so two verbs of one project may be told in the wrong order; the tail's taker sees the gap.

mod hold;
mod session;

pub(crate) use hold::{Held, hold};
pub(crate) use session::Session;

use super::{Conn, Job, QUEUE_MAX, Tx};
use crate::error::Error;
use crate::tail::Tail;
use ::postgres::{Client, IsolationLevel};
use session::{Prepared, worded};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// How many connections this process holds.
const CONNECTIONS: usize = 8;
/// How often a verb is run when it loses races.
const RUNS_MAX: u32 = 10;
/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A database with the threads that talk to it.
pub(crate) struct Postgres {
    jobs: mpsc::Sender<Box<dyn Job>>,
}

impl Postgres {
    /// Connects once, to tell a wrong address at once; then starts the threads, which connect when they have work.
    pub(crate) fn open(url: &str, tail: &Tail) -> Result<Self, Error> {
        let config = config(url)?;
        let (sender, jobs) = mpsc::channel(QUEUE_MAX);
        let jobs = Arc::new(Mutex::new(jobs));
        let mut first = Some(connect(&config)?);
        for number in 0..CONNECTIONS {
            let worker = Worker {
                config: config.clone(),
                line: first.take().map(Line::new),
                jobs: Arc::clone(&jobs),
                tail: tail.clone(),
            };
            let thread = std::thread::Builder::new().name(format!("postgres-{number}"));
            thread.spawn(move || worker.run()).map_err(|error| Error::Unavailable(error.into()))?;
        }
        Ok(Self { jobs: sender })
    }

    pub(crate) fn queue(&self) -> &mpsc::Sender<Box<dyn Job>> {
        &self.jobs
    }
}

/// Reads the URL.
fn config(url: &str) -> Result<::postgres::Config, Error> {
    let mut config: ::postgres::Config =
        url.parse().map_err(|error: ::postgres::Error| Error::Unavailable(error.into()))?;
    config.connect_timeout(CONNECT_TIMEOUT).application_name("boathook");
    Ok(config)
}

fn connect(config: &::postgres::Config) -> Result<Client, Error> {
    config.connect(session::tls()).map_err(|error| worded("connect", &error))
}

/// A connection with what was prepared on it.
struct Line {
    client: Client,
    prepared: Prepared,
}

impl Line {
    fn new(client: Client) -> Self {
        Self { client, prepared: Prepared::default() }
    }
}

struct Worker {
    config: ::postgres::Config,
    line: Option<Line>,
    jobs: Arc<Mutex<mpsc::Receiver<Box<dyn Job>>>>,
    tail: Tail,
}

/// How one run of a verb ended.
enum Ended {
    /// The transaction was committed, or undone because the verb wished so.
    Done,
    /// It lost a race.
    Lost(Error),
    /// It failed.
    Failed(Error),
}

impl Worker {
    fn run(mut self) {
        loop {
            let next = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
            let Some(mut job) = next else { return };
            let ended = self.run_until_done(job.as_mut());
            job.finish(ended);
        }
    }

    fn run_until_done(&mut self, job: &mut dyn Job) -> Result<(), Error> {
        let mut runs = 1;
        loop {
            match self.run_once(job) {
                Ended::Done => return Ok(()),
                Ended::Lost(_) if runs < RUNS_MAX => runs += 1,
                Ended::Lost(error) | Ended::Failed(error) => return Err(error),
            }
        }
    }

    fn run_once(&mut self, job: &mut dyn Job) -> Ended {
        // A connection that the server has closed is noticed here, before anything was asked of it.
        if self.line.as_ref().is_some_and(|line| line.client.is_closed()) {
            self.line = None;
        }
        let line = match &mut self.line {
            Some(line) => line,
            empty => match connect(&self.config) {
                Ok(client) => empty.insert(Line::new(client)),
                Err(error) => return Ended::Failed(error),
            },
        };
        let ended = run_on(line, job, &self.tail);
        if line.client.is_closed() {
            self.line = None;
        }
        ended
    }
}

fn run_on(line: &mut Line, job: &mut dyn Job, tail: &Tail) -> Ended {
    let begun = if job.is_look() {
        // One snapshot for all that a look reads; the default gives each statement its own.
        line.client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true).start()
    } else {
        line.client.transaction()
    };
    let transaction = match begun {
        Ok(transaction) => transaction,
        Err(error) => return Ended::Failed(worded("begin", &error)),
    };
    let mut tx = Tx::new(Conn::Postgres(Session::new(transaction, &mut line.prepared)));
    let is_kept = job.run(&mut tx);
    let Tx { conn: Conn::Postgres(session), news } = tx else { unreachable!("made above as PostgreSQL's") };
    match session.end(is_kept) {
        Ok(()) => {
            if is_kept {
                tail.give(news);
            }
            Ended::Done
        }
        Err((true, error)) => Ended::Lost(error),
        Err((false, error)) => Ended::Failed(error),
    }
}
