//! Verbs: everything a caller may ask for, whoever the caller is.
//!
//! A door authenticates somebody, makes a [`Principal`](access::Principal) of them and calls one method of [`Platform`]. The same method
//! serves every door, the command line and the tests. A verb has one shape:
//!
//! ```text
//!   may they? ─► find (for update) ─► domain transition ─► save, append the event ─► commit
//! ```
//!
//! The middle is in `record.rs`. A transition that changes nothing gives no change: then nothing is written and nobody is told.
//! Instants, ids and secrets are made before the transaction and moved into it, since PostgreSQL may run a closure again. Bytes go the
//! other way round: they are durable in `blobs` before the row that names them is written, so a row never names bytes that are not there.
//!
//! **Invariants.** No HTTP and no wire's words. One transaction per verb. Nothing here sends anything: delivery finds the event rows.
//!
//! In reading order: who asks ([`access`]), how bytes become files ([`intake`], [`uploads`]), the verbs ([`files`], [`webhooks`], [`deliveries`],
//! [`projects`]), and the work that nobody waits for ([`chores`]).

pub mod access;

pub mod intake;
pub mod uploads;

pub mod deliveries;
pub mod files;
pub mod projects;
pub mod webhooks;

pub mod chores;

mod chance;
mod error;
mod record;
mod settings;

use std::sync::Arc;

use blobs::Blobs;
use domain::Clock;
use domain::clock::Timestamp;
use store::Store;
use tokio::sync::Semaphore;

use access::Keyrings;

pub use chance::Chance;
pub use error::{Error, Kind, Noun, TargetProblem};
pub use settings::Settings;

/// Everything a caller may ask for. Cheap to clone; every clone is the same platform.
#[derive(Clone)]
pub struct Platform(Arc<Rooms>);

/// What a platform is made of.
pub struct Parts {
    /// The rows.
    pub store: Store,
    /// The bytes.
    pub blobs: Blobs,
    /// Who tells the time.
    pub clock: Arc<dyn Clock>,
    /// Where ids and secrets come from.
    pub chance: Chance,
    /// The way out; asked here only whether a target may be called at all.
    pub egress: egress::Client,
    /// The limits.
    pub settings: Settings,
}

struct Rooms {
    parts: Parts,
    keyrings: Keyrings,
    inspections: Semaphore,
}

impl Platform {
    /// Joins the parts.
    pub fn new(parts: Parts) -> Self {
        let keyrings = Keyrings::new(parts.settings.key_cache_for);
        let inspections = Semaphore::new(parts.settings.inspections_max);
        Self(Arc::new(Rooms { parts, keyrings, inspections }))
    }

    /// Who tells the time.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.parts.clock
    }

    /// Where ids and secrets come from: doors make request ids and signing secrets with it.
    pub fn chance(&self) -> &Chance {
        &self.0.parts.chance
    }

    /// The limits.
    pub fn settings(&self) -> &Settings {
        &self.0.parts.settings
    }

    fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    fn store(&self) -> &Store {
        &self.0.parts.store
    }

    fn blobs(&self) -> &Blobs {
        &self.0.parts.blobs
    }
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").finish_non_exhaustive()
    }
}
