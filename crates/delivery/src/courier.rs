//! Courier: keeps requests under way, fair between projects and webhooks.
//!
//! Slow and failing receivers have a lane of their own, which may hold a part of the slots and no more: however many of them hang, the
//! others have theirs.

use crate::engine::Engine;
use crate::post::Post;
use domain::id::WebhookNumber;

/// Of a turn, how many deliveries may be retries while first attempts wait: new events stay fast after an outage.
const TURN_RETRIES_MAX: usize = 2;
/// The slow lane may hold one in so many slots.
const SLOW_SHARE: usize = 4;

impl Engine {
    /// Puts a webhook into its project's line if it has something to send.
    pub(crate) fn queue(&mut self, number: WebhookNumber) {
        let now = self.parts.clock.now();
        let Some(post) = self.posts.get_mut(&number) else { return };
        if !post.is_queued && post.may_send(now) {
            post.is_queued = true;
            let project = post.webhook().project;
            let lane = if post.is_slow() { &mut self.slow_turns } else { &mut self.turns };
            lane.queue(project, number);
        }
    }

    /// Gives turns until nothing can be sent or too much is under way.
    pub(crate) fn send(&mut self) {
        for number in std::mem::take(&mut self.turned) {
            self.queue(number);
        }
        while self.in_flight < self.parts.settings.in_flight_max && !self.is_stopping {
            let slow = if self.has_slow_slot() { self.slow_turns.next() } else { None };
            let fast = self.turns.next();
            if slow.is_none() && fast.is_none() {
                return;
            }
            for number in slow.into_iter().chain(fast) {
                self.take_turn(number);
            }
        }
    }

    fn has_slow_slot(&self) -> bool {
        self.slow_in_flight * SLOW_SHARE < self.parts.settings.in_flight_max
    }

    /// Sends up to a quantum of one webhook's deliveries: tests, a few retries, then first attempts, then what else is due.
    fn take_turn(&mut self, number: WebhookNumber) {
        let (now, quantum) = (self.parts.clock.now(), self.parts.settings.turn_deliveries_max);
        let Some(post) = self.posts.get_mut(&number) else { return };
        post.is_queued = false;
        let mut errands = Vec::new();
        while errands.len() < quantum && post.may_send(now) {
            match next(post, errands.len()) {
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

    /// The time has come to ask receivers that were left alone.
    pub(crate) fn wake_rested(&mut self) {
        let now = self.parts.clock.now();
        while let Some(number) = self.rests.take(now) {
            // Of several rests the alarm knows the one that ends first.
            if let Some(until) = self.posts.get(&number).and_then(|post| post.rests_until(now)) {
                self.rests.set(number, until);
                continue;
            }
            self.rearm(number);
            self.turned.push(number);
        }
    }
}

fn next(post: &mut Post, sent: usize) -> Option<crate::attempt::Errand> {
    let first = post.next_test();
    let first = first.or_else(|| if sent < TURN_RETRIES_MAX { post.next_retry() } else { None });
    first.or_else(|| post.next_first()).or_else(|| post.next_retry())
}
