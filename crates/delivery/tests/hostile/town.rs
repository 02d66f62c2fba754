//! The town: one healthy webhook, and hostile ones of every kind around it.

use crate::MISDEEDS;
use crate::misdeeds::{Misdeed, gzip_bomb};
use crate::plain::{Plain, word};
use crate::receivers::{DOMAIN, PATIENCE, Receivers};
use crate::scene::Scene;
use delivery::{Dialects, Jitter, Settings, Setup};
use domain::attempt::RESPONSE_BYTES_KEPT_MAX;
use domain::event::{EventKind, Fact};
use domain::id::WebhookNumber;
use egress::{Client, Resolver, Table};
use pulse::{Stop, Stopper};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use store::{Error, Store, attempts, events};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// A few receivers are given up sooner than in the product, so that the test is short: an attempt after this, a connection after that.
const ATTEMPT: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(3);
/// More receivers than this are given the product's own deadlines, as their misdeeds alone take a small machine some seconds.
const FEW: usize = 100;
/// The first deliveries, before memory is counted.
const WARM_UP_EVENTS: usize = 64;
/// What only the healthy webhook asks for.
const QUIET: EventKind = EventKind::FileInfoUpdated;
/// What everyone asks for.
const LOUD: EventKind = EventKind::FileStored;

pub struct Town {
    scene: Scene,
    hostile: Vec<(WebhookNumber, Misdeed)>,
    /// How many events there are.
    sequence: AtomicI64,
}

/// The engine at work.
pub struct Running {
    stopper: Stopper,
    engine: JoinHandle<()>,
}

impl Town {
    /// Makes the healthy webhook and so many hostile ones, of all kinds in turn.
    pub async fn found(store: Store, receivers: &Receivers, webhooks: usize) -> Self {
        let mut scene = Scene::new(store).await;
        scene.settings.attempt_timeout = if webhooks > FEW { Settings::default().attempt_timeout } else { ATTEMPT };
        // Longer than the test: a stop then ends only when every slot is free.
        scene.settings.drain = Duration::from_hours(1);
        scene.webhook_with("/healthy", |wish| wish.events = [QUIET, LOUD].map(wanted).to_vec()).await;
        let mut hostile = Vec::new();
        for (number, misdeed) in MISDEEDS.into_iter().cycle().take(webhooks).enumerate() {
            let target_url = match misdeed {
                Misdeed::StallsHandshake => format!("https://{number}.{DOMAIN}:{}/", receivers.port("stalling")),
                Misdeed::FloodsResets => format!("https://{number}.{DOMAIN}:{}/", receivers.port("flooding")),
                plain => format!("http://{number}.{DOMAIN}:{}{}", receivers.port("plain"), plain.path()),
            };
            let made = scene.webhook_with("/", |wish| {
                wish.target_url = target_url;
                wish.events = vec![wanted(LOUD)];
            });
            hostile.push((made.await.number, misdeed));
        }
        Self { scene, hostile, sequence: AtomicI64::new(0) }
    }

    /// Starts the engine, with a way out that knows every receiver's name and trusts their authority.
    pub fn open(&self, receivers: &Receivers) -> Running {
        let loopback = || vec![[127, 0, 0, 1].into()];
        let table = (0..self.hostile.len())
            .fold(Table::default(), |table, number| table.with(&format!("{number}.{DOMAIN}"), [loopback()]));
        let mut settings = egress::Settings {
            allow: vec!["127.0.0.1".parse().unwrap()],
            extra_roots_pem: Some(receivers.roots_pem().into()),
            ..egress::Settings::default()
        };
        if self.hostile.len() <= FEW {
            settings.connect_timeout = CONNECT;
        }
        let setup = Setup {
            store: self.scene.store.clone(),
            egress: Client::with_resolver(settings, Resolver::Table(table)).unwrap(),
            dialects: Dialects::new(vec![Box::new(Plain::default())]),
            clock: self.scene.clock.clone(),
            jitter: Jitter::seeded(1),
            settings: self.scene.settings.clone(),
        };
        let (stopper, stop) = Stop::new();
        Running { stopper, engine: tokio::spawn(delivery::run(setup, stop)) }
    }

    /// The healthy webhook's first deliveries.
    pub async fn warm_up(&self) {
        self.happen(QUIET, WARM_UP_EVENTS).await;
        self.scene.receiver.wait_for(WARM_UP_EVENTS, |_| true).await;
    }

    /// One event that every webhook is owed.
    pub async fn happen_to_everyone(&self) -> i64 {
        self.happen(LOUD, 1).await
    }

    /// Events that only the healthy webhook is owed.
    pub async fn happen_to_the_healthy(&self, count: usize) {
        self.happen(QUIET, count).await;
    }

    /// Records so many events, about different resources; answers the last one's sequence.
    async fn happen(&self, kind: EventKind, count: usize) -> i64 {
        let facts: Vec<Fact> = (0..=u8::MAX).cycle().take(count).map(|n| self.scene.fact(n, kind)).collect();
        let append = self
            .scene
            .store
            .write(move |tx| facts.iter().try_for_each(|fact| events::append(tx, fact.clone()).map(drop)));
        let appended: Result<(), Error> = append.await;
        appended.unwrap();
        let count = i64::try_from(count).unwrap();
        self.sequence.fetch_add(count, Ordering::Relaxed) + count
    }

    /// Everything that has happened since the engine was started.
    pub async fn healthy_has_everything(&self) {
        let owed = usize::try_from(self.sequence.load(Ordering::Relaxed)).unwrap();
        self.scene.receiver.wait_for(owed, |_| true).await;
    }

    /// One attempt for each hostile webhook, with status and class as expected, and no more of its answer than is kept.
    pub async fn every_attempt_is_as_expected(&self, sequence: i64) {
        let numbers: Vec<WebhookNumber> = self.hostile.iter().map(|(number, _)| *number).collect();
        let look = self.scene.store.read(move |tx| {
            let of = |number: &WebhookNumber| attempts::of_delivery(tx, *number, sequence);
            numbers.iter().map(of).collect::<Result<Vec<_>, Error>>()
        });
        for ((_, misdeed), made) in self.hostile.iter().zip(look.await.unwrap()) {
            let [attempt] = made.as_slice() else { panic!("{misdeed:?}: one attempt was due, not {made:?}") };
            let said = (attempt.status, attempt.class.as_deref());
            assert_eq!(said, misdeed.expected(), "{misdeed:?}: {attempt:?}");
            assert!(attempt.response.len() <= RESPONSE_BYTES_KEPT_MAX, "{misdeed:?}");
            if *misdeed == Misdeed::GzipBomb {
                assert_eq!(attempt.response, gzip_bomb()[..RESPONSE_BYTES_KEPT_MAX], "kept as it came");
            }
        }
    }
}

/// How a webhook asks for this kind.
fn wanted(kind: EventKind) -> String {
    word(kind).expect("the plain wire has a word for it").to_owned()
}

impl Running {
    /// Stops the engine, which waits for every slot.
    pub async fn every_slot_is_free(self) {
        self.stopper.stop();
        timeout(PATIENCE, self.engine).await.expect("every slot is freed").unwrap();
    }
}
