//! How long a delivery took: from the instant of its event, as the log holds it, to its arrival.

use delivery::Dialects;
use domain::Timestamp;
use domain::delivery::DeliveryId;
use domain::event::Event;
use domain::id::ProjectId;
use domain::webhook::Webhook;
use store::{Store, Tx, events, webhooks};

/// How many of the latest events are looked through.
const EVENTS_MAX: i64 = 200;
/// How many webhooks of each wire are looked through.
const WEBHOOKS_MAX: i64 = 200;

/// The project's log, asked about deliveries.
pub struct Log {
    /// The rows.
    pub store: Store,
    /// How wires spell the ids of deliveries.
    pub dialects: Dialects,
    /// Whose log.
    pub project: ProjectId,
}

impl Log {
    /// When the event of the delivery with this `webhook-id` happened; none if it is not among the latest.
    pub async fn happened_at(&self, id: &str) -> Option<Timestamp> {
        let project = self.project;
        let look = move |tx: &mut Tx<'_>| look(tx, project);
        let (events, webhooks) = self.store.read(look).await.ok()?;
        let is_it = |event: &Event, webhook: &Webhook| {
            let delivery = DeliveryId::of(event.fact.id, webhook.id);
            self.dialects.find(&webhook.dialect).is_some_and(|dialect| dialect.spell(delivery) == id)
        };
        let found = events.iter().rev().find(|event| webhooks.iter().any(|webhook| is_it(event, webhook)));
        found.map(|event| event.fact.at)
    }
}

fn look(tx: &mut Tx<'_>, project: ProjectId) -> Result<(Vec<Event>, Vec<Webhook>), store::Error> {
    let last = events::last_sequence(tx, project)?;
    let events = events::after(tx, project, last - EVENTS_MAX, EVENTS_MAX)?;
    let mut all = webhooks::list(tx, project, uploadcare::webhook::NAME, 0, WEBHOOKS_MAX)?;
    all.extend(webhooks::list(tx, project, jsonapi::webhook::NAME, 0, WEBHOOKS_MAX)?);
    Ok((events, all))
}
