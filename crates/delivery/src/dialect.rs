//! Dialect: what the engine asks of a wire about webhooks, and that it asks nothing else.

use domain::delivery::DeliveryId;
use domain::event::{Event, EventKind};
use domain::id::EventId;
use domain::project::Project;
use domain::secret::Secret;
use domain::webhook::Webhook;
use http::HeaderMap;
use std::sync::Arc;

/// A wire's own language: its words for events, its bodies, its signature header.
pub trait Dialect: Send + Sync + 'static {
    /// The name that webhook rows store: `uploadcare`, `uc`.
    fn name(&self) -> &'static str;

    /// This wire's name for a kind of event; none if it has no word for it. A webhook is owed an event if it asked for that word.
    fn word(&self, kind: EventKind) -> Option<&'static str>;

    /// The body that tells `webhook` of `event`, in the revision of the webhook that held for the event; none if this wire, or the
    /// webhook's version of it, has nothing to say. `project` is the one whose event it is, for its public key, which never changes.
    /// The same event and revision always give the same bytes.
    fn render(&self, event: &Event, webhook: &Webhook, project: &Project) -> Option<Vec<u8>>;

    /// Adds this wire's own signature over exactly these bytes.
    fn sign(&self, body: &[u8], secret: &Secret, headers: &mut HeaderMap);

    /// How this wire spells the id of a delivery, for the `webhook-id` header; a UUID unless it has its own way.
    fn spell(&self, delivery: DeliveryId) -> String {
        EventId::from_bytes(*delivery.as_bytes()).to_string()
    }
}

/// The wires there are.
#[derive(Clone)]
pub struct Dialects(Arc<[Box<dyn Dialect>]>);

impl Dialects {
    /// From the list that the assembly holds.
    pub fn new(dialects: Vec<Box<dyn Dialect>>) -> Self {
        Self(dialects.into())
    }

    /// The wire of that name.
    pub fn find(&self, name: &str) -> Option<&dyn Dialect> {
        self.0.iter().map(AsRef::as_ref).find(|dialect| dialect.name() == name)
    }

    /// What the wire of that webhook calls the kind of event, if it has a word for it.
    pub fn word(&self, webhook: &Webhook, kind: EventKind) -> Option<&'static str> {
        self.find(&webhook.dialect)?.word(kind)
    }

    /// Whether the wire of that webhook has a word for the kind of event, and the webhook asked for it.
    pub(crate) fn asks_for(&self, webhook: &Webhook, kind: EventKind) -> bool {
        self.word(webhook, kind).is_some_and(|word| domain::subscription::covers(&webhook.wish.events, word))
    }
}

impl std::fmt::Debug for Dialects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|dialect| dialect.name())).finish()
    }
}
