//! The heart: events become deliveries, deliveries become attempts.
//!
//! ```text
//!  store's log and tail ─► reader ─► post ─► turns ─► courier ─► attempt ─► egress ─► the receiver
//!                                     ▲                  │
//!                                     │               ledger ─► attempts, cursors, retries, dead ranges in one transaction
//!                                     └── alarms ◄───────┘
//! ```
//! The cast, in reading order: [`Dialect`] is what a wire must answer about webhooks. A *post* is one webhook's place here: what it is owed
//! and how much it can take. The *reader* judges the log for each post; the *turns* say whose delivery is next; the *courier* starts
//! attempts and settles what came of them; the *ledger* writes hundreds of outcomes at once; *alarms* ring when retries are due. The
//! *engine* is the one loop that owns all of it.
//!
//! Guarantees:
//! - Nothing is lost after the commit of a change: the event is in the same transaction, and a cursor passes it only with its outcome.
//! - At least once, never exactly once: a kill between an answer and its commit sends again, the same bytes under the same `webhook-id`.
//! - First attempts about one resource are made in the order of its events, one at a time. A failed one does not block the later ones.
//! - Matching costs no row: a webhook that is paused or dead is one cursor standing still.
//! - A slow or dead receiver delays nobody else: its window shrinks, and everyone else has turns of their own.
//!
//! **Invariant:** nothing here knows the words of a wire, and nothing here changes a file, a webhook or an event.

mod alarms;
mod attempt;
mod claims;
mod commits;
mod courier;
mod dialect;
mod engine;
mod jitter;
mod ledger;
mod lines;
mod post;
mod reader;
mod revision;
mod roster;
mod settings;
mod settling;
mod turns;

pub use dialect::{Dialect, Dialects};
pub use jitter::Jitter;
pub use settings::Settings;

use domain::Clock;
use engine::{Engine, Heard};
use http::HeaderValue;
use pulse::Stop;
use std::sync::Arc;
use store::Store;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// What the engine is made of.
pub struct Setup {
    /// Where the log and the cursors are.
    pub store: Store,
    /// The way out.
    pub egress: egress::Client,
    /// The wires there are.
    pub dialects: Dialects,
    /// Who tells the time.
    pub clock: Arc<dyn Clock>,
    /// Moves retries off their step.
    pub jitter: Jitter,
    /// The limits.
    pub settings: Settings,
}

/// Delivers until asked to stop; then finishes what is under way, for a while.
pub async fn run(setup: Setup, stop: Stop) {
    let (outbox, heard) = unbounded_channel();
    let user_agent = HeaderValue::from_str(&setup.settings.user_agent).unwrap_or(HeaderValue::from_static("Boathook"));
    let Setup { store, egress, dialects, clock, jitter, settings } = setup;
    let parts = Parts { store, egress, dialects, clock, jitter, settings, user_agent, outbox };
    Engine::new(Arc::new(parts), heard).run(stop).await;
}

/// What the loop and its tasks share.
struct Parts {
    store: Store,
    egress: egress::Client,
    dialects: Dialects,
    clock: Arc<dyn Clock>,
    jitter: Jitter,
    settings: Settings,
    user_agent: HeaderValue,
    outbox: UnboundedSender<Heard>,
}

impl Parts {
    /// Tells the loop; nobody listens any more once it has stopped.
    fn tell(&self, heard: Heard) {
        let _ = self.outbox.send(heard);
    }
}

/// An error with all its sources, for the one place where it is logged.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
