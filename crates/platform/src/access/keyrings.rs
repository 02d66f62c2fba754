//! Keyrings: projects with their active keys, remembered for a moment, since nearly every request asks for one.
//!
//! That a project does not exist is remembered as well, in the same bounded place: a client with a wrong key cannot make every request
//! a read. What this process changes is forgotten at once; a look that began before the change is not kept (the epoch tells).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::clock::Timestamp;
use domain::project::Project;
use domain::secret::Secret;
use store::{Store, keys, projects};

use crate::Error;

/// How many public keys are remembered at most, known and unknown ones together.
const KEYRINGS_MAX: usize = 4096;

/// How many characters a public key has.
const PUBLIC_KEY_CHARS: usize = 20;

/// A project and the secret keys that open it.
#[derive(Debug)]
pub struct Keyring {
    /// The project.
    pub project: Arc<Project>,
    /// Its secret keys that are not revoked, oldest first.
    pub secrets: Vec<Secret>,
}

/// What is remembered of projects and their keys.
pub(crate) struct Keyrings {
    kept_for: Duration,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    looks: HashMap<String, Look>,
    epoch: u64,
}

struct Look {
    at: Timestamp,
    found: Option<Arc<Keyring>>,
}

impl Keyrings {
    pub(crate) fn new(kept_for: Duration) -> Self {
        Self { kept_for, memory: Mutex::default() }
    }

    /// The keyring of a public key, remembered or read.
    pub(crate) async fn find(
        &self,
        store: &Store,
        public_key: &str,
        now: Timestamp,
    ) -> Result<Option<Arc<Keyring>>, Error> {
        if !is_public_key(public_key) {
            return Ok(None);
        }
        let epoch = {
            let memory = self.lock();
            if let Some(look) = memory.looks.get(public_key).filter(|look| look.holds(now, self.kept_for)) {
                return Ok(look.found.clone());
            }
            memory.epoch
        };
        let found = read(store, public_key.to_owned()).await?;
        let look = Look { at: now, found: found.clone() };
        self.keep(public_key, look, epoch);
        Ok(found)
    }

    /// Forgets everything, as somebody's keys have just changed.
    pub(crate) fn forget(&self) {
        let mut memory = self.lock();
        memory.epoch += 1;
        memory.looks.clear();
    }

    fn keep(&self, public_key: &str, look: Look, epoch: u64) {
        let mut memory = self.lock();
        if memory.epoch != epoch {
            return;
        }
        if memory.looks.len() >= KEYRINGS_MAX {
            // Wrong keys are many, right ones few: the right ones stay, if that makes room.
            memory.looks.retain(|_, known| known.found.is_some() && known.holds(look.at, self.kept_for));
        }
        if memory.looks.len() >= KEYRINGS_MAX {
            memory.looks.clear();
        }
        memory.looks.insert(public_key.to_owned(), look);
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Look {
    /// A clock that was set back must not make a look last longer.
    fn holds(&self, now: Timestamp, kept_for: Duration) -> bool {
        self.at <= now && now < self.at.plus(kept_for)
    }
}

async fn read(store: &Store, public_key: String) -> Result<Option<Arc<Keyring>>, Error> {
    store
        .read(move |tx| {
            let Some(project) = projects::find_by_public_key(tx, &public_key)? else {
                return Ok(None);
            };
            let keys = keys::list(tx, project.id)?.into_iter();
            let secrets = keys.filter(|key| key.revoked_at.is_none()).map(|key| key.secret);
            Ok(Some(Arc::new(Keyring { secrets: secrets.collect(), project: Arc::new(project) })))
        })
        .await
}

/// Nothing else can name a project, so nothing else is looked up or remembered.
fn is_public_key(text: &str) -> bool {
    text.len() == PUBLIC_KEY_CHARS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(at: i64) -> Look {
        Look { at: Timestamp::from_micros(at), found: None }
    }

    #[test]
    fn a_look_holds_for_its_time_and_not_before_it_was_taken() {
        let holds = |now| look(1000).holds(Timestamp::from_micros(now), Duration::from_micros(50));
        assert_eq!([999, 1000, 1049, 1050].map(holds), [false, true, true, false]);
    }

    #[test]
    fn a_flood_of_wrong_keys_is_forgotten_before_right_ones() {
        let keyrings = Keyrings::new(Duration::from_secs(1));
        let right =
            Look { found: Some(Arc::new(Keyring { project: Arc::new(project()), secrets: vec![] })), ..look(0) };
        keyrings.keep("right", right, 0);
        for n in 0..3 * KEYRINGS_MAX {
            keyrings.keep(&format!("{n:020x}"), look(0), 0);
        }
        let memory = keyrings.lock();
        assert!(memory.looks.len() <= KEYRINGS_MAX);
        assert!(memory.looks.contains_key("right"));
    }

    #[test]
    fn a_look_begun_before_a_change_is_not_kept() {
        let keyrings = Keyrings::new(Duration::from_secs(1));
        let epoch = keyrings.lock().epoch;
        keyrings.forget();
        keyrings.keep("late", look(0), epoch);
        assert!(keyrings.lock().looks.is_empty());
    }

    fn project() -> Project {
        Project {
            id: domain::id::ProjectId::new(1),
            public_key: "right".into(),
            name: "right".into(),
            settings: domain::project::Settings::default(),
            created_at: Timestamp::default(),
        }
    }
}
