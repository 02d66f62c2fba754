//! What operators are answered about deliveries; all of it additions of ours: a webhook's health, its attempts, what it has not taken.

use crate::document::Link;
use crate::id::{self, Spelling};
use crate::policy::Seconds;
use crate::query::written;
use crate::resource::webhook::{self, HealthShown};
use domain::Timestamp;
use domain::attempt::Attempt;
use domain::delivery::{Dead, Retry};
use domain::webhook::Webhook;
use platform::deliveries::{Place, Standing, Undelivered};
use serde::Serialize;
use std::borrow::Cow;

/// Anything about a webhook: its type, its id, what is told of it, and the webhook.
#[derive(Serialize)]
pub(crate) struct About<A> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    attributes: A,
    relationships: OfWebhook,
}

#[derive(Serialize)]
pub(crate) struct OfWebhook {
    webhook: Link<Spelling>,
}

impl<A> About<A> {
    fn new(kind: &'static str, id: String, attributes: A, webhook: &Webhook) -> Self {
        let webhook = Link::to(webhook::KIND, id::webhook(webhook.id));
        Self { kind, id, attributes, relationships: OfWebhook { webhook } }
    }
}

#[derive(Serialize)]
pub(crate) struct HealthAttributes<'a> {
    number: i64,
    wire: &'a str,
    is_active: bool,
    #[serde(flatten)]
    health: HealthShown,
    cursor: i64,
    head: i64,
    behind: i64,
    retries: i64,
    oldest_at: Option<String>,
    oldest_age: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<i64>,
}

/// How a webhook stands; and how many sequences were left out, if that was asked for.
pub(crate) fn health(standing: &Standing, skipped: Option<i64>, now: Timestamp) -> About<HealthAttributes<'_>> {
    let Standing { webhook, health, cursor, head, retries, oldest_at } = standing;
    let attributes = HealthAttributes {
        number: webhook.number.get(),
        wire: &webhook.dialect,
        is_active: webhook.wish.is_active,
        health: HealthShown::of(health),
        cursor: cursor.low(),
        head: *head,
        behind: head - cursor.low(),
        retries: *retries,
        oldest_at: oldest_at.map(written),
        oldest_age: oldest_at.map(|at| Seconds(now.since(at))),
        skipped,
    };
    About::new("webhook_health", id::webhook(webhook.id).to_string(), attributes, webhook)
}

#[derive(Serialize)]
pub(crate) struct AttemptAttributes<'a> {
    sequence: i64,
    number: i64,
    created_at: String,
    duration: Seconds,
    status: Option<u16>,
    class: &'a str,
    remote_address: Option<&'a str>,
    response: Cow<'a, str>,
}

/// One attempt. Its class is `success` or the stable word of its failure; bytes of the response that are no UTF-8 are replaced.
pub(crate) fn attempt<'a>(attempt: &'a Attempt, webhook: &Webhook) -> About<AttemptAttributes<'a>> {
    About::new("webhook_attempts", place_id(attempt), attempt_attributes(attempt), webhook)
}

pub(crate) fn attempt_attributes(attempt: &Attempt) -> AttemptAttributes<'_> {
    AttemptAttributes {
        sequence: attempt.sequence,
        number: attempt.number,
        created_at: written(attempt.at),
        duration: Seconds(attempt.duration),
        status: attempt.status,
        class: attempt.class.as_deref().unwrap_or("success"),
        remote_address: attempt.remote_address.as_deref(),
        response: String::from_utf8_lossy(&attempt.response),
    }
}

/// What names an attempt among those of its webhook: its instant in microseconds, its sequence, its number.
pub(crate) fn place_id(attempt: &Attempt) -> String {
    format!("{}-{}-{}", attempt.at.as_micros(), attempt.sequence, attempt.number)
}

/// Reads what [`place_id`] wrote.
pub(crate) fn parse_place(text: &str) -> Option<Place> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let place = (Timestamp::from_micros(parts.next()??), parts.next()??, parts.next()??);
    Some(place)
}

#[derive(Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum UndeliveredAttributes {
    /// It will be tried again.
    Retrying { sequence: i64, attempts: i64, first_at: String, due_at: String },
    /// They will not.
    Dead { from_sequence: i64, to_sequence: i64, reason: &'static str, since: String },
}

/// What a webhook has not taken.
pub(crate) fn undelivered(undelivered: &Undelivered, webhook: &Webhook) -> About<UndeliveredAttributes> {
    let (id, attributes) = match undelivered {
        Undelivered::Retry(retry) => (retry.sequence.to_string(), retrying(retry)),
        Undelivered::Dead(dead) => (format!("{}-{}", dead.from_sequence, dead.to_sequence), buried(dead)),
    };
    About::new("webhook_undelivered", id, attributes, webhook)
}

pub(crate) fn retrying(retry: &Retry) -> UndeliveredAttributes {
    UndeliveredAttributes::Retrying {
        sequence: retry.sequence,
        attempts: retry.attempts,
        first_at: written(retry.first_at),
        due_at: written(retry.due_at),
    }
}

pub(crate) fn buried(dead: &Dead) -> UndeliveredAttributes {
    UndeliveredAttributes::Dead {
        from_sequence: dead.from_sequence,
        to_sequence: dead.to_sequence,
        reason: dead.reason.name(),
        since: written(dead.at),
    }
}
