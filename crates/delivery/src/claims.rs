//! Claims: retries whose time has come, taken from their rows a few at a time.
//!
//! Claiming moves a row's due time on, past the longest attempt: if this process dies, the retry is late, not lost.

use crate::engine::{Engine, Heard};
use domain::Timestamp;
use domain::delivery::{DeadReason, Retry};
use domain::event::Event;
use domain::id::{ProjectId, WebhookNumber};
use std::sync::Arc;
use std::time::Duration;
use store::{Tx, events, retries};

/// Due retries with their events, and when the webhook's next one is due.
pub(crate) struct Claimed {
    retries: Vec<(Retry, Option<Event>)>,
    next_due: Option<Timestamp>,
}

/// How long a claim that failed waits before it is tried again.
const CLAIM_AGAIN_AFTER: Duration = Duration::from_secs(1);

impl Engine {
    /// Reads when the retries of each webhook are due: once, at the start.
    pub(crate) async fn load_alarms(&mut self) {
        match self.parts.store.read(retries::next_due).await {
            Ok(due) => due.into_iter().for_each(|(number, at)| self.alarms.set(number, at)),
            Err(error) => tracing::error!(error = %crate::chain(&error), "the retries cannot be read"),
        }
    }

    /// Claims the retries whose time has come.
    pub(crate) fn claim_due(&mut self) {
        let now = self.parts.clock.now();
        while let Some(number) = self.alarms.take(now) {
            let Some(post) = self.posts.get_mut(&number) else {
                continue;
            };
            if !post.may_claim(now) {
                // Rung again when what was claimed is sent, or when the webhook is active again.
                post.has_alarm_missed = true;
                continue;
            }
            post.is_claiming = true;
            let until = now.plus(self.parts.settings.claim_lease());
            let project = post.webhook().project;
            self.claim(project, number, now, until);
        }
    }

    fn claim(&self, project: ProjectId, webhook: WebhookNumber, now: Timestamp, until: Timestamp) {
        let parts = Arc::clone(&self.parts);
        let limit = parts.settings.claim_max;
        tokio::spawn(async move {
            let claim = parts.store.write(move |tx: &mut Tx<'_>| {
                let mut found = Vec::new();
                for retry in retries::claim(tx, webhook, now, until, limit)? {
                    let event = events::after(tx, project, retry.sequence - 1, 1)?.pop();
                    found.push((retry.clone(), event.filter(|event| event.sequence == retry.sequence)));
                }
                Ok(Claimed { retries: found, next_due: retries::next_due_of(tx, webhook)? })
            });
            let found = claim.await;
            parts.tell(Heard::Claimed { webhook, found });
        });
    }

    pub(crate) fn take_claimed(&mut self, number: WebhookNumber, found: Result<Claimed, store::Error>) {
        let Some(post) = self.posts.get_mut(&number) else {
            return;
        };
        let claimed = match found {
            Ok(claimed) => claimed,
            Err(error) => {
                post.end_claim();
                tracing::warn!(error = %crate::chain(&error), webhook = %number, "due retries cannot be claimed; trying again");
                let again = self.parts.clock.now().plus(CLAIM_AGAIN_AFTER);
                return self.alarms.set(number, again);
            }
        };
        if let Some(due) = claimed.next_due {
            self.alarms.set(number, due);
        }
        let mut ready = Vec::with_capacity(claimed.retries.len());
        for (retry, event) in claimed.retries {
            match event {
                Some(event) => ready.push((retry, Arc::new(event))),
                None => self.bury(number, retry.sequence, DeadReason::Expired),
            }
        }
        if let Some(post) = self.posts.get_mut(&number) {
            post.add_retries(ready);
            post.end_claim();
        }
        self.rearm(number);
        self.turned.push(number);
    }

    /// Rings the alarm that came when nothing could be claimed.
    pub(crate) fn rearm(&mut self, number: WebhookNumber) {
        let now = self.parts.clock.now();
        let Some(post) = self.posts.get_mut(&number) else { return };
        if post.has_alarm_missed && post.may_claim(now) {
            post.has_alarm_missed = false;
            self.alarms.set(number, now);
        }
    }
}
