//! Engine: one loop that owns the state of every webhook; all waiting is done by tasks that tell it what came of their work.
//!
//! Woken by the bell of the store's tail, by what its tasks tell, and by its own alarms. Nothing in the state is needed after a crash: the
//! log, the cursors and the retries say it all.

use crate::Parts;
use crate::attempt::{self, Told};
use crate::ledger::{Batch, Ledger};
use crate::post::Post;
use crate::reader::{Log, Stretch};
use crate::turns::Turns;
use domain::id::{ProjectId, WebhookNumber};
use pulse::Stop;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

/// What a task tells the loop. Bounded by what the loop has started.
pub(crate) enum Heard {
    /// An attempt has ended.
    Told(Box<Told>),
    /// A stretch of the log was read for a webhook.
    Read { webhook: WebhookNumber, found: Result<Stretch, store::Error> },
    /// Due retries of a webhook were claimed.
    Claimed { webhook: WebhookNumber, found: Result<crate::claims::Claimed, store::Error> },
    /// A batch was committed, or not.
    Committed(Arc<Batch>, Result<(), store::Error>),
}

/// What becomes of the outcomes that have gathered.
pub(crate) enum Commit {
    /// They gather.
    Idle,
    /// A batch is being committed.
    Running,
    /// A batch could not be committed, and waits.
    Failed { batch: Arc<Batch>, again_at: Instant },
}

/// How many things told are taken in one go before the turns go on.
const HEARD_AT_ONCE: usize = 256;

/// The state of all webhooks.
pub(crate) struct Engine {
    pub(crate) parts: Arc<Parts>,
    heard: UnboundedReceiver<Heard>,
    pub(crate) logs: HashMap<ProjectId, Log>,
    pub(crate) posts: HashMap<WebhookNumber, Post>,
    pub(crate) turns: Turns,
    pub(crate) slow_turns: Turns,
    pub(crate) ledger: Ledger,
    pub(crate) alarms: crate::alarms::Alarms,
    /// When receivers that are left alone are asked again.
    pub(crate) rests: crate::alarms::Alarms,
    /// Webhooks that may have become able to send.
    pub(crate) turned: Vec<WebhookNumber>,
    /// Webhooks whose log must be read on.
    pub(crate) behind: Vec<WebhookNumber>,
    pub(crate) in_flight: usize,
    /// How many of those are in the slow lane.
    pub(crate) slow_in_flight: usize,
    pub(crate) commit: Commit,
    /// When the oldest outcome that waits began to wait.
    pub(crate) lingering: Option<Instant>,
    pub(crate) is_stopping: bool,
    /// A webhook has a revision that is not known here yet.
    pub(crate) has_stale_roster: bool,
}

impl Engine {
    pub(crate) fn new(parts: Arc<Parts>, heard: UnboundedReceiver<Heard>) -> Self {
        Self {
            parts,
            heard,
            logs: HashMap::new(),
            posts: HashMap::new(),
            turns: Turns::default(),
            slow_turns: Turns::default(),
            ledger: Ledger::default(),
            alarms: crate::alarms::Alarms::default(),
            rests: crate::alarms::Alarms::default(),
            turned: Vec::new(),
            behind: Vec::new(),
            in_flight: 0,
            slow_in_flight: 0,
            commit: Commit::Idle,
            lingering: None,
            is_stopping: false,
            has_stale_roster: false,
        }
    }

    /// Runs until asked to stop; then finishes what is under way.
    pub(crate) async fn run(mut self, stop: Stop) {
        self.parts.store.tail().watch();
        self.reload_webhooks().await;
        self.look_at_heads().await;
        self.load_alarms().await;
        let (mut look, mut idle) =
            (ticker(self.parts.settings.look_every), ticker(self.parts.settings.idle_cursors_every));
        let bell = self.parts.store.tail().wake().clone();
        while !stop.requested() {
            self.work();
            if std::mem::take(&mut self.has_stale_roster) {
                self.reload_webhooks().await;
                continue;
            }
            let wait = self.next_moment();
            tokio::select! {
                () = stop.asked() => break,
                () = bell.heard() => self.take_news().await,
                Some(heard) = self.heard.recv() => self.hear(heard),
                () = tokio::time::sleep_until(wait) => {}
                _ = look.tick() => self.look_at_heads().await,
                _ = idle.tick() => self.note_idle(),
            }
        }
        self.drain().await;
    }

    /// Everything that can be done without waiting.
    fn work(&mut self) {
        for _ in 0..HEARD_AT_ONCE {
            let Ok(heard) = self.heard.try_recv() else { break };
            self.hear(heard);
        }
        self.wake_rested();
        self.claim_due();
        self.read_behind();
        self.send();
        self.commit();
    }

    fn hear(&mut self, heard: Heard) {
        match heard {
            Heard::Told(told) => self.take_told(*told),
            Heard::Read { webhook, found } => self.take_stretch(webhook, found),
            Heard::Claimed { webhook, found } => self.take_claimed(webhook, found),
            Heard::Committed(batch, result) => self.take_committed(batch, result),
        }
    }

    pub(crate) fn start(&mut self, errand: attempt::Errand) {
        self.in_flight += 1;
        self.slow_in_flight += usize::from(errand.is_slow);
        let parts = Arc::clone(&self.parts);
        tokio::spawn(async move {
            let told = attempt::make(&parts, errand).await;
            parts.tell(Heard::Told(Box::new(told)));
        });
    }

    fn next_moment(&self) -> Instant {
        let now = Instant::now();
        let commit = match &self.commit {
            Commit::Running => None,
            Commit::Failed { again_at, .. } => Some(*again_at),
            Commit::Idle => self.lingering.map(|since| since + self.parts.settings.ledger_linger),
        };
        let alarm = [self.alarms.next(), self.rests.next()].into_iter().flatten().min();
        let alarm = alarm.map(|due| now + due.since(self.parts.clock.now()));
        commit.into_iter().chain(alarm).min().unwrap_or(now + self.parts.settings.look_every)
    }

    /// Waits for what is under way, and commits what came of it.
    async fn drain(&mut self) {
        self.is_stopping = true;
        let end = Instant::now() + self.parts.settings.drain;
        while self.in_flight > 0 || !self.ledger.is_empty() || !matches!(self.commit, Commit::Idle) {
            self.commit();
            match tokio::time::timeout_at(end, self.heard.recv()).await {
                Ok(Some(heard)) => self.hear(heard),
                Ok(None) => return,
                Err(_) => {
                    tracing::warn!(
                        in_flight = self.in_flight,
                        "stopped before every request was answered; they will be sent again"
                    );
                    return;
                }
            }
        }
    }
}

fn ticker(every: std::time::Duration) -> Interval {
    let mut ticker = interval(every);
    ticker.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticker
}
