//! Connections at rest, by scheme, host and port.
//!
//! The one used last is taken first, so that a lull lets the others age away. What stands here was vetted when it was dialled, and its
//! other end cannot change: taking one asks no resolver.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::time::{Instant, sleep};

use crate::connection::{Connection, Http1, Http2};

/// Connections kept over all hosts. Beyond it, used connections are closed until others have aged away.
const IDLE_MAX: usize = 2048;

/// How often aged and closed connections are looked for, at the slowest and at the fastest.
const SWEEP_EVERY: Duration = Duration::from_secs(5);
const SWEEP_EVERY_MIN: Duration = Duration::from_millis(10);

pub(crate) struct Pool {
    state: Mutex<State>,
    idle_timeout: Duration,
    idle_per_host_max: usize,
}

#[derive(Default)]
struct State {
    hosts: HashMap<Arc<str>, Host>,
    idle: usize,
    is_swept: bool,
}

#[derive(Default)]
struct Host {
    /// The one used last is at the back.
    idle: VecDeque<(Box<Http1>, Instant)>,
    shared: Option<(Http2, Instant)>,
}

impl Pool {
    pub(crate) fn new(idle_timeout: Duration, idle_per_host_max: usize) -> Self {
        Self { state: Mutex::default(), idle_timeout, idle_per_host_max }
    }

    /// A connection to this origin that is fit to use.
    pub(crate) fn take(&self, origin: &str) -> Option<Connection> {
        let now = Instant::now();
        loop {
            let (mut connection, used_at) = match self.lock().pop(origin, now)? {
                (Connection::Http2(shared), _) => return Some(Connection::Http2(shared)),
                (Connection::Http1(idle), used_at) => (idle, used_at),
            };
            // Outside the lock, as it may read from the socket, and an unfit one is closed here.
            if now - used_at < self.idle_timeout && connection.is_fit() {
                return Some(Connection::Http1(connection));
            }
        }
    }

    /// Takes a connection back, or in. Told to the pool before an HTTP/2 connection's first exchange, so that others can share it.
    pub(crate) fn put(self: &Arc<Self>, origin: &Arc<str>, connection: Connection) {
        let mut state = self.lock();
        let _closed_after_unlocking = state.push(origin, connection, self.idle_per_host_max);
        if !state.is_swept {
            state.is_swept = true;
            tokio::spawn(keep_swept(Arc::downgrade(self), (self.idle_timeout / 2).clamp(SWEEP_EVERY_MIN, SWEEP_EVERY)));
        }
        drop(state);
    }

    fn sweep(&self) {
        let now = Instant::now();
        let mut unfit = Vec::new();
        let mut state = self.lock();
        let State { hosts, idle, .. } = &mut *state;
        for host in hosts.values_mut() {
            let before = host.idle.len();
            for (mut connection, used_at) in std::mem::take(&mut host.idle) {
                if now - used_at < self.idle_timeout && connection.is_fit() {
                    host.idle.push_back((connection, used_at));
                } else {
                    unfit.push(connection);
                }
            }
            *idle -= before - host.idle.len();
            host.shared.take_if(|(shared, used_at)| now - *used_at >= self.idle_timeout || !shared.is_fit());
        }
        hosts.retain(|_, host| !host.idle.is_empty() || host.shared.is_some());
        drop(state);
        drop(unfit);
    }

    /// The maps hold no half-done change that a panic could leave behind.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn pop(&mut self, origin: &str, now: Instant) -> Option<(Connection, Instant)> {
        let host = self.hosts.get_mut(origin)?;
        host.shared.take_if(|(shared, _)| !shared.is_fit());
        if let Some((shared, used_at)) = &mut host.shared {
            *used_at = now;
            return Some((Connection::Http2(shared.clone()), now));
        }
        let (idle, used_at) = host.idle.pop_back()?;
        self.idle -= 1;
        Some((Connection::Http1(idle), used_at))
    }

    /// Answers with the connection there was no room for.
    fn push(&mut self, origin: &Arc<str>, connection: Connection, per_host_max: usize) -> Option<Connection> {
        let is_full = self.idle >= IDLE_MAX;
        let now = Instant::now();
        if !self.hosts.contains_key(origin) {
            self.hosts.insert(Arc::clone(origin), Host::default());
        }
        let host = self.hosts.get_mut(origin)?;
        match connection {
            Connection::Http1(idle) => {
                if is_full || per_host_max == 0 {
                    return Some(Connection::Http1(idle));
                }
                host.idle.push_back((idle, now));
                if host.idle.len() > per_host_max {
                    return host.idle.pop_front().map(|(oldest, _)| Connection::Http1(oldest));
                }
                self.idle += 1;
                None
            }
            Connection::Http2(shared) => match &mut host.shared {
                Some((present, used_at)) if present.is_fit() => {
                    *used_at = now;
                    None
                }
                absent => absent.replace((shared, now)).map(|(old, _)| Connection::Http2(old)),
            },
        }
    }
}

/// Runs as long as the pool lives.
async fn keep_swept(pool: Weak<Pool>, every: Duration) {
    loop {
        sleep(every).await;
        match pool.upgrade() {
            Some(pool) => pool.sweep(),
            None => return,
        }
    }
}
