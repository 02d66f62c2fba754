//! Breaker: whether a receiver that keeps failing is left alone, and when it is asked again.
//!
//! ```text
//!            5 failures in a row, or half of the last 20
//!   Closed ────────────────────────────────────────────► Open(until) ── time ──► Probing
//!      ▲                                                     ▲                      │ │
//!      └──────────────────── success ────────────────────────┼──────────────────────┘ │
//!                                                            └──── failure: twice as long, up to 5 minutes
//! ```
//! While it is open nothing is sent, so an outage spends no attempts; the probe is a real due delivery that counts against nothing.

use crate::clock::Timestamp;
use std::time::Duration;

/// So many failures in a row open it.
pub const FAILURES_IN_A_ROW: u32 = 5;
/// So many outcomes are remembered; if half of them or more are failures it opens.
pub const OUTCOMES_REMEMBERED: u32 = 20;
/// How long it stays open at first.
pub const OPEN_FIRST: Duration = Duration::from_secs(5);
/// How long it stays open at most.
pub const OPEN_MAX: Duration = Duration::from_mins(5);

/// A breaker before one receiver.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    in_a_row: u32,
    /// The last outcomes, the latest in bit 0; set bits are failures.
    outcomes: u32,
    remembered: u32,
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Closed,
    Open {
        since: Timestamp,
        until: Timestamp,
        span: Duration,
    },
    Probing {
        since: Timestamp,
        span: Duration,
    },
}

/// What an outcome did to the breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It opened, or stays open: nothing is sent before this.
    Opened(Timestamp),
    /// It closed; it had been open for so long.
    Closed(Duration),
}

impl Breaker {
    /// Whether a delivery may be sent now; the only one if it is a probe.
    pub fn lets_through(&self, now: Timestamp) -> bool {
        match self.state {
            State::Closed => true,
            State::Open { until, .. } => now >= until,
            State::Probing { .. } => false,
        }
    }

    /// Notes that a delivery is being sent. Answers whether it is a probe.
    pub fn sending(&mut self) -> bool {
        if let State::Open { since, span, .. } = self.state {
            self.state = State::Probing { since, span };
            return true;
        }
        false
    }

    /// The probe was not sent after all: another may go.
    pub fn abandoned(&mut self, now: Timestamp) {
        if let State::Probing { since, span } = self.state {
            self.state = State::Open { since, until: now, span };
        }
    }

    /// Since when nothing but probes was sent; none while it is closed.
    pub fn open_since(&self) -> Option<Timestamp> {
        match self.state {
            State::Closed => None,
            State::Open { since, .. } | State::Probing { since, .. } => Some(since),
        }
    }

    /// When the next probe may be sent, while it is open.
    pub fn open_until(&self) -> Option<Timestamp> {
        match self.state {
            State::Open { until, .. } => Some(until),
            State::Closed | State::Probing { .. } => None,
        }
    }

    /// Notes what came of a delivery; answers what it did.
    pub fn record(&mut self, is_success: bool, is_probe: bool, now: Timestamp) -> Option<Turn> {
        match (self.state, is_probe) {
            (State::Probing { since, .. }, true) if is_success => {
                *self = Self::default();
                Some(Turn::Closed(now.since(since)))
            }
            (State::Probing { since, span }, true) => Some(self.open(since, (span * 2).min(OPEN_MAX), now)),
            (State::Closed, _) => self.remember(is_success, now),
            // A delivery that was under way when it opened tells nothing new.
            _ => None,
        }
    }

    fn remember(&mut self, is_success: bool, now: Timestamp) -> Option<Turn> {
        self.in_a_row = if is_success { 0 } else { self.in_a_row + 1 };
        self.outcomes = (self.outcomes << 1 | u32::from(!is_success)) & ((1 << OUTCOMES_REMEMBERED) - 1);
        self.remembered = (self.remembered + 1).min(OUTCOMES_REMEMBERED);
        let is_half = self.remembered == OUTCOMES_REMEMBERED && self.outcomes.count_ones() * 2 >= OUTCOMES_REMEMBERED;
        (self.in_a_row >= FAILURES_IN_A_ROW || is_half).then(|| self.open(now, OPEN_FIRST, now))
    }

    fn open(&mut self, since: Timestamp, span: Duration, now: Timestamp) -> Turn {
        let until = now.plus(span);
        self.state = State::Open { since, until, span };
        Turn::Opened(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    /// Feeds outcomes, `+` a success and `-` a failure, a second apart; answers how many it took to open.
    fn opens_after(outcomes: &str) -> Option<usize> {
        let mut breaker = Breaker::default();
        let mut outcomes = outcomes.chars().enumerate();
        outcomes.find_map(|(n, outcome)| breaker.record(outcome == '+', false, at(n as i64)).map(|_| n + 1))
    }

    #[test]
    fn it_opens_on_five_in_a_row_or_half_of_twenty() {
        assert_eq!(opens_after("-----"), Some(5));
        assert_eq!(opens_after("----+----+"), None);
        assert_eq!(opens_after("++++-----"), Some(9));
        assert_eq!(opens_after(&"+-".repeat(10)), Some(20));
        assert_eq!(opens_after(&"++-".repeat(40)), None);
    }

    #[test]
    fn probes_come_twice_as_late_each_time_up_to_five_minutes() {
        let mut breaker = Breaker::default();
        let mut now = at(0);
        for _ in 0..5 {
            breaker.record(false, false, now);
        }
        let mut spans = Vec::new();
        for _ in 0..9 {
            let until = breaker.open_until().unwrap();
            spans.push(until.since(now).as_secs());
            assert!(!breaker.lets_through(now) && breaker.lets_through(until));
            now = until;
            assert!(breaker.sending());
            assert!(!breaker.lets_through(now), "one probe at a time");
            assert!(matches!(breaker.record(false, true, now), Some(Turn::Opened(_))));
        }
        assert_eq!(spans, [5, 10, 20, 40, 80, 160, 300, 300, 300]);
    }

    #[test]
    fn a_probe_that_succeeds_closes_it_and_forgets() {
        let mut breaker = Breaker::default();
        for _ in 0..5 {
            breaker.record(false, false, at(10));
        }
        assert_eq!(breaker.open_since(), Some(at(10)));
        assert_eq!(breaker.record(false, false, at(11)), None, "it was under way when the breaker opened");
        assert!(breaker.sending());
        assert_eq!(breaker.record(true, true, at(40)), Some(Turn::Closed(Duration::from_secs(30))));
        assert_eq!(breaker, Breaker::default());
    }
}
