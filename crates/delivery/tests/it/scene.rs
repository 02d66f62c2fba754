//! A scene: a store, a project, a receiver, a clock moved by hand, and an engine that starts and stops.

use crate::plain::Plain;
use crate::told::Told;
use delivery::{Dialects, Jitter, Settings, Setup};
use domain::content::Content;
use domain::cursor::Cursor;
use domain::delivery::{Dead, DeadReason};
use domain::event::{Change, EventKind, Fact, Initiator, Previous, Subject};
use domain::file::File;
use domain::health::Health;
use domain::id::{AccessToken, EventId, FileId, WebhookId};
use domain::metadata::Metadata;
use domain::policy::Policy;
use domain::project::Project;
use domain::retry::Schedule;
use domain::secret::Secret;
use domain::webhook::{Webhook, Wish};
use domain::{Clock, Timestamp};
use pulse::{Stop, Stopper};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::{Error, Store, Tx, cursors, dead, events, health, projects, webhooks};
use testkit::clock::ManualClock;
use testkit::receiver::Receiver;
use tokio::task::JoinHandle;

pub struct Scene {
    pub store: Store,
    pub project: Project,
    pub receiver: Receiver,
    pub clock: Arc<ManualClock>,
    pub settings: Settings,
    plain: Plain,
    ids: AtomicU64,
}

pub struct Running {
    stopper: Stopper,
    engine: JoinHandle<()>,
}

impl Running {
    /// Stops in good order.
    pub async fn stop(self) {
        self.stopper.stop();
        self.engine.await.unwrap();
    }

    /// Stops as a kill would: nothing more is done.
    pub async fn kill(self) {
        self.engine.abort();
        let _ = self.engine.await;
    }
}

impl Scene {
    pub async fn new(store: Store) -> Self {
        let project = store.write(|tx| {
            let settings = domain::project::Settings::default();
            let (public_key, name) = ("5f9b1c0d7e2a4b368c4d".into(), "scene".into());
            projects::insert(
                tx,
                &projects::NewProject { public_key, name, settings, created_at: testkit::clock::BEGINNING },
            )
        });
        let project: Result<Project, Error> = project.await;
        let settings = Settings {
            schedule: Schedule::new(vec![Duration::from_secs(5), Duration::from_secs(30)], Duration::from_hours(1)),
            // The clock is moved by hand; the engine must look at it again soon.
            look_every: Duration::from_millis(5),
            idle_cursors_every: Duration::from_millis(20),
            attempt_timeout: Duration::from_secs(10),
            drain: Duration::from_secs(5),
            ..Settings::default()
        };
        let (receiver, clock) = (Receiver::start().await, Arc::new(ManualClock::default()));
        Self {
            store,
            project: project.unwrap(),
            receiver,
            clock,
            settings,
            plain: Plain::default(),
            ids: AtomicU64::new(1),
        }
    }

    /// Starts the engine.
    pub fn start(&self) -> Running {
        let egress = egress::Settings { allow: vec!["127.0.0.1".parse().unwrap()], ..egress::Settings::default() };
        let setup = Setup {
            store: self.store.clone(),
            egress: egress::Client::new(egress).unwrap(),
            dialects: Dialects::new(vec![Box::new(self.plain.clone())]),
            clock: self.clock.clone(),
            jitter: Jitter::seeded(1),
            settings: self.settings.clone(),
        };
        let (stopper, stop) = Stop::new();
        Running { stopper, engine: tokio::spawn(delivery::run(setup, stop)) }
    }

    /// Waits until nothing is left of engines that were killed: a process takes its tasks and half-made commits with it, a task does not.
    pub async fn until_gone(&self) {
        let mut ticks = tokio::time::interval(Duration::from_millis(1));
        while Arc::strong_count(&self.plain.on_sending) > 1 {
            ticks.tick().await;
        }
    }

    pub fn id(&self) -> [u8; 16] {
        let next = self.ids.fetch_add(1, Ordering::Relaxed);
        u128::from(next).to_be_bytes()
    }

    /// Calls this whenever a request is about to be sent.
    pub fn on_sending(&self, call: impl FnMut() + Send + 'static) {
        *self.plain.on_sending.lock().unwrap() = Some(Box::new(call));
    }

    /// A webhook that asks for every kind, at this path of the receiver.
    pub async fn webhook(&self, path: &str) -> Webhook {
        self.webhook_with(path, |_| ()).await
    }

    /// A webhook that asks for stored files alone, with this policy.
    pub async fn webhook_of(&self, path: &str, policy: Policy) -> Webhook {
        self.webhook_with(path, |wish| {
            wish.events = vec!["file.stored".into()];
            wish.policy = policy;
        })
        .await
    }

    /// The same with a wish that was changed.
    pub async fn webhook_with(&self, path: &str, change: impl FnOnce(&mut Wish)) -> Webhook {
        let mut new = webhooks::NewWebhook {
            id: WebhookId::from_bytes(self.id()),
            project: self.project.id,
            dialect: "plain".into(),
            wish: Wish {
                target_url: self.receiver.url(path),
                events: EventKind::ALL.into_iter().filter_map(crate::plain::word).map(str::to_owned).collect(),
                is_active: true,
                version: "1".into(),
                policy: Policy::default(),
                is_exclusive: false,
            },
            secret: Some(Secret::new("made-up-secret-key")),
            created_at: self.clock.now(),
        };
        change(&mut new.wish);
        let made: Result<Webhook, Error> = self.store.write(move |tx| webhooks::insert(tx, &new)).await;
        made.unwrap()
    }

    /// Changes what a webhook asks for.
    pub async fn amend(&self, webhook: &Webhook, amend: impl Fn(&mut Wish) + Send + Sync + 'static) -> Webhook {
        let (mut webhook, now) = (webhook.clone(), self.clock.now());
        let amended = self.store.write(move |tx| {
            let since = events::hold_sequence(tx, webhook.project)?;
            let (mut changed, mut wish) = (webhook.clone(), webhook.wish.clone());
            amend(&mut wish);
            if changed.amend(wish, changed.secret.clone(), since, now) {
                webhooks::save(tx, &changed)?;
            }
            Ok::<_, Error>(changed)
        });
        webhook = amended.await.unwrap();
        webhook
    }

    /// A webhook beside the others, whose deliveries show that the engine has gone round: see [`Scene::beat`].
    pub async fn pulse(&self) {
        self.webhook_with("/pulse", |wish| wish.events = vec!["file.removed".into()]).await;
    }

    /// Waits until the engine has taken a further turn: whatever it was going to send before, it has sent.
    pub async fn beat(&self) {
        let sequence = self.append(self.fact(0, EventKind::FileRemoved)).await;
        self.receiver.wait_for(1, |one| one.path == "/pulse" && one.sequence() == sequence).await;
    }

    /// Decides of a webhook's health as a person would.
    pub async fn decide(&self, webhook: &Webhook, decide: impl Fn(&mut Health, Timestamp) + Send + Sync + 'static) {
        let (number, now) = (webhook.number, self.clock.now());
        let decided = self.store.write(move |tx: &mut Tx<'_>| {
            let mut health = health::find(tx, number)?.1;
            decide(&mut health, now);
            health::decide(tx, number, &health)
        });
        decided.await.unwrap();
    }

    /// Moves a webhook past a sequence, noting what is left out, and resumes it.
    pub async fn skip_to(&self, webhook: &Webhook, low: i64) {
        let (number, now) = (webhook.number, self.clock.now());
        let skipped = self.store.write(move |tx: &mut Tx<'_>| {
            let mut cursor = cursors::find(tx, number)?.unwrap_or_else(|| Cursor::at(0));
            let (from_sequence, reason) = (cursor.low() + 1, DeadReason::Skipped);
            dead::append_many(tx, &[Dead { webhook: number, from_sequence, to_sequence: low, reason, at: now }])?;
            cursor.pass(low);
            cursors::save_many(tx, &[(number, cursor)])?;
            let mut health = health::find(tx, number)?.1;
            health.resume(now);
            health::decide(tx, number, &health)
        });
        skipped.await.unwrap();
    }

    /// Records one event about each of these resources, in one transaction each.
    pub async fn happen(&self, resources: impl IntoIterator<Item = u8>) {
        for resource in resources {
            self.append(self.fact(resource, EventKind::FileStored)).await;
        }
    }

    /// Records an event; answers its sequence.
    pub async fn append(&self, fact: Fact) -> i64 {
        let appended = self.store.write(move |tx: &mut Tx<'_>| events::append(tx, fact.clone()));
        appended.await.unwrap().sequence
    }

    pub fn fact(&self, resource: u8, kind: EventKind) -> Fact {
        Fact {
            id: EventId::from_bytes(self.id()),
            change: Change { kind, previous: Previous::default() },
            at: self.clock.now(),
            initiator: Initiator::System,
            subject: Subject::File(self.file(resource)),
            addressee: None,
        }
    }

    pub fn file(&self, resource: u8) -> File {
        File {
            id: FileId::from_bytes([resource; 16]),
            project: self.project.id,
            revision: 1,
            name: "pier.png".into(),
            declared_mime: "image/png".into(),
            size_bytes: 3,
            sha256: [0; 32],
            content: Content::default(),
            metadata: Metadata::default(),
            access_token: AccessToken::from_bytes([2; 16]),
            is_original_protected: false,
            uploaded_at: self.clock.now(),
            stored_at: None,
            removed_at: None,
            expires_at: None,
        }
    }
}
