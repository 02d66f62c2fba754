//! The webhook resource (section 9.1): without dates, without `authentication`, always with its signing secret.

use crate::document::OfProject;
use crate::id::{self, Spelling};
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
        },
        relationships: OfProject::new(project),
    }
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
}
