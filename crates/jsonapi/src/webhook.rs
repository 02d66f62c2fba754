//! impl `delivery::Dialect`: this wire's words for events, its `webhook_events` documents, its signature header.
//!
//! Ten thousand bodies a second are written here: borrowing structs go straight into one buffer. What the reference gets wrong about
//! deliveries (a body encoded twice, a signature over other bytes) is put right as section 15 of its fact sheet decides under C3.

use crate::Bases;
use crate::document::Link;
use crate::id::{self, Spelling};
use crate::resource::{file, webhook};
use delivery::Dialect;
use domain::delivery::DeliveryId;
use domain::event::{Event, EventKind, Subject};
use domain::project::Project;
use domain::secret::Secret;
use domain::webhook::Webhook;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::Sha256;

/// The name that webhook rows store.
pub const NAME: &str = "uc";

/// Every event that a webhook may ask for (section 10.2). Those of groups and actions are words of this wire already, though nothing
/// causes them yet: a client may ask for all it will ever want.
pub const EVENTS: [&str; 11] = [
    "file.created",
    "file.updated",
    "file.deleted",
    "group.created",
    "group.updated",
    "group.deleted",
    "action.created",
    "action.updated",
    "webhook.failing",
    "webhook.disabled",
    "webhook.recovered",
];

/// The header with this wire's own signature.
const SIGNATURE: HeaderName = HeaderName::from_static("x-uc-signature");

/// About how long a body is, so that its buffer seldom grows.
const BODY_BYTES_TYPICAL: usize = 2048;

/// This wire as the delivery engine sees it.
#[derive(Clone, Debug)]
pub struct Uc {
    /// Where the addresses in bodies lead.
    pub bases: Bases,
    /// What an operator may change about deliveries.
    pub settings: Settings,
}

/// What an operator may change about deliveries on this wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Sign with bare hex digits, as the reference does, rather than with `v1=` before them, as its upstream's verifiers expect (C3).
    pub is_signature_bare: bool,
    /// Write null for the signing secret and the file's token inside bodies, for receivers that should not have them (C27).
    pub hides_secrets: bool,
}

impl Dialect for Uc {
    fn name(&self) -> &'static str {
        NAME
    }

    fn word(&self, kind: EventKind) -> Option<&'static str> {
        Some(word(kind))
    }

    fn render(&self, event: &Event, webhook: &Webhook, project: &Project) -> Option<Vec<u8>> {
        let shows_secrets = !self.settings.hides_secrets;
        let project = project.public_key.as_str();
        let told = webhook::resource(webhook, project, shows_secrets);
        Some(match &event.fact.subject {
            Subject::File(subject) => written(&Told {
                data: Data::of(event, webhook, Link::to(file::KIND, id::file(subject.id))),
                included: (file::resource(subject, project, &self.bases, shows_secrets), told),
            }),
            Subject::Webhook(subject) => written(&Told {
                data: Data::of(event, webhook, Link::to(webhook::KIND, id::webhook(subject.webhook.id))),
                included: (webhook::with_health(subject, project), told),
            }),
        })
    }

    fn spell(&self, delivery: DeliveryId) -> String {
        id::delivery(delivery).to_string()
    }

    fn sign(&self, body: &[u8], secret: &Secret, headers: &mut HeaderMap) {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("keys of HMAC have any length");
        mac.update(body);
        let prefix = if self.settings.is_signature_bare { "" } else { "v1=" };
        let signature = format!("{prefix}{}", hex::encode(mac.finalize().into_bytes()));
        headers.insert(SIGNATURE, HeaderValue::try_from(signature).expect("hex digits are ASCII"));
    }
}

fn written(document: &impl Serialize) -> Vec<u8> {
    let mut body = Vec::with_capacity(BODY_BYTES_TYPICAL);
    serde_json::to_writer(&mut body, document).expect("texts and numbers are written into memory");
    body
}

pub(crate) const fn word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::FileUploaded => "file.created",
        EventKind::FileStored | EventKind::FileInfoUpdated | EventKind::FileAmended => "file.updated",
        EventKind::FileRemoved => "file.deleted",
        EventKind::WebhookFailing => "webhook.failing",
        EventKind::WebhookDisabled => "webhook.disabled",
        EventKind::WebhookRecovered => "webhook.recovered",
    }
}

/// An event as the log shows it: the same document, without a webhook, with its place in the log.
pub(crate) fn log_document(event: &Event, project: &str, bases: &Bases) -> Box<RawValue> {
    match &event.fact.subject {
        Subject::File(subject) => raw(&Told {
            data: LogData::of(event, Link::to(file::KIND, id::file(subject.id))),
            included: [file::resource(subject, project, bases, true)],
        }),
        Subject::Webhook(subject) => raw(&Told {
            data: LogData::of(event, Link::to(webhook::KIND, id::webhook(subject.webhook.id))),
            included: [webhook::with_health(subject, project)],
        }),
    }
}

fn raw(document: &impl Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(document).expect("wire types have text keys and do not fail")
}

#[derive(Serialize)]
struct LogData {
    #[serde(rename = "type")]
    kind: &'static str,
    id: Spelling,
    attributes: LogAttributes,
    relationships: LogRelationships,
}

#[derive(Serialize)]
struct LogAttributes {
    event: &'static str,
    sequence: i64,
    created_at: String,
}

#[derive(Serialize)]
struct LogRelationships {
    resource: Link<Spelling>,
}

impl LogData {
    fn of(event: &Event, resource: Link<Spelling>) -> Self {
        let created_at = crate::query::written(event.fact.at);
        Self {
            kind: "webhook_events",
            id: id::event(event.fact.id),
            attributes: LogAttributes { event: word(event.kind()), sequence: event.sequence, created_at },
            relationships: LogRelationships { resource },
        }
    }
}

/// The body: what happened, then the two it happened between, in this order.
#[derive(Serialize)]
struct Told<D, I> {
    data: D,
    included: I,
}

#[derive(Serialize)]
struct Data {
    #[serde(rename = "type")]
    kind: &'static str,
    id: Spelling,
    attributes: Attributes,
    relationships: Relationships,
}

#[derive(Serialize)]
struct Attributes {
    event: &'static str,
}

#[derive(Serialize)]
struct Relationships {
    webhook: Link<Spelling>,
    resource: Link<Spelling>,
}

impl Data {
    fn of(event: &Event, webhook: &Webhook, resource: Link<Spelling>) -> Self {
        Self {
            kind: "webhook_events",
            id: id::delivery(DeliveryId::of(event.fact.id, webhook.id)),
            attributes: Attributes { event: word(event.kind()) },
            relationships: Relationships { webhook: Link::to(webhook::KIND, id::webhook(webhook.id)), resource },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vector of section 10.3.
    const SECRET: &str = "whsec-zJr4i0B3JrTAwR4y9ojflj";
    const BODY: &[u8] = br#"{"data":{"type":"webhook_events","id":"we-oQoaF1LlqsajAIxNKu8iS2"}}"#;
    const HEX: &str = "c640648c82d6df96329f546772fb9a0ec8b044d87c54eed677e2bab2ad057205";

    fn signature(settings: Settings) -> String {
        let uc = Uc { bases: crate::tests::bases(), settings };
        let mut headers = HeaderMap::new();
        uc.sign(BODY, &Secret::new(SECRET), &mut headers);
        headers[SIGNATURE].to_str().unwrap().to_owned()
    }

    #[test]
    fn the_raw_body_is_signed_with_the_whole_secret() {
        assert_eq!(signature(Settings::default()), format!("v1={HEX}"));
        let bare = Settings { is_signature_bare: true, ..Settings::default() };
        assert_eq!(signature(bare), HEX);
    }

    #[test]
    fn every_kind_has_a_word_that_webhooks_may_ask_for() {
        for kind in EventKind::ALL {
            assert!(EVENTS.contains(&word(kind)), "{kind:?}");
        }
    }
}
