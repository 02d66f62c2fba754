//! One request: from an owed delivery to an outcome.
//!
//! The body is rendered from the event and the revision of the webhook that held for it, so every attempt sends the same bytes under the
//! same id; the address and the secret are the current ones, and timestamp and signatures are new. Signed twice: in the wire's own way,
//! and by Standard Webhooks 1.0 (`webhook-id`, `webhook-timestamp`, `webhook-signature`: HMAC-SHA256 over `id.timestamp.body`).

use crate::Parts;
use crate::dialect::Dialect;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use bytes::Bytes;
use domain::Timestamp;
use domain::attempt::{Attempt, Outcome, RESPONSE_BYTES_KEPT_MAX};
use domain::delivery::DeliveryId;
use domain::event::Event;
use domain::project::Project;
use domain::secret::Secret;
use domain::webhook::Webhook;
use egress::{Request, Target};
use hmac::{Hmac, KeyInit, Mac};
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use sha2::Sha256;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
const APPLICATION_JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Where a webhook's requests go now, and what signs them.
#[derive(Debug)]
pub(crate) struct Address {
    pub(crate) project: Arc<Project>,
    pub(crate) target: Option<Target>,
    pub(crate) secret: Option<Secret>,
}

/// One delivery about to be attempted.
#[derive(Clone, Debug)]
pub(crate) struct Errand {
    pub(crate) event: Arc<Event>,
    /// The revision of the webhook that held for the event.
    pub(crate) revision: Arc<Webhook>,
    pub(crate) address: Arc<Address>,
    /// Which attempt of this delivery, from 1.
    pub(crate) number: i64,
    /// When the first attempt was made, if this is not it.
    pub(crate) first_at: Option<Timestamp>,
}

impl Errand {
    /// Whether the delivery was attempted before.
    pub(crate) fn is_retry(&self) -> bool {
        self.number > 1
    }
}

/// What came of an errand.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) errand: Errand,
    /// None: this wire had nothing to say of the event, and no request was made.
    pub(crate) result: Option<(Outcome, Attempt)>,
}

/// Makes one attempt.
pub(crate) async fn make(parts: &Parts, errand: Errand) -> Told {
    let dialect = parts.dialects.find(&errand.revision.dialect);
    let render = |dialect: &dyn Dialect| dialect.render(&errand.event, &errand.revision, &errand.address.project);
    let rendered = dialect.and_then(|dialect| Some((dialect, render(dialect)?)));
    let Some((dialect, body)) = rendered else {
        return Told { errand, result: None };
    };
    let (at, begun) = (parts.clock.now(), Instant::now());
    let sent = send(parts, dialect, &errand, body.into(), at).await;
    let result = Some(record(&errand, sent, at, begun.elapsed()));
    Told { errand, result }
}

async fn send(
    parts: &Parts,
    dialect: &dyn Dialect,
    errand: &Errand,
    body: Bytes,
    at: Timestamp,
) -> Result<egress::Response, &'static str> {
    let headers = headers(parts, dialect, errand, &body, at);
    let target = errand.address.target.clone().ok_or("invalid_target")?;
    let mut request = Request::post(target, headers, body);
    request.timeout = parts.settings.attempt_timeout;
    request.response_bytes_kept_max = RESPONSE_BYTES_KEPT_MAX;
    parts.egress.send(request).await.map_err(egress::Error::class)
}

fn headers(parts: &Parts, dialect: &dyn Dialect, errand: &Errand, body: &Bytes, at: Timestamp) -> HeaderMap {
    let id = dialect.spell(DeliveryId::of(errand.event.fact.id, errand.revision.id));
    let seconds = at.as_seconds();
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(CONTENT_TYPE, APPLICATION_JSON);
    headers.insert(USER_AGENT, parts.user_agent.clone());
    if let Some(secret) = errand.address.secret.as_ref().filter(|secret| !secret.expose().is_empty()) {
        dialect.sign(body, secret, &mut headers);
        headers.insert(WEBHOOK_SIGNATURE, standard_signature(secret, &id, seconds, body));
    }
    headers.insert(WEBHOOK_TIMESTAMP, seconds.into());
    headers.insert(WEBHOOK_ID, HeaderValue::try_from(id).expect("a dialect spells ids in ASCII"));
    headers
}

/// Standard Webhooks 1.0, symmetric scheme: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`.
fn standard_signature(secret: &Secret, id: &str, seconds: i64, body: &[u8]) -> HeaderValue {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(body);
    let mut text = String::with_capacity(48);
    text.push_str("v1,");
    BASE64_STANDARD.encode_string(mac.finalize().into_bytes(), &mut text);
    HeaderValue::try_from(text).expect("base64 is ASCII")
}

fn record(
    errand: &Errand,
    sent: Result<egress::Response, &'static str>,
    at: Timestamp,
    duration: Duration,
) -> (Outcome, Attempt) {
    let (outcome, answer) = match sent {
        Ok(response) => (Outcome::Answered(response.status), Some(response)),
        Err(class) => (Outcome::Unanswered(class), None),
    };
    let attempt = Attempt {
        project: errand.event.project(),
        webhook: errand.revision.number,
        sequence: errand.event.sequence,
        number: errand.number,
        at,
        duration,
        status: answer.as_ref().map(|answer| answer.status),
        class: outcome.class().map(str::to_owned),
        remote_address: answer.as_ref().and_then(|answer| answer.remote_address).map(|address| address.to_string()),
        response: answer.map(|answer| answer.body.to_vec()).unwrap_or_default(),
    };
    (outcome, attempt)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with another implementation (Python's hmac and base64).
    #[test]
    fn signs_as_standard_webhooks_say() {
        let secret = Secret::new("made-up-secret-key");
        let signature = standard_signature(&secret, "msg_1", 1_893_456_000, br#"{"a":1}"#);
        assert_eq!(signature, "v1,1CH06klSA62XR4fTUKO/B6V+rfS4BZ7TGodFcOPeLmA=");
    }
}
