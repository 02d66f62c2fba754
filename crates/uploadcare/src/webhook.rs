//! impl `delivery::Dialect`: this wire's words for events, its payloads, its signature.
//!
//! A body is a function of the event, the webhook's revision and the project's public key, none of which change: so every attempt sends
//! the same bytes. Compact, in a fixed order, raw UTF-8: receivers verify by writing again what they parsed.

mod old_payload;
mod payload;

use crate::Bases;
use crate::version::Version;
use delivery::Dialect;
use domain::event::{Event, EventKind, Subject};
use domain::project::Project;
use domain::secret::Secret;
use domain::webhook::{Limits, Webhook};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName, HeaderValue};
use old_payload::OldPayload;
use payload::Payload;
use serde::Serialize;
use sha2::Sha256;

/// The name that webhook rows store.
pub const NAME: &str = "uploadcare";

/// The only event that payloads before 0.7 know.
pub(crate) const FILE_UPLOADED: &str = "file.uploaded";

/// Every event that a webhook may ask for. The second and the last have no cause here yet, but clients may ask for them.
pub(crate) const EVENTS: [&str; 6] =
    [FILE_UPLOADED, "file.infected", "file.stored", "file.deleted", "file.info_updated", "moderation.state_changed"];

/// What this wire's webhooks must keep within (REST API 0.7, `POST /webhooks/`).
pub(crate) const LIMITS: Limits = Limits { target_chars_max: 255, secret_chars_max: 32 };

/// The header with the signature: `v1=` and 64 lower-case hex digits, and nothing else, since verifiers compare it whole.
const SIGNATURE: HeaderName = HeaderName::from_static("x-uc-signature");

/// About how long a body is, so that its buffer seldom grows.
const BODY_BYTES_TYPICAL: usize = 2048;

/// This wire as the delivery engine sees it.
#[derive(Clone, Debug)]
pub struct Uploadcare {
    /// Where the addresses in bodies lead.
    pub bases: Bases,
}

impl Dialect for Uploadcare {
    fn name(&self) -> &'static str {
        NAME
    }

    fn word(&self, kind: EventKind) -> Option<&'static str> {
        match kind {
            EventKind::FileUploaded => Some(FILE_UPLOADED),
            EventKind::FileStored => Some("file.stored"),
            EventKind::FileInfoUpdated => Some("file.info_updated"),
            EventKind::FileRemoved => Some("file.deleted"),
            EventKind::FileAmended
            | EventKind::WebhookFailing
            | EventKind::WebhookDisabled
            | EventKind::WebhookRecovered => None,
        }
    }

    fn render(&self, event: &Event, webhook: &Webhook, project: &Project) -> Option<Vec<u8>> {
        let word = self.word(event.kind())?;
        let Subject::File(file) = &event.fact.subject else { return None };
        if webhook.wish.version == Version::V07.number() {
            Some(written(&Payload::of(word, (event, file), webhook, project, &self.bases)))
        } else if word == FILE_UPLOADED {
            Some(written(&OldPayload::of(word, (event, file), webhook, &self.bases)))
        } else {
            None
        }
    }

    fn sign(&self, body: &[u8], secret: &Secret, headers: &mut HeaderMap) {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("keys of HMAC have any length");
        mac.update(body);
        let mut signature = [0; 3 + 64];
        signature[..3].copy_from_slice(b"v1=");
        hex::encode_to_slice(mac.finalize().into_bytes(), &mut signature[3..]).expect("32 bytes are 64 hex digits");
        let value = HeaderValue::from_bytes(&signature).expect("hex digits are ASCII");
        headers.insert(SIGNATURE, value);
    }
}

fn written(payload: &impl Serialize) -> Vec<u8> {
    let mut body = Vec::with_capacity(BODY_BYTES_TYPICAL);
    serde_json::to_writer(&mut body, payload).expect("texts and numbers are written into memory");
    body
}

#[cfg(test)]
mod tests;
