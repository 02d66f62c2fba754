//! What the engine lets itself do: every limit with its name.

use domain::retry::Schedule;
use std::time::Duration;

/// The limits of the delivery engine.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long one attempt may take, the answer's body included.
    pub attempt_timeout: Duration,
    /// How many requests are under way at once, over all webhooks.
    pub in_flight_max: usize,
    /// How many requests a webhook begins with; it earns more by answering well.
    pub window_start: f64,
    /// How many requests to one webhook are under way at once at most.
    pub window_max: f64,
    /// How many deliveries a webhook may send in its turn before the next one's turn comes.
    pub turn_deliveries_max: usize,
    /// How many first attempts wait in memory for one webhook; the rest waits in the log.
    pub ready_max: usize,
    /// How many events one look into the log brings.
    pub read_events_max: i64,
    /// How many due retries of one webhook are taken at once.
    pub claim_max: i64,
    /// When a failed delivery is tried again.
    pub schedule: Schedule,
    /// How long outcomes gather before they are committed.
    pub ledger_linger: Duration,
    /// How many outcomes are committed at once at most.
    pub ledger_outcomes_max: usize,
    /// How often the log is looked at for what other processes wrote.
    pub look_every: Duration,
    /// How often the cursors of webhooks that are owed nothing are brought up to date.
    pub idle_cursors_every: Duration,
    /// How long a stop waits for the requests under way.
    pub drain: Duration,
    /// The `User-Agent` of every request.
    pub user_agent: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            attempt_timeout: Duration::from_secs(15),
            in_flight_max: 2048,
            window_start: 4.0,
            window_max: 64.0,
            turn_deliveries_max: 8,
            ready_max: 2048,
            read_events_max: 500,
            claim_max: 64,
            schedule: Schedule::default(),
            ledger_linger: Duration::from_millis(2),
            ledger_outcomes_max: 1024,
            look_every: Duration::from_secs(5),
            idle_cursors_every: Duration::from_secs(10),
            drain: Duration::from_secs(20),
            user_agent: concat!("Boathook/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl Settings {
    /// How long a claimed retry is left alone: longer than its attempt can take, so that only a crash lets it come due again.
    pub(crate) fn claim_lease(&self) -> Duration {
        self.attempt_timeout * 2
    }
}
