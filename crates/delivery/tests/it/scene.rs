//! A scene: a store, a project, a receiver, a clock moved by hand, and an engine that starts and stops.

use delivery::{Dialect, Dialects, Jitter, Settings, Setup};
use domain::Clock;
use domain::content::Content;
use domain::event::{Change, Event, EventKind, Fact, Initiator, Previous, Subject};
use domain::file::File;
use domain::id::{AccessToken, EventId, FileId, WebhookId};
use domain::metadata::Metadata;
use domain::project::Project;
use domain::retry::Schedule;
use domain::secret::Secret;
use domain::webhook::{Webhook, Wish};
use http::{HeaderMap, HeaderValue};
use pulse::{Stop, Stopper};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::{Error, Store, Tx, events, projects, webhooks};
use testkit::clock::ManualClock;
use testkit::receiver::{Received, Receiver};
use tokio::task::JoinHandle;

/// A wire as plain as can be: its body names the event and the webhook's revision.
pub struct Plain;

impl Dialect for Plain {
    fn name(&self) -> &'static str {
        "plain"
    }

    fn word(&self, kind: EventKind) -> Option<&'static str> {
        (kind != EventKind::FileAmended).then(|| kind.name())
    }

    fn render(&self, event: &Event, webhook: &Webhook, project: &Project) -> Option<Vec<u8>> {
        let resource = FileId::from_bytes(event.fact.subject.resource());
        let body = serde_json::json!({
            "sequence": event.sequence, "kind": event.kind().name(), "resource": resource.to_string(),
            "webhook": webhook.number.get(), "revision": webhook.revision,
            "project": project.public_key,
        });
        Some(body.to_string().into_bytes())
    }

    fn sign(&self, body: &[u8], secret: &Secret, headers: &mut HeaderMap) {
        let text = format!("{}:{}", secret.expose(), body.len());
        headers.insert("x-plain", HeaderValue::try_from(text).unwrap());
    }
}

pub struct Scene {
    pub store: Store,
    pub project: Project,
    pub receiver: Receiver,
    pub clock: Arc<ManualClock>,
    pub settings: Settings,
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
        Self { store, project: project.unwrap(), receiver, clock, settings, ids: AtomicU64::new(1) }
    }

    /// Starts the engine.
    pub fn start(&self) -> Running {
        let egress = egress::Settings { allow: vec!["127.0.0.1".parse().unwrap()], ..egress::Settings::default() };
        let setup = Setup {
            store: self.store.clone(),
            egress: egress::Client::new(egress).unwrap(),
            dialects: Dialects::new(vec![Box::new(Plain)]),
            clock: self.clock.clone(),
            jitter: Jitter::seeded(1),
            settings: self.settings.clone(),
        };
        let (stopper, stop) = Stop::new();
        Running { stopper, engine: tokio::spawn(delivery::run(setup, stop)) }
    }

    pub fn id(&self) -> [u8; 16] {
        let next = self.ids.fetch_add(1, Ordering::Relaxed);
        u128::from(next).to_be_bytes()
    }

    /// A webhook that asks for every kind, at this path of the receiver.
    pub async fn webhook(&self, path: &str) -> Webhook {
        let new = webhooks::NewWebhook {
            id: WebhookId::from_bytes(self.id()),
            project: self.project.id,
            dialect: "plain".into(),
            wish: Wish {
                target_url: self.receiver.url(path),
                events: EventKind::ALL.iter().map(|kind| kind.name().to_owned()).collect(),
                is_active: true,
                version: "1".into(),
                policy: domain::policy::Policy::default(),
                is_exclusive: false,
            },
            secret: Some(Secret::new("made-up-secret-key")),
            created_at: self.clock.now(),
        };
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
            changed.amend(wish, changed.secret.clone(), since, now);
            webhooks::save(tx, &changed)?;
            Ok::<_, Error>(changed)
        });
        webhook = amended.await.unwrap();
        webhook
    }

    /// Records one event about each of these resources, in one transaction each.
    pub async fn happen(&self, resources: impl IntoIterator<Item = u8>) {
        let verbs = resources.into_iter().map(|resource| {
            let fact = self.fact(resource);
            self.store.write(move |tx: &mut Tx<'_>| events::append(tx, fact.clone()))
        });
        for appended in futures(verbs).await {
            appended.unwrap();
        }
    }

    fn fact(&self, resource: u8) -> Fact {
        Fact {
            id: EventId::from_bytes(self.id()),
            change: Change { kind: EventKind::FileStored, previous: Previous::default() },
            at: self.clock.now(),
            initiator: Initiator::System,
            subject: Subject::File(self.file(resource)),
            addressee: None,
        }
    }

    fn file(&self, resource: u8) -> File {
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

    /// Looks at rows until they are as wanted.
    pub async fn until<T: Send + 'static>(
        &self,
        look: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + Sync + Copy + 'static,
        wanted: impl Fn(&T) -> bool,
    ) -> T {
        let mut ticks = tokio::time::interval(Duration::from_millis(5));
        for _ in 0..4000 {
            ticks.tick().await;
            let found = self.store.read(look).await.unwrap();
            if wanted(&found) {
                return found;
            }
        }
        panic!("the rows never became as wanted");
    }
}

/// Runs writes at once but queued in order, so that their sequences are in order too.
async fn futures<T>(verbs: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut done = Vec::new();
    for verb in verbs {
        done.push(verb.await);
    }
    done
}

/// The sequences told at a path, in order of arrival.
pub fn sequences(received: &[Received]) -> Vec<i64> {
    received.iter().map(|one| one.json()["sequence"].as_i64().unwrap()).collect()
}
