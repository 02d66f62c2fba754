//! Courier: keeps requests under way, fair between projects and webhooks, and settles what came of them.

use crate::attempt::Told;
use crate::engine::Engine;
use crate::post::Standing;
use domain::Timestamp;
use domain::attempt::Outcome;
use domain::delivery::{Dead, DeadReason, Retry};
use domain::id::WebhookNumber;

/// Of a turn, how many deliveries may be retries while first attempts wait: new events stay fast after an outage.
const TURN_RETRIES_MAX: usize = 2;

impl Engine {
    /// Puts a webhook into its project's line if it has something to send.
    pub(crate) fn queue(&mut self, number: WebhookNumber) {
        let Some(post) = self.posts.get_mut(&number) else {
            return;
        };
        if !post.is_queued && post.may_send() {
            post.is_queued = true;
            self.turns.queue(post.webhook.project, number);
        }
    }

    /// Sends up to a quantum of one webhook's deliveries: a few retries, then first attempts, then what else is due.
    pub(crate) fn take_turn(&mut self, number: WebhookNumber) {
        let Some(post) = self.posts.get_mut(&number) else {
            return;
        };
        post.is_queued = false;
        let mut errands = Vec::new();
        while errands.len() < self.parts.settings.turn_deliveries_max && post.may_send() {
            let retry = if errands.len() < TURN_RETRIES_MAX { post.next_retry() } else { None };
            match retry.or_else(|| post.next_first()).or_else(|| post.next_retry()) {
                Some(errand) => errands.push(errand),
                None => break,
            }
        }
        for errand in errands {
            self.start(errand);
        }
        self.rearm(number);
        self.queue(number);
    }

    /// Settles what came of an attempt.
    pub(crate) fn take_told(&mut self, told: Told) {
        self.in_flight -= 1;
        let Told { errand, result } = told;
        let (number, sequence) = (errand.revision.number, errand.event.sequence);
        let outcome = result.as_ref().map(|(outcome, _)| outcome.clone());
        let attempt = result.map(|(_, attempt)| attempt);
        let first_at = errand.first_at.or(attempt.as_ref().map(|attempt| attempt.at));
        if let Some(attempt) = attempt {
            self.ledger.record(attempt);
        }
        let Some(post) = self.posts.get_mut(&number) else {
            return;
        };
        post.landed(&errand, &self.parts.settings, outcome.as_ref());
        match outcome {
            Some(outcome) if !outcome.is_success() => self.fail(number, sequence, errand.number, first_at, &outcome),
            // Delivered; or there was nothing to say.
            _ if errand.is_retry() => self.ledger.forget(number, sequence),
            _ => {}
        }
        if let Some(post) = self.posts.get_mut(&number) {
            post.settle(sequence);
            if post.standing == Standing::Behind {
                self.behind.push(number);
            }
        }
        self.ledger.moved.insert(number);
        self.turned.push(number);
    }

    /// A failed attempt becomes a retry, or a dead delivery when the schedule is spent.
    fn fail(
        &mut self,
        webhook: WebhookNumber,
        sequence: i64,
        attempts: i64,
        first_at: Option<Timestamp>,
        outcome: &Outcome,
    ) {
        let now = self.parts.clock.now();
        let first_at = first_at.unwrap_or(now);
        tracing::debug!(webhook = %webhook, sequence, attempt = attempts, class = outcome.class(), "a delivery failed");
        if let Some(due_at) = self.parts.settings.schedule.next(attempts, first_at, now, self.parts.jitter.next()) {
            return self.ledger.retry(Retry { webhook, sequence, attempts, first_at, due_at });
        }
        tracing::warn!(webhook = %webhook, sequence, attempts, "a delivery has failed for good");
        self.bury(webhook, sequence, DeadReason::Exhausted);
    }

    pub(crate) fn bury(&mut self, webhook: WebhookNumber, sequence: i64, reason: DeadReason) {
        self.ledger.forget(webhook, sequence);
        let at = self.parts.clock.now();
        self.ledger.bury(Dead { webhook, from_sequence: sequence, to_sequence: sequence, reason, at });
    }
}
