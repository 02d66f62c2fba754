//! The webhook resource (section 9.1): without dates, without `authentication`, always with its signing secret.

use crate::document::OfProject;
use crate::id::{self, Spelling};
use crate::policy::DeliveryShown;
use domain::Timestamp;
use domain::event::WebhookTold;
use domain::health::Health;
use domain::webhook::Webhook;
use serde::Serialize;

/// The `type` of this resource.
pub(crate) const KIND: &str = "webhooks";

/// A webhook of the project with this public key. Only a webhook's own payloads may leave its secret out.
pub(crate) fn resource<'a>(webhook: &'a Webhook, project: &'a str, shows_secret: bool) -> Resource<'a> {
    let secret = webhook.secret.as_ref().filter(|_| shows_secret);
    Resource {
        kind: KIND,
        id: id::webhook(webhook.id),
        attributes: Attributes {
            events: &webhook.wish.events,
            target_url: &webhook.wish.target_url,
            is_active: webhook.wish.is_active,
            version: &webhook.wish.version,
            signing_secret: secret.map(domain::secret::Secret::expose),
            health: None,
            delivery: None,
        },
        relationships: OfProject::new(project),
    }
}

/// A webhook as an operator's event tells of it: with its health, never with its secret.
pub(crate) fn with_health<'a>(told: &'a WebhookTold, project: &'a str) -> Resource<'a> {
    let mut resource = resource(&told.webhook, project, false);
    resource.attributes.health = Some(HealthShown::of(&told.health));
    resource
}

/// The same with how it wants to be served: an addition of ours.
pub(crate) fn with_delivery<'a>(webhook: &'a Webhook, project: &'a str) -> Resource<'a> {
    let mut resource = resource(webhook, project, true);
    resource.attributes.delivery = Some(DeliveryShown::of(&webhook.wish.policy));
    resource
}

/// See [`resource`].
#[derive(Serialize)]
pub(crate) struct Resource<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: Spelling,
    attributes: Attributes<'a>,
    relationships: OfProject<'a>,
}

#[derive(Serialize)]
struct Attributes<'a> {
    events: &'a [String],
    target_url: &'a str,
    is_active: bool,
    version: &'a str,
    signing_secret: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    health: Option<HealthShown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<DeliveryShown<'a>>,
}

/// How a webhook has been doing; an addition of ours, absent where the reference's shape is answered.
#[derive(Serialize)]
pub(crate) struct HealthShown {
    state: &'static str,
    reason: Option<&'static str>,
    state_since: Option<String>,
    last_success_at: Option<String>,
    failing_since: Option<String>,
    failures: i64,
}

impl HealthShown {
    pub(crate) fn of(health: &Health) -> Self {
        let instant = |at: Timestamp| web::instant::rfc3339_micros(at.as_micros());
        Self {
            state: health.state.name(),
            reason: health.state.reason(),
            state_since: (health.state_since > Timestamp::default()).then(|| instant(health.state_since)),
            last_success_at: health.last_success_at.map(instant),
            failing_since: health.failing_since.map(instant),
            failures: health.failures,
        }
    }
}
