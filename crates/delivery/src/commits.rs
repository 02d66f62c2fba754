//! Commits: when what the ledger has gathered is written, and what happens when it cannot be.

use crate::engine::{Commit, Engine, Heard};
use crate::ledger::Batch;
use domain::cursor::Cursor;
use domain::id::WebhookNumber;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long a batch that could not be committed waits before it is tried again.
const COMMIT_AGAIN_AFTER: Duration = Duration::from_secs(1);

impl Engine {
    /// Commits what has gathered, when nothing is being committed and enough time has passed.
    pub(crate) fn commit(&mut self) {
        let batch = match std::mem::replace(&mut self.commit, Commit::Running) {
            Commit::Idle if self.is_time() => Arc::new(self.take_batch()),
            Commit::Failed { batch, again_at } if Instant::now() >= again_at => batch,
            not_yet => {
                self.commit = not_yet;
                return;
            }
        };
        let parts = Arc::clone(&self.parts);
        tokio::spawn(async move {
            let result = Arc::clone(&batch).commit(&parts.store).await;
            parts.tell(Heard::Committed(batch, result));
        });
    }

    fn is_time(&mut self) -> bool {
        if self.ledger.is_empty() {
            return false;
        }
        let (now, settings) = (Instant::now(), &self.parts.settings);
        let since = *self.lingering.get_or_insert(now);
        let is_full = self.ledger.len() >= settings.ledger_outcomes_max;
        self.is_stopping || is_full || now >= since + settings.ledger_linger
    }

    fn take_batch(&mut self) -> Batch {
        self.lingering = None;
        let moved = std::mem::take(&mut self.ledger.moved);
        let mut cursors: Vec<(WebhookNumber, Cursor)> = Vec::with_capacity(moved.len());
        for number in moved {
            if let Some(post) = self.posts.get_mut(&number) {
                cursors.push((number, post.moved_cursor().0.clone()));
            }
        }
        self.ledger.take(cursors)
    }

    pub(crate) fn take_committed(&mut self, batch: Arc<Batch>, result: Result<(), store::Error>) {
        match result {
            Ok(()) => {
                self.commit = Commit::Idle;
                for (number, sequence) in batch.exceptions() {
                    if let Some(post) = self.posts.get_mut(&number) {
                        post.written(sequence);
                    }
                }
                for retry in batch.due() {
                    self.alarms.set(retry.webhook, retry.due_at);
                }
            }
            Err(error) => {
                tracing::error!(error = %crate::chain(&error), "outcomes cannot be recorded; trying again");
                self.commit = Commit::Failed { batch, again_at: Instant::now() + COMMIT_AGAIN_AFTER };
            }
        }
    }
}
