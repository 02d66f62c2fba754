//! Names to addresses: by the system, or by a table in tests.
//!
//! The system resolver honours `/etc/hosts` and NSS, but it blocks a thread for as long as a name server likes. So its threads are
//! counted, and a lookup we gave up on keeps its place until it has really ended.

use std::{
    collections::HashMap,
    net::{IpAddr, ToSocketAddrs},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use crate::error::Error;

/// Most lookups under way at once; tokio has 512 blocking threads, and others need some.
const LOOKUPS_MAX: usize = 64;

/// Most addresses one name may have; a longer answer is cut.
const ADDRESSES_MAX: usize = 32;

/// Who is asked about names.
#[derive(Debug, Clone)]
pub enum Resolver {
    /// The operating system.
    System(Lookups),
    /// A table, for tests.
    Table(Table),
}

/// The places for lookups by the operating system.
#[derive(Debug, Clone)]
pub struct Lookups(Arc<Semaphore>);

/// Answers known beforehand. A name's answers are given in turn, and the last one stays.
#[derive(Debug, Clone, Default)]
pub struct Table(Arc<Mutex<HashMap<String, Entry>>>);

#[derive(Debug, Default)]
struct Entry {
    answers: Vec<Vec<IpAddr>>,
    asked: usize,
}

impl Resolver {
    /// The operating system's resolver.
    pub fn system() -> Self {
        Self::System(Lookups(Arc::new(Semaphore::new(LOOKUPS_MAX))))
    }

    /// Every address of a name, unjudged; never none.
    pub(crate) async fn resolve(&self, name: &str, longest: Duration) -> Result<Vec<IpAddr>, Error> {
        let addresses = match self {
            Self::System(lookups) => timeout(longest, lookups.look_up(name)).await.unwrap_or(Err(Error::Dns))?,
            Self::Table(table) => table.look_up(name),
        };
        if addresses.is_empty() { Err(Error::Dns) } else { Ok(addresses) }
    }
}

impl Lookups {
    async fn look_up(&self, name: &str) -> Result<Vec<IpAddr>, Error> {
        let place = Arc::clone(&self.0).acquire_owned().await.map_err(|_| Error::Dns)?;
        let name = name.to_owned();
        let lookup = spawn_blocking(move || {
            let _place = place;
            let answers = (name.as_str(), 0).to_socket_addrs().map_err(|_| Error::Dns)?;
            let mut addresses: Vec<IpAddr> = Vec::new();
            for address in answers.map(|answer| answer.ip()) {
                if !addresses.contains(&address) && addresses.len() < ADDRESSES_MAX {
                    addresses.push(address);
                }
            }
            Ok(addresses)
        });
        lookup.await.unwrap_or(Err(Error::Dns))
    }
}

impl Table {
    /// Knows one more name, as the resolver is asked for it (lower case; with a trailing dot if the target has one).
    #[must_use]
    pub fn with(self, name: &str, answers: impl IntoIterator<Item = Vec<IpAddr>>) -> Self {
        let entry = Entry { answers: answers.into_iter().collect(), asked: 0 };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), entry);
        self
    }

    /// How often a name was asked for.
    pub fn asked(&self, name: &str) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).map_or(0, |entry| entry.asked)
    }

    fn look_up(&self, name: &str) -> Vec<IpAddr> {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entry) = names.get_mut(name) else {
            return Vec::new();
        };
        let answer = entry.answers.get(entry.asked).or(entry.answers.last()).cloned().unwrap_or_default();
        entry.asked += 1;
        answer
    }
}
