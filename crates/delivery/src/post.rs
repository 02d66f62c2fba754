//! Post: one webhook's place in the engine: what it is owed, what is under way, and how much it can take.
//!
//! Order per resource: at most one first attempt per resource is under way; what happens to the same resource meanwhile waits behind it.
//! A first attempt that fails becomes a retry and no longer blocks what waits. How many requests are under way adapts to the receiver: one
//! more after each window of successes, half after an overload (429, 503, timeout).

use crate::attempt::{Address, Errand};
use crate::dialect::Dialects;
use crate::settings::Settings;
use domain::Timestamp;
use domain::attempt::Outcome;
use domain::cursor::Cursor;
use domain::delivery::Retry;
use domain::event::{Event, EventKind};
use domain::project::Project;
use domain::webhook::Webhook;
use egress::Target;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

/// The 128 bits of a resource's id.
type Resource = [u8; 16];

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
    /// Its current revision.
    pub(crate) webhook: Arc<Webhook>,
    /// All its revisions, oldest first: a retry may need any of them.
    revisions: Vec<Revision>,
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
    /// The webhook stands in its project's turns.
    pub(crate) is_queued: bool,
    /// Sequences judged as owed and not yet settled.
    owed: BTreeSet<i64>,
    ready: VecDeque<Arc<Event>>,
    /// Events whose resource has just become free for them.
    promised: VecDeque<Arc<Event>>,
    busy: HashMap<Resource, VecDeque<Arc<Event>>>,
    retries: VecDeque<(Retry, Arc<Event>)>,
    window: f64,
    in_flight: usize,
}

/// One revision of a webhook, with the kinds of events it asks for.
pub(crate) struct Revision {
    webhook: Arc<Webhook>,
    kinds: Vec<EventKind>,
}

impl Revision {
    /// Looks up, once, what the revision asks for; an inactive one asks for nothing.
    pub(crate) fn new(webhook: Webhook, dialects: &Dialects) -> Self {
        let asked =
            EventKind::ALL.into_iter().filter(|kind| webhook.wish.is_active && dialects.asks_for(&webhook, *kind));
        Self { kinds: asked.collect(), webhook: Arc::new(webhook) }
    }
}

impl Post {
    /// None if there is no revision at all.
    pub(crate) fn new(
        revisions: Vec<Revision>,
        project: Arc<Project>,
        cursor: Cursor,
        settings: &Settings,
    ) -> Option<Self> {
        let webhook = Arc::clone(&revisions.last()?.webhook);
        Some(Self {
            address: Arc::new(address_of(&webhook, project)),
            webhook,
            revisions,
            read: cursor.low(),
            cursor,
            standing: Standing::Behind,
            is_claiming: false,
            has_alarm_missed: false,
            is_queued: false,
            owed: BTreeSet::new(),
            ready: VecDeque::new(),
            promised: VecDeque::new(),
            busy: HashMap::new(),
            retries: VecDeque::new(),
            window: settings.window_start,
            in_flight: 0,
        })
    }

    /// Takes note of newer revisions; the older ones stay for the events they hold for.
    pub(crate) fn revise(&mut self, revisions: Vec<Revision>) {
        if let Some(current) = revisions.last() {
            self.webhook = Arc::clone(&current.webhook);
            self.address = Arc::new(address_of(&self.webhook, Arc::clone(&self.address.project)));
            self.revisions = revisions;
        }
    }

    /// Judges the next event of the log: owed, or not asked for.
    pub(crate) fn judge(&mut self, event: &Arc<Event>) {
        self.read = event.sequence;
        let is_owed = self.revision_for(event.sequence).kinds.contains(&event.kind());
        if is_owed && !self.cursor.is_settled(event.sequence) {
            self.owed.insert(event.sequence);
            self.ready.push_back(Arc::clone(event));
        }
    }

    /// There is more in the log than was judged; a look that is under way will see it.
    pub(crate) fn fall_behind(&mut self) {
        if self.standing == Standing::Live {
            self.standing = Standing::Behind;
        }
    }

    /// Adds due retries that were claimed for this webhook.
    pub(crate) fn add_retries(&mut self, claimed: impl IntoIterator<Item = (Retry, Arc<Event>)>) {
        self.retries.extend(claimed);
    }

    /// How many first attempts wait in memory.
    pub(crate) fn waiting(&self) -> usize {
        self.owed.len()
    }

    /// Whether the retries that are due may be claimed now.
    pub(crate) fn may_claim(&self) -> bool {
        self.webhook.wish.is_active && !self.is_claiming && self.retries.is_empty()
    }

    /// Whether a request could be made now.
    pub(crate) fn may_send(&self) -> bool {
        self.webhook.wish.is_active
            && (self.in_flight as f64) < self.window
            && (!self.promised.is_empty() || !self.retries.is_empty() || self.has_ready())
    }

    fn has_ready(&self) -> bool {
        self.ready.front().is_some_and(|event| self.cursor.reaches(event.sequence))
    }

    /// The next first attempt; none if nothing waits, or all that waits stands behind its resource.
    pub(crate) fn next_first(&mut self) -> Option<Errand> {
        let event = self.promised.pop_front().or_else(|| self.next_free())?;
        self.in_flight += 1;
        Some(self.errand(event, 1, None))
    }

    fn next_free(&mut self) -> Option<Arc<Event>> {
        while self.has_ready() {
            let event = self.ready.pop_front()?;
            let Some(behind) = self.busy.get_mut(&event.fact.subject.resource()) else {
                self.busy.insert(event.fact.subject.resource(), VecDeque::new());
                return Some(event);
            };
            behind.push_back(event);
        }
        None
    }

    /// The next claimed retry.
    pub(crate) fn next_retry(&mut self) -> Option<Errand> {
        let (retry, event) = self.retries.pop_front()?;
        self.in_flight += 1;
        Some(self.errand(event, retry.attempts + 1, Some(retry.first_at)))
    }

    fn errand(&self, event: Arc<Event>, number: i64, first_at: Option<Timestamp>) -> Errand {
        let revision = Arc::clone(&self.revision_for(event.sequence).webhook);
        Errand { event, revision, address: Arc::clone(&self.address), number, first_at }
    }

    fn revision_for(&self, sequence: i64) -> &Revision {
        let holding = self.revisions.iter().rev().find(|revision| revision.webhook.since_sequence < sequence);
        holding.unwrap_or(&self.revisions[0])
    }

    /// An attempt has ended: its slot is free, and if it was a first one so is its resource.
    pub(crate) fn landed(&mut self, errand: &Errand, settings: &Settings, outcome: Option<&Outcome>) {
        self.in_flight = self.in_flight.saturating_sub(1);
        match outcome {
            Some(outcome) if outcome.is_success() => {
                self.window = (self.window + 1.0 / self.window).min(settings.window_max);
            }
            Some(outcome) if outcome.is_overload() => self.window = (self.window / 2.0).max(1.0),
            _ => {}
        }
        if !errand.is_retry() {
            let resource = errand.event.fact.subject.resource();
            match self.busy.get_mut(&resource).and_then(VecDeque::pop_front) {
                Some(next) => self.promised.push_back(next),
                None => drop(self.busy.remove(&resource)),
            }
        }
    }

    /// The delivery of this sequence is delivered, or handed to a retry or a dead range.
    pub(crate) fn settle(&mut self, sequence: i64) {
        if self.owed.remove(&sequence) {
            self.cursor.settle(sequence);
        }
    }

    /// Moves the cursor up to right below the first sequence still owed; answers it with whether it moved.
    pub(crate) fn moved_cursor(&mut self) -> (&Cursor, bool) {
        let before = self.cursor.low();
        let settled_to = self.owed.first().map_or(self.read, |first| first - 1);
        self.cursor.pass(settled_to.min(self.read));
        let has_moved = self.cursor.low() != before;
        (&self.cursor, has_moved)
    }
}

fn address_of(webhook: &Webhook, project: Arc<Project>) -> Address {
    Address { project, target: Target::parse(&webhook.wish.target_url).ok(), secret: webhook.secret.clone() }
}
