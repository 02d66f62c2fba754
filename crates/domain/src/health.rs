//! Health: how a webhook has been doing, and whether anything is sent to it at all.
//!
//! A webhook that is paused or disabled is still owed its events: its cursor stands still until it is resumed. One without a single success
//! for [`DISABLED_AFTER`] is disabled, not silently: it is told of as failing at half, three quarters and nine tenths of that time.

use crate::clock::Timestamp;
use std::time::Duration;

/// How long a webhook may fail without one success before it is disabled.
pub const DISABLED_AFTER: Duration = Duration::from_hours(5 * 24);
/// How many attempts must have failed by then.
pub const DISABLED_ATTEMPTS_MIN: i64 = 20;
/// Over how long a time at least, whatever the setting: a burst of failures is no evidence.
pub const DISABLED_SPREAD_MIN: Duration = Duration::from_hours(3);
/// At which shares of that time, in percent, it is told of as failing.
pub const WARNED_AT_PERCENT: [i64; 3] = [50, 75, 90];

/// Whether deliveries are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// They are.
    #[default]
    Active,
    /// Somebody has paused it.
    Paused,
    /// The server has disabled it.
    Disabled(DisabledReason),
}

/// Why the server has disabled a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisabledReason {
    /// The receiver answered 410: it wants no more.
    Gone,
    /// No success for [`DISABLED_AFTER`].
    Failing,
}

impl State {
    /// Every state there is.
    pub const ALL: [Self; 4] =
        [Self::Active, Self::Paused, Self::Disabled(DisabledReason::Gone), Self::Disabled(DisabledReason::Failing)];

    /// The name it bears in tables and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Disabled(_) => "disabled",
        }
    }

    /// Why it is disabled, if it is.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Active | Self::Paused => None,
            Self::Disabled(DisabledReason::Gone) => Some("gone"),
            Self::Disabled(DisabledReason::Failing) => Some("failing"),
        }
    }

    /// The state of that name and reason.
    pub fn from_names(name: &str, reason: Option<&str>) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name && state.reason() == reason)
    }
}

/// How a webhook has been doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Whether deliveries are made.
    pub state: State,
    /// Since when it is in that state.
    pub state_since: Timestamp,
    /// When it last took a delivery.
    pub last_success_at: Option<Timestamp>,
    /// When the first attempt failed since then.
    pub failing_since: Option<Timestamp>,
    /// How many have failed since then.
    pub failures: i64,
    /// At which share of the time to disabling it was last told of as failing, in percent; 0 if not yet.
    pub warned_percent: i64,
}

/// What is worth telling an operator of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It has failed for so many percent of the time after which it is disabled.
    Failing(i64),
    /// It was disabled.
    Disabled(DisabledReason),
    /// It has taken a delivery again after it was told of as failing or disabled.
    Recovered,
}

impl Health {
    /// Notes a delivery taken; answers what is worth telling.
    pub fn succeeded(&mut self, now: Timestamp) -> Option<Notice> {
        let was_told = self.warned_percent > 0;
        self.last_success_at = Some(now);
        self.failing_since = None;
        self.failures = 0;
        self.warned_percent = 0;
        was_told.then_some(Notice::Recovered)
    }

    /// Notes an attempt failed; answers what is worth telling. A webhook that may not be disabled is warned of all the same.
    pub fn failed(&mut self, now: Timestamp, may_disable: bool) -> Option<Notice> {
        let since = *self.failing_since.get_or_insert(now);
        self.failures += 1;
        let failing_for = now.since(since);
        let percent = (failing_for.as_micros() * 100 / DISABLED_AFTER.as_micros()) as i64;
        let is_proven = self.failures >= DISABLED_ATTEMPTS_MIN && failing_for >= DISABLED_SPREAD_MIN;
        if percent >= 100 && is_proven && may_disable && self.state == State::Active {
            return self.disable(DisabledReason::Failing, now);
        }
        let reached = WARNED_AT_PERCENT.into_iter().rev().find(|share| percent >= *share)?;
        (reached > self.warned_percent).then(|| {
            self.warned_percent = reached;
            Notice::Failing(reached)
        })
    }

    /// Disables it; nothing to tell if it is disabled already.
    pub fn disable(&mut self, reason: DisabledReason, now: Timestamp) -> Option<Notice> {
        if matches!(self.state, State::Disabled(_)) {
            return None;
        }
        self.enter(State::Disabled(reason), now);
        // So that its next success is told of.
        self.warned_percent = 100;
        Some(Notice::Disabled(reason))
    }

    /// Pauses it; answers whether anything changed. A disabled one stays disabled.
    pub fn pause(&mut self, now: Timestamp) -> bool {
        self.state == State::Active && self.enter(State::Paused, now)
    }

    /// Makes deliveries again; answers whether anything changed. What it failed before no longer counts towards disabling.
    pub fn resume(&mut self, now: Timestamp) -> bool {
        if self.state == State::Active {
            return false;
        }
        self.failing_since = None;
        self.failures = 0;
        self.enter(State::Active, now)
    }

    fn enter(&mut self, state: State, now: Timestamp) -> bool {
        self.state = state;
        self.state_since = now;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(hour: i64) -> Timestamp {
        Timestamp::from_micros(hour * 3_600_000_000)
    }

    #[test]
    fn five_days_without_a_success_disable_it_with_three_warnings_before() {
        let mut health = Health::default();
        let notices: Vec<_> =
            (0..=130).filter_map(|h| health.failed(hour(h), true).map(|notice| (h, notice))).collect();
        let expected = [
            (60, Notice::Failing(50)),
            (90, Notice::Failing(75)),
            (108, Notice::Failing(90)),
            (120, Notice::Disabled(DisabledReason::Failing)),
        ];
        assert_eq!(notices, expected);
        assert!(health.resume(hour(131)));
        assert_eq!(health.succeeded(hour(132)), Some(Notice::Recovered));
        assert_eq!(health.succeeded(hour(133)), None);
    }

    #[test]
    fn a_success_starts_the_count_again() {
        let mut health = Health::default();
        for h in 0..100 {
            health.failed(hour(h), true);
        }
        assert_eq!(health.succeeded(hour(100)), Some(Notice::Recovered));
        assert_eq!((101..160).find_map(|h| health.failed(hour(h), true)), None);
    }

    #[test]
    fn few_attempts_are_no_evidence() {
        let mut health = Health::default();
        let notices: Vec<_> = (0..19).filter_map(|n| health.failed(hour(n * 24), true)).collect();
        assert!(!notices.contains(&Notice::Disabled(DisabledReason::Failing)), "{notices:?}");
        assert!(health.failed(hour(19 * 24), true) == Some(Notice::Disabled(DisabledReason::Failing)));
    }

    #[test]
    fn pausing_and_resuming_are_told_once() {
        let mut health = Health::default();
        assert!(health.pause(hour(1)) && !health.pause(hour(2)));
        assert_eq!((health.state, health.state_since), (State::Paused, hour(1)));
        assert!(health.resume(hour(3)) && !health.resume(hour(4)));
        assert_eq!(health.disable(DisabledReason::Gone, hour(5)), Some(Notice::Disabled(DisabledReason::Gone)));
        assert!(!health.pause(hour(6)));
        for state in State::ALL {
            assert_eq!(State::from_names(state.name(), state.reason()), Some(state));
        }
    }
}
