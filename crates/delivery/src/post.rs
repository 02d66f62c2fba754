//! Post: one webhook's place in the engine: what it is owed, what is under way, and how much it can take.
//!
//! How many requests are under way adapts to the receiver: one more after each window of successes, half after an overload (429, 503,
//! timeout). A receiver that keeps failing is left alone by its breaker; what it is owed stays owed, and costs one cursor standing still.

use crate::attempt::{Address, Errand};
use crate::lines::Lines;
use crate::revision::{Revision, Revisions};
use crate::settings::Settings;
use domain::Timestamp;
use domain::attempt::Outcome;
use domain::breaker::Breaker;
use domain::cursor::Cursor;
use domain::delivery::Retry;
use domain::event::Event;
use domain::health::{Health, State};
use domain::project::Project;
use domain::webhook::Webhook;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// A receiver that takes longer than this on average has its deliveries in the slow lane.
const SLOW_AFTER: Duration = Duration::from_secs(2);
/// How much the latest attempt counts in the average.
const LATEST_SHARE: f64 = 0.2;

/// How a webhook learns of what comes next in its project's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Everything in the log was judged: news are judged as they come.
    Live,
    /// The log must be read on.
    Behind,
    /// A look into the log is under way.
    Reading,
}

/// One webhook in the engine.
pub(crate) struct Post {
    pub(crate) revisions: Revisions,
    address: Arc<Address>,
    cursor: Cursor,
    /// The last sequence of the log that was judged for this webhook.
    pub(crate) read: i64,
    /// How it learns of what comes next in the log.
    pub(crate) standing: Standing,
    /// A claim of due retries is under way.
    pub(crate) is_claiming: bool,
    /// Its retries came due when they could not be claimed.
    pub(crate) has_alarm_missed: bool,
    /// The webhook stands in the turns.
    pub(crate) is_queued: bool,
    pub(crate) health: Health,
    /// Its health as it was last written down by the way.
    pub(crate) noted_health: Health,
    /// What people have decided of its health, as far as is known here.
    pub(crate) health_revision: i64,
    pub(crate) breaker: Breaker,
    /// The receiver has asked to be left alone until then.
    rests_until: Timestamp,
    /// Sequences judged as owed and not yet settled, each with the one owed before it.
    owed: BTreeMap<i64, i64>,
    /// Sequences judged as owed, in order, above the cursor.
    stream: VecDeque<i64>,
    last_owed: i64,
    ready: VecDeque<Arc<Event>>,
    /// Events that hold their line and may go; the line's name is kept with them, since the order may change while they wait.
    promised: VecDeque<(Option<crate::lines::Name>, Arc<Event>)>,
    lines: Lines,
    /// Tests: sent whatever the webhook's state.
    tests: VecDeque<Arc<Event>>,
    /// Tests that went ahead of a log that was not read so far yet, and whether they are over.
    hurried: HashMap<i64, bool>,
    retries: VecDeque<(Retry, Arc<Event>)>,
    /// Claimed retries: waiting, under way, or with an outcome that is not yet in their rows.
    retrying: HashSet<i64>,
    /// Retries whose outcome was written while a claim was under way, which may have read their rows before.
    written: Vec<i64>,
    /// In a strict order: failed deliveries that hold their line.
    holding: HashMap<i64, crate::lines::Name>,
    window: f64,
    in_flight: usize,
    latency: Duration,
}

/// What the engine knows of a webhook when it meets it.
pub(crate) struct Known {
    pub(crate) revisions: Vec<Revision>,
    pub(crate) project: Arc<Project>,
    pub(crate) cursor: Cursor,
    pub(crate) health: (i64, Health),
    /// Its retries, with what they are about: for strict orders.
    pub(crate) failed: Vec<(i64, [u8; 16])>,
}

impl Post {
    /// None if there is no revision at all.
    pub(crate) fn new(known: Known, settings: &Settings) -> Option<Self> {
        let revisions = Revisions::new(known.revisions)?;
        let mut lines = Lines::default();
        let mut holding = HashMap::new();
        let order = revisions.current().wish.policy.order;
        for (sequence, resource) in known.failed.into_iter().filter(|_| order.is_strict()) {
            if let Some(line) = order.line(resource) {
                lines.hold(line);
                holding.insert(sequence, line);
            }
        }
        Some(Self {
            address: Arc::new(Address::of(revisions.current(), known.project)),
            revisions,
            read: known.cursor.low(),
            last_owed: known.cursor.previous(),
            cursor: known.cursor,
            standing: Standing::Behind,
            is_claiming: false,
            has_alarm_missed: false,
            is_queued: false,
            noted_health: known.health.1.clone(),
            health: known.health.1,
            health_revision: known.health.0,
            breaker: Breaker::default(),
            rests_until: Timestamp::default(),
            owed: BTreeMap::new(),
            stream: VecDeque::new(),
            ready: VecDeque::new(),
            promised: VecDeque::new(),
            lines,
            tests: VecDeque::new(),
            hurried: HashMap::new(),
            retries: VecDeque::new(),
            retrying: HashSet::new(),
            written: Vec::new(),
            holding,
            window: settings.window_start,
            in_flight: 0,
            latency: Duration::ZERO,
        })
    }

    /// Its current revision.
    pub(crate) fn webhook(&self) -> &Arc<Webhook> {
        self.revisions.current()
    }

    /// Takes note of newer revisions and of what people have decided; the older revisions stay for the events they hold for.
    pub(crate) fn revise(&mut self, known: Known) {
        if let Some(revisions) = Revisions::new(known.revisions) {
            if revisions.current().wish.target_url != self.webhook().wish.target_url {
                self.breaker = Breaker::default();
            }
            self.revisions = revisions;
            self.address = Arc::new(Address::of(self.revisions.current(), known.project));
        }
        if known.health.0 > self.health_revision {
            (self.health_revision, self.health) = known.health;
            // Whoever resumes a webhook wants it tried now.
            self.breaker = Breaker::default();
            self.rests_until = Timestamp::default();
        }
        self.skip_to(known.cursor.low());
    }

    /// Leaves out what somebody chose to leave out: the cursor was moved past it.
    fn skip_to(&mut self, low: i64) {
        if low <= self.cursor.low() {
            return;
        }
        self.owed = self.owed.split_off(&(low + 1));
        self.ready.retain(|event| event.sequence > low);
        self.lines.skip_to(low);
        let promised = std::mem::take(&mut self.promised).into_iter();
        let (skipped, promised) = promised.partition::<VecDeque<_>, _>(|(_, event)| event.sequence <= low);
        self.promised = promised;
        for (line, _) in skipped {
            self.leave(line);
        }
        self.cursor.pass(low);
        self.read = self.read.max(low);
    }

    /// Judges the next event of the log: owed, or not asked for.
    pub(crate) fn judge(&mut self, event: &Arc<Event>) {
        self.read = event.sequence;
        let revision = self.revisions.holding(event.sequence);
        let is_test = event.fact.addressee == Some(revision.webhook.number);
        if !(is_test || event.fact.addressee.is_none() && revision.asks_for(event)) {
            return;
        }
        let previous = std::mem::replace(&mut self.last_owed, event.sequence);
        self.stream.push_back(event.sequence);
        if self.cursor.is_settled(event.sequence) {
            return;
        }
        let hurried = self.hurried.remove(&event.sequence);
        if hurried == Some(true) {
            return;
        }
        self.owed.insert(event.sequence, previous);
        if hurried.is_none() {
            if is_test { &mut self.tests } else { &mut self.ready }.push_back(Arc::clone(event));
        }
    }

    /// A test goes ahead of what the log holds before it: whoever asks for one waits for the answer.
    pub(crate) fn hurry(&mut self, event: &Arc<Event>) {
        if self.hurried.insert(event.sequence, false).is_none() {
            self.tests.push_back(Arc::clone(event));
        }
    }

    /// There is more in the log than was judged; a look that is under way will see it.
    pub(crate) fn fall_behind(&mut self) {
        if self.standing == Standing::Live {
            self.standing = Standing::Behind;
        }
    }

    /// Adds due retries that were claimed for this webhook; one whose lease ran out while it waited here is here already.
    pub(crate) fn add_retries(&mut self, claimed: impl IntoIterator<Item = (Retry, Arc<Event>)>) {
        for (retry, event) in claimed {
            if self.retrying.insert(retry.sequence) {
                self.retries.push_back((retry, event));
            }
        }
    }

    /// The outcome of a retry is in its row, or its row is gone: it may be claimed again.
    pub(crate) fn written(&mut self, sequence: i64) {
        if self.is_claiming {
            self.written.push(sequence);
        } else {
            self.retrying.remove(&sequence);
        }
    }

    /// No claim is under way any more.
    pub(crate) fn end_claim(&mut self) {
        self.is_claiming = false;
        for sequence in std::mem::take(&mut self.written) {
            self.retrying.remove(&sequence);
        }
    }

    /// How many first attempts wait in memory.
    pub(crate) fn waiting(&self) -> usize {
        self.owed.len()
    }

    /// Whether the retries that are due may be claimed now.
    pub(crate) fn may_claim(&self, now: Timestamp) -> bool {
        self.is_open(now) && !self.is_claiming && self.retries.is_empty()
    }

    /// Whether deliveries are made to it now at all.
    fn is_open(&self, now: Timestamp) -> bool {
        self.webhook().wish.is_active
            && self.health.state == State::Active
            && self.rests_until <= now
            && self.breaker.lets_through(now)
    }

    /// When it may be asked again, if it is left alone now for some time.
    pub(crate) fn rests_until(&self, now: Timestamp) -> Option<Timestamp> {
        let until = self.breaker.open_until().unwrap_or_default().max(self.rests_until);
        (until > now).then_some(until)
    }

    /// Whether a request could be made now.
    pub(crate) fn may_send(&self, now: Timestamp) -> bool {
        if !self.tests.is_empty() {
            return true;
        }
        let has_something = !self.promised.is_empty() || !self.retries.is_empty() || self.has_ready();
        has_something && (self.in_flight as f64) < self.window && self.is_open(now)
    }

    /// Whether its deliveries belong in the slow lane: it is slow, or it is failing.
    pub(crate) fn is_slow(&self) -> bool {
        self.latency > SLOW_AFTER || self.health.failing_since.is_some()
    }

    fn has_ready(&self) -> bool {
        self.ready.front().is_some_and(|event| self.cursor.reaches(event.sequence))
    }

    /// The next test.
    pub(crate) fn next_test(&mut self) -> Option<Errand> {
        let event = self.tests.pop_front()?;
        self.in_flight += 1;
        Some(self.errand(event, None, 1, None))
    }

    /// The next first attempt; none if nothing waits, or all that waits stands in a line behind something.
    pub(crate) fn next_first(&mut self) -> Option<Errand> {
        let (line, event) = self.promised.pop_front().or_else(|| self.next_free())?;
        self.in_flight += 1;
        let mut errand = self.errand(event, line, 1, None);
        errand.is_probe = self.breaker.sending();
        Some(errand)
    }

    fn next_free(&mut self) -> Option<(Option<crate::lines::Name>, Arc<Event>)> {
        while self.has_ready() {
            let event = self.ready.pop_front()?;
            let line = self.webhook().wish.policy.order.line(event.fact.subject.resource());
            let free = match line {
                Some(line) => self.lines.enter(line, event),
                None => Some(event),
            };
            if let Some(event) = free {
                return Some((line, event));
            }
        }
        None
    }

    /// The next claimed retry.
    pub(crate) fn next_retry(&mut self) -> Option<Errand> {
        let (retry, event) = self.retries.pop_front()?;
        self.in_flight += 1;
        let mut errand = self.errand(event, None, retry.attempts + 1, Some(retry));
        errand.is_probe = self.breaker.sending();
        Some(errand)
    }

    fn errand(&self, event: Arc<Event>, line: Option<crate::lines::Name>, number: i64, retry: Option<Retry>) -> Errand {
        let webhook = self.webhook();
        let previous = match &retry {
            Some(retry) => retry.previous_sequence,
            None => self.owed.get(&event.sequence).copied().unwrap_or_default(),
        };
        Errand {
            revision: Arc::clone(&self.revisions.holding(event.sequence).webhook),
            address: Arc::clone(&self.address),
            line,
            is_strict: webhook.wish.policy.order.is_strict(),
            is_test: event.fact.addressee.is_some(),
            is_probe: false,
            is_slow: self.is_slow(),
            previous,
            event,
            number,
            retry,
        }
    }

    /// An attempt has ended: its slot is free, and the window learns from it.
    pub(crate) fn landed(&mut self, outcome: Option<&Outcome>, took: Duration, settings: &Settings) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.latency = self.latency.mul_f64(1.0 - LATEST_SHARE) + took.mul_f64(LATEST_SHARE);
        match outcome {
            Some(outcome) if outcome.is_success() => {
                self.window = (self.window + 1.0 / self.window).min(settings.window_max);
            }
            Some(outcome) if outcome.is_overload() => self.window = (self.window / 2.0).max(1.0),
            _ => {}
        }
    }

    /// The receiver has asked to be left alone for a while.
    pub(crate) fn rest(&mut self, until: Timestamp) {
        self.rests_until = self.rests_until.max(until);
    }

    /// The breaker has closed after a stillness of this length: slowly does it, and nothing has spent its time.
    pub(crate) fn start_slowly(&mut self, stillness: Duration, settings: &Settings) {
        self.window = settings.window_start.min(1.0);
        for (retry, _) in &mut self.retries {
            retry.first_at = retry.first_at.plus(stillness);
        }
    }

    /// A delivery that nothing is decided of: it waits as if it had not been tried.
    pub(crate) fn put_back(&mut self, errand: Errand) {
        match errand.retry {
            Some(retry) => self.retries.push_front((retry, errand.event)),
            None => self.promised.push_front((errand.line, errand.event)),
        }
    }

    /// The delivery is delivered, dead or nothing to be told: whatever waited behind it may go.
    pub(crate) fn finish(&mut self, errand: &Errand) {
        let held = self.holding.remove(&errand.event.sequence);
        self.leave(if errand.retry.is_some() { held } else { errand.line });
        if let Some(is_over) = self.hurried.get_mut(&errand.event.sequence) {
            *is_over = true;
        }
        self.settle(errand.event.sequence);
    }

    /// The delivery will be tried again: it is accounted for by its retry. In a strict order it still holds its line.
    pub(crate) fn hand_over(&mut self, errand: &Errand) {
        if let (Some(line), None) = (errand.line, &errand.retry) {
            if errand.is_strict {
                self.holding.insert(errand.event.sequence, line);
            } else {
                self.leave(Some(line));
            }
        }
        self.settle(errand.event.sequence);
    }

    fn leave(&mut self, line: Option<crate::lines::Name>) {
        let next = line.and_then(|name| Some((line, self.lines.leave(name)?)));
        self.promised.extend(next);
    }

    fn settle(&mut self, sequence: i64) {
        if self.owed.remove(&sequence).is_some() {
            self.cursor.settle(sequence);
        }
    }

    /// Whether this sequence was left out while it was under way.
    pub(crate) fn was_skipped(&self, errand: &Errand) -> bool {
        errand.event.sequence <= self.cursor.low() && errand.retry.is_none()
    }

    /// Moves the cursor up to right below the first sequence still owed; answers it with whether it moved.
    pub(crate) fn moved_cursor(&mut self) -> (&Cursor, bool) {
        let before = self.cursor.low();
        let settled_to = self.owed.first_key_value().map_or(self.read, |(first, _)| first - 1);
        self.cursor.pass(settled_to.min(self.read));
        while let Some(owed) = self.stream.pop_front_if(|owed| *owed <= self.cursor.low()) {
            self.cursor.set_previous(owed);
        }
        let has_moved = self.cursor.low() != before;
        (&self.cursor, has_moved)
    }
}
