//! Ledger: outcomes → one batch: attempts, cursors, retries, dead ranges, in one transaction.
//!
//! Outcomes gather while the previous batch commits, and a little longer; then they are written together. Attempts and cursors move
//! together, so the log of attempts never misses a delivery that the cursor has passed. A kill between sending and this commit costs a
//! second sending of the same bytes under the same id, never a loss: what is under way plus one batch, at most.

use domain::attempt::Attempt;
use domain::cursor::Cursor;
use domain::delivery::{Dead, Retry};
use domain::event::Fact;
use domain::health::Health;
use domain::id::WebhookNumber;
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use store::{Error, Store, attempts, cursors, dead, events, health, retries};

/// What gathers for the next commit.
#[derive(Default)]
pub(crate) struct Ledger {
    attempts: Vec<Attempt>,
    /// The last word on each exception: a retry to keep, or none to forget it.
    exceptions: HashMap<(WebhookNumber, i64), Option<Retry>>,
    dead: Vec<Dead>,
    /// How webhooks have been doing, with the revision of people's decisions that this follows.
    health: HashMap<WebhookNumber, (i64, Health)>,
    /// Webhooks whose retries get more time.
    postponed: Vec<(WebhookNumber, Duration)>,
    /// What operators shall be told of.
    facts: Vec<Fact>,
    /// Webhooks whose cursor may have moved.
    pub(crate) moved: HashSet<WebhookNumber>,
}

/// One commit: complete, so that it can be tried again as it is.
pub(crate) struct Batch {
    attempts: Vec<Attempt>,
    saved: Vec<Retry>,
    deleted: Vec<(WebhookNumber, i64)>,
    dead: Vec<Dead>,
    health: Vec<(WebhookNumber, i64, Health)>,
    postponed: Vec<(WebhookNumber, Duration)>,
    facts: Vec<Fact>,
    cursors: Vec<(WebhookNumber, Cursor)>,
}

impl Ledger {
    pub(crate) fn record(&mut self, attempt: Attempt) {
        self.attempts.push(attempt);
    }

    /// The delivery will be tried again.
    pub(crate) fn retry(&mut self, retry: Retry) {
        self.exceptions.insert((retry.webhook, retry.sequence), Some(retry));
    }

    /// The delivery needs no further attempt.
    pub(crate) fn forget(&mut self, webhook: WebhookNumber, sequence: i64) {
        self.exceptions.insert((webhook, sequence), None);
    }

    pub(crate) fn bury(&mut self, dead: Dead) {
        self.dead.push(dead);
    }

    /// How a webhook is doing now.
    pub(crate) fn note(&mut self, webhook: WebhookNumber, revision: i64, health: Health) {
        self.health.insert(webhook, (revision, health));
    }

    /// Nothing could be sent to a webhook for so long: its retries get that time.
    pub(crate) fn postpone(&mut self, webhook: WebhookNumber, span: Duration) {
        self.postponed.push((webhook, span));
    }

    /// Operators shall be told.
    pub(crate) fn tell(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// How many outcomes wait.
    pub(crate) fn len(&self) -> usize {
        self.attempts.len() + self.moved.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.attempts.is_empty()
            && self.exceptions.is_empty()
            && self.dead.is_empty()
            && self.health.is_empty()
            && self.moved.is_empty()
    }

    /// Takes all that has gathered, with the cursors as they stand now.
    pub(crate) fn take(&mut self, cursors: Vec<(WebhookNumber, Cursor)>) -> Batch {
        let Self { attempts, exceptions, dead, health, postponed, facts, moved: _ } = std::mem::take(self);
        let health = health.into_iter().map(|(number, (revision, health))| (number, revision, health)).collect();
        let mut batch =
            Batch { attempts, saved: Vec::new(), deleted: Vec::new(), dead, health, postponed, facts, cursors };
        for (key, exception) in exceptions {
            match exception {
                Some(retry) => batch.saved.push(retry),
                None => batch.deleted.push(key),
            }
        }
        batch
    }
}

impl Batch {
    /// When the retries of this batch are due.
    pub(crate) fn due(&self) -> impl Iterator<Item = &Retry> {
        self.saved.iter()
    }

    /// The deliveries whose retries it saves or deletes.
    pub(crate) fn exceptions(&self) -> impl Iterator<Item = (WebhookNumber, i64)> {
        self.saved.iter().map(|retry| (retry.webhook, retry.sequence)).chain(self.deleted.iter().copied())
    }

    /// Writes it, whole or not at all.
    pub(crate) async fn commit(self: std::sync::Arc<Self>, store: &Store) -> Result<(), Error> {
        let commit = store.write(move |tx| {
            attempts::append_many(tx, &self.attempts)?;
            // Before they are saved: what was in memory has been given its time already.
            for (webhook, span) in &self.postponed {
                retries::postpone(tx, *webhook, *span)?;
            }
            retries::save_many(tx, &self.saved)?;
            retries::delete_many(tx, &self.deleted)?;
            dead::append_many(tx, &self.dead)?;
            for (webhook, revision, noted) in &self.health {
                health::note(tx, *webhook, *revision, noted)?;
            }
            cursors::save_many(tx, &self.cursors)?;
            for fact in &self.facts {
                events::append(tx, fact.clone())?;
            }
            Ok(())
        });
        commit.await
    }
}
