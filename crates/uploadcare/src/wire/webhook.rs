//! A webhook as the REST API shows it. Its payloads call some of these by other names.

use super::stamp::Stamp;
use serde::Serialize;

/// A webhook, its signing secret in clear.
#[derive(Serialize)]
pub(crate) struct Webhook<'a> {
    id: i64,
    created: Stamp,
    updated: Stamp,
    event: &'a str,
    target_url: &'a str,
    project: i64,
    is_active: bool,
    signing_secret: Option<&'a str>,
    version: &'a str,
}

impl<'a> From<&'a domain::webhook::Webhook> for Webhook<'a> {
    fn from(webhook: &'a domain::webhook::Webhook) -> Self {
        Self {
            id: webhook.number.get(),
            created: Stamp(webhook.created_at),
            updated: Stamp(webhook.updated_at),
            event: event(webhook),
            target_url: &webhook.wish.target_url,
            project: webhook.project.get(),
            is_active: webhook.wish.is_active,
            signing_secret: webhook.secret.as_ref().map(domain::secret::Secret::expose),
            version: &webhook.wish.version,
        }
    }
}

/// The one event of a webhook: on this wire each has exactly one.
pub(crate) fn event(webhook: &domain::webhook::Webhook) -> &str {
    webhook.wish.events.first().map_or("", String::as_str)
}
