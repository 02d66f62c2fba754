//! Settling: what came of an attempt, for the delivery, for the webhook, and for whoever watches it.

use crate::attempt::{Errand, Result, Told};
use crate::engine::Engine;
use crate::post::{Post, Standing};
use domain::Timestamp;
use domain::attempt::Outcome;
use domain::breaker::Turn;
use domain::delivery::{Dead, DeadReason, Retry};
use domain::event::{Change, EventKind, Fact, Initiator, Previous, Subject, WebhookTold};
use domain::health::{DisabledReason, Notice};
use domain::id::{EventId, WebhookNumber, as_uuid_v7};
use domain::webhook::Webhook;
use std::time::Duration;

/// A receiver may ask to be left alone for this long, or for one step of its schedule if that is longer.
const REST_MAX: Duration = Duration::from_hours(1);

/// What becomes of a delivery that failed.
enum Fate {
    /// Nothing is decided: it waits as if it had not been tried.
    PutBack,
    /// It will be tried again then.
    Again(Timestamp),
    /// It will not be tried again.
    Dead(DeadReason),
    /// It was a test, or was left out meanwhile: there is nothing more to do.
    Over,
}

impl Engine {
    /// Settles what came of an attempt.
    pub(crate) fn take_told(&mut self, told: Told) {
        self.in_flight -= 1;
        let Told { errand, result } = told;
        self.slow_in_flight -= usize::from(errand.is_slow);
        let number = errand.revision.number;
        let settings = &self.parts.settings;
        if let Some(post) = self.posts.get_mut(&number) {
            let outcome = result.as_ref().map(|result| &result.outcome);
            let took = result.as_ref().map_or(Duration::ZERO, |result| result.attempt.duration);
            post.landed(outcome, took, settings);
        }
        match result {
            None => self.say_nothing(&errand),
            Some(result) => self.settle(errand, result),
        }
        if self.posts.get(&number).is_some_and(|post| post.standing == Standing::Behind) {
            self.behind.push(number);
        }
        self.ledger.moved.insert(number);
        self.rearm(number);
        self.turned.push(number);
    }

    /// The wire has no words for the event, so nothing was sent.
    fn say_nothing(&mut self, errand: &Errand) {
        let now = self.parts.clock.now();
        if let Some(post) = self.posts.get_mut(&errand.revision.number).filter(|_| errand.is_probe) {
            post.breaker.abandoned(now);
        }
        self.finish(errand);
    }

    fn settle(&mut self, errand: Errand, result: Result) {
        let Result { outcome, attempt, retry_after } = result;
        let first_at = errand.retry.as_ref().map_or(attempt.at, |retry| retry.first_at);
        self.ledger.record(attempt);
        let number = errand.revision.number;
        if !errand.is_test {
            self.watch(number, &outcome, errand.is_probe);
        }
        if outcome.is_success() {
            return self.finish(&errand);
        }
        tracing::debug!(webhook = %number, sequence = errand.event.sequence, attempt = errand.number, class = outcome.class(), "a delivery failed");
        match self.fate(&errand, &outcome, first_at, retry_after) {
            Fate::PutBack => {
                if let Some(post) = self.posts.get_mut(&number) {
                    post.put_back(errand);
                }
            }
            Fate::Again(due_at) => self.try_again(&errand, first_at, due_at),
            Fate::Dead(reason) => {
                self.bury(number, errand.event.sequence, reason);
                self.finish(&errand);
            }
            Fate::Over => self.finish(&errand),
        }
    }

    fn fate(&mut self, errand: &Errand, outcome: &Outcome, first_at: Timestamp, retry_after: Option<Duration>) -> Fate {
        let (now, number) = (self.parts.clock.now(), errand.revision.number);
        let Some(post) = self.posts.get_mut(&number) else { return Fate::Over };
        if errand.is_test || post.was_skipped(errand) {
            return Fate::Over;
        }
        if errand.is_probe || *outcome == Outcome::Answered(410) {
            return Fate::PutBack;
        }
        let policy = &post.webhook().wish.policy;
        if policy.stops_on_4xx && outcome.is_refusal() {
            return Fate::Dead(DeadReason::Refused);
        }
        let schedule = policy.schedule(&self.parts.settings.schedule);
        let Some(due_at) = schedule.next(errand.number, first_at, now, self.parts.jitter.next()) else {
            return Fate::Dead(DeadReason::Exhausted);
        };
        let rest = retry_after.map(|rest| now.plus(rest.min(REST_MAX.max(due_at.since(now)))));
        if let Some(until) = rest {
            post.rest(until);
            self.rests.set(number, until);
        }
        Fate::Again(rest.map_or(due_at, |until| until.max(due_at)))
    }

    fn try_again(&mut self, errand: &Errand, first_at: Timestamp, due_at: Timestamp) {
        self.ledger.retry(Retry {
            webhook: errand.revision.number,
            sequence: errand.event.sequence,
            previous_sequence: errand.previous,
            attempts: errand.number,
            first_at,
            due_at,
        });
        if let Some(post) = self.posts.get_mut(&errand.revision.number) {
            post.hand_over(errand);
        }
    }

    /// The delivery needs nothing more.
    fn finish(&mut self, errand: &Errand) {
        if errand.retry.is_some() {
            self.ledger.forget(errand.revision.number, errand.event.sequence);
        }
        if let Some(post) = self.posts.get_mut(&errand.revision.number) {
            post.finish(errand);
        }
    }

    pub(crate) fn bury(&mut self, webhook: WebhookNumber, sequence: i64, reason: DeadReason) {
        tracing::warn!(webhook = %webhook, sequence, reason = reason.name(), "a delivery has failed for good");
        self.ledger.forget(webhook, sequence);
        let at = self.parts.clock.now();
        self.ledger.bury(Dead { webhook, from_sequence: sequence, to_sequence: sequence, reason, at });
    }

    /// What an outcome says of the receiver: its breaker, its health, and what operators are told.
    fn watch(&mut self, number: WebhookNumber, outcome: &Outcome, is_probe: bool) {
        let now = self.parts.clock.now();
        let Some(post) = self.posts.get_mut(&number) else { return };
        match post.breaker.record(outcome.is_success(), is_probe, now) {
            Some(Turn::Opened(until)) => self.rests.set(number, until),
            Some(Turn::Closed(span)) => {
                post.start_slowly(span, &self.parts.settings);
                self.ledger.postpone(number, span);
            }
            None => {}
        }
        let was_failing = post.health.failing_since.is_some();
        let may_disable = !post.webhook().wish.policy.is_never_disabled;
        let notice = match outcome {
            outcome if outcome.is_success() => post.health.succeeded(now),
            Outcome::Answered(410) => post.health.disable(DisabledReason::Gone, now),
            _ => post.health.failed(now, may_disable),
        };
        if notice.is_some() || was_failing != post.health.failing_since.is_some() {
            self.ledger.note(number, post.health_revision, post.health.clone());
        }
        if let Some(notice) = notice {
            let fact = told(post, notice, now, self.parts.jitter.bytes());
            tracing::warn!(webhook = %number, notice = fact.change.kind.name(), "a webhook's health has changed");
            self.ledger.tell(fact);
        }
    }

    /// Every so often: notes the cursors of webhooks that are owed nothing but have judged more, and how all have been doing.
    pub(crate) fn note_idle(&mut self) {
        for (number, post) in &mut self.posts {
            if post.moved_cursor().1 {
                self.ledger.moved.insert(*number);
            }
            if post.health != post.noted_health {
                post.noted_health = post.health.clone();
                self.ledger.note(*number, post.health_revision, post.health.clone());
            }
        }
    }
}

/// The fact that operators are told.
fn told(post: &Post, notice: Notice, now: Timestamp, random: [u8; 16]) -> Fact {
    let kind = match notice {
        Notice::Failing(_) => EventKind::WebhookFailing,
        Notice::Disabled(_) => EventKind::WebhookDisabled,
        Notice::Recovered => EventKind::WebhookRecovered,
    };
    let webhook = Webhook { secret: None, ..Webhook::clone(post.webhook()) };
    Fact {
        id: EventId::from_bytes(as_uuid_v7(random, now)),
        change: Change { kind, previous: Previous::default() },
        at: now,
        initiator: Initiator::System,
        subject: Subject::Webhook(Box::new(WebhookTold { webhook, health: post.health.clone() })),
        addressee: None,
    }
}
