//! One request: from an owed delivery to an outcome.
//!
//! The body is rendered from the event and the revision of the webhook that held for it, so every attempt sends the same bytes under the
//! same id; the address and the secret are the current ones, and timestamp and signatures are new. Signed twice: in the wire's own way,
//! and by Standard Webhooks 1.0 (`webhook-id`, `webhook-timestamp`, `webhook-signature`: HMAC-SHA256 over `id.timestamp.body`).

use crate::Parts;
use crate::dialect::Dialect;
use crate::lines::Name;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use bytes::Bytes;
use domain::Timestamp;
use domain::attempt::{Attempt, Outcome, RESPONSE_BYTES_KEPT_MAX};
use domain::delivery::{DeliveryId, Retry};
use domain::event::Event;
use domain::project::Project;
use domain::secret::Secret;
use domain::webhook::Webhook;
use egress::{Request, Target};
use hmac::{Hmac, KeyInit, Mac};
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use sha2::Sha256;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
const WEBHOOK_EVENT: HeaderName = HeaderName::from_static("webhook-event");
const WEBHOOK_SEQUENCE: HeaderName = HeaderName::from_static("webhook-sequence");
const WEBHOOK_PREVIOUS_SEQUENCE: HeaderName = HeaderName::from_static("webhook-previous-sequence");
const WEBHOOK_ATTEMPT: HeaderName = HeaderName::from_static("webhook-attempt");
const WEBHOOK_TEST: HeaderName = HeaderName::from_static("webhook-test");
const APPLICATION_JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Where a webhook's requests go now, and how.
#[derive(Debug)]
pub(crate) struct Address {
    project: Arc<Project>,
    target: Option<Target>,
    secret: Option<Secret>,
    timeout: Option<Duration>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Address {
    pub(crate) fn of(webhook: &Webhook, project: Arc<Project>) -> Self {
        let header = |(name, value): &(String, String)| Some((name.parse().ok()?, value.parse().ok()?));
        Self {
            project,
            target: Target::parse(&webhook.wish.target_url).ok(),
            secret: webhook.secret.clone(),
            timeout: webhook.wish.policy.timeout,
            headers: webhook.wish.policy.headers.iter().filter_map(header).collect(),
        }
    }
}

/// One delivery about to be attempted.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of the attempt; none excludes another")]
pub(crate) struct Errand {
    pub(crate) event: Arc<Event>,
    /// The revision of the webhook that held for the event.
    pub(crate) revision: Arc<Webhook>,
    pub(crate) address: Arc<Address>,
    /// Which attempt of this delivery, from 1.
    pub(crate) number: i64,
    /// The sequence that the webhook was owed before this one.
    pub(crate) previous: i64,
    /// The retry that this is, if it is one.
    pub(crate) retry: Option<Retry>,
    /// What it waits in line for.
    pub(crate) line: Option<Name>,
    /// Whether it keeps its line when it fails.
    pub(crate) is_strict: bool,
    /// Whether it asks if a receiver that was left alone is well again: it counts against nothing.
    pub(crate) is_probe: bool,
    /// Whether somebody asked for it to see what the receiver answers: it is not tried again.
    pub(crate) is_test: bool,
    /// Whether it goes in the slow lane.
    pub(crate) is_slow: bool,
}

/// What came of an errand.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) errand: Errand,
    /// None: this wire had nothing to say of the event, and no request was made.
    pub(crate) result: Option<Result>,
}

/// What came of a request.
#[derive(Debug)]
pub(crate) struct Result {
    pub(crate) outcome: Outcome,
    pub(crate) attempt: Attempt,
    /// How long the receiver asked to be left alone.
    pub(crate) retry_after: Option<Duration>,
}

/// A refusal within this time is a receiver that is being restarted as often as not: it is asked once more, soon.
const QUICK_REFUSAL: Duration = Duration::from_secs(1);
/// How soon.
const QUICK_SECOND_TRY: Duration = Duration::from_millis(250);

/// Makes one attempt.
pub(crate) async fn make(parts: &Parts, errand: Errand) -> Told {
    let dialect = parts.dialects.find(&errand.revision.dialect);
    let render = |dialect: &dyn Dialect| dialect.render(&errand.event, &errand.revision, &errand.address.project);
    let rendered = dialect.and_then(|dialect| Some((dialect, render(dialect)?)));
    let Some((dialect, body)) = rendered else { return Told { errand, result: None } };
    let (at, begun) = (parts.clock.now(), Instant::now());
    let body = Bytes::from(body);
    let mut sent = send(parts, dialect, &errand, body.clone(), at).await;
    if errand.retry.is_none() && begun.elapsed() < QUICK_REFUSAL && matches!(sent, Err("connect_refused")) {
        tokio::time::sleep(QUICK_SECOND_TRY).await;
        sent = send(parts, dialect, &errand, body, parts.clock.now()).await;
    }
    let result = Some(record(&errand, sent, at, begun.elapsed()));
    Told { errand, result }
}

async fn send(
    parts: &Parts,
    dialect: &dyn Dialect,
    errand: &Errand,
    body: Bytes,
    at: Timestamp,
) -> std::result::Result<egress::Response, &'static str> {
    let headers = headers(parts, dialect, errand, &body, at);
    let target = errand.address.target.clone().ok_or("invalid_target")?;
    let mut request = Request::post(target, headers, body);
    request.timeout = errand.address.timeout.unwrap_or(parts.settings.attempt_timeout);
    request.response_bytes_kept_max = RESPONSE_BYTES_KEPT_MAX;
    parts.egress.send(request).await.map_err(egress::Error::class)
}

fn headers(parts: &Parts, dialect: &dyn Dialect, errand: &Errand, body: &Bytes, at: Timestamp) -> HeaderMap {
    let id = dialect.spell(DeliveryId::of(errand.event.fact.id, errand.revision.id));
    let seconds = at.as_seconds();
    let mut headers = HeaderMap::with_capacity(16);
    for (name, value) in &errand.address.headers {
        headers.append(name, value.clone());
    }
    headers.insert(CONTENT_TYPE, APPLICATION_JSON);
    headers.insert(USER_AGENT, parts.user_agent.clone());
    if let Some(secret) = errand.address.secret.as_ref().filter(|secret| !secret.expose().is_empty()) {
        dialect.sign(body, secret, &mut headers);
        headers.insert(WEBHOOK_SIGNATURE, standard_signature(secret, &id, seconds, body));
    }
    headers.insert(WEBHOOK_TIMESTAMP, seconds.into());
    if let Some(word) = dialect.word(errand.event.kind()) {
        headers.insert(WEBHOOK_EVENT, HeaderValue::from_static(word));
    }
    headers.insert(WEBHOOK_SEQUENCE, errand.event.sequence.into());
    headers.insert(WEBHOOK_PREVIOUS_SEQUENCE, errand.previous.into());
    headers.insert(WEBHOOK_ATTEMPT, errand.number.into());
    if errand.is_test {
        headers.insert(WEBHOOK_TEST, HeaderValue::from_static("true"));
    }
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
    sent: std::result::Result<egress::Response, &'static str>,
    at: Timestamp,
    duration: Duration,
) -> Result {
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
        response: answer.as_ref().map(|answer| answer.body.to_vec()).unwrap_or_default(),
    };
    let asks_for_rest = matches!(outcome, Outcome::Answered(429 | 503));
    let retry_after = answer.filter(|_| asks_for_rest).and_then(|answer| retry_after(&answer.headers, at));
    Result { outcome, attempt, retry_after }
}

/// `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3).
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(text).ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(Timestamp::from_micros(i64::try_from(at.as_micros()).ok()?).since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_asks_for_rest_in_seconds_or_by_a_date() {
        let now = Timestamp::from_micros(784_111_777_000_000);
        for (text, seconds) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("Sun, 06 Nov 1994 08:51:37 GMT", Some(120)),
            ("Sun, 06 Nov 1994 08:40:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(text))]);
            assert_eq!(retry_after(&headers, now).map(|span| span.as_secs()), seconds, "{text}");
        }
    }

    /// Computed with another implementation (Python's hmac and base64).
    #[test]
    fn signs_as_standard_webhooks_say() {
        let secret = Secret::new("made-up-secret-key");
        let signature = standard_signature(&secret, "msg_1", 1_893_456_000, br#"{"a":1}"#);
        assert_eq!(signature, "v1,1CH06klSA62XR4fTUKO/B6V+rfS4BZ7TGodFcOPeLmA=");
    }
}
