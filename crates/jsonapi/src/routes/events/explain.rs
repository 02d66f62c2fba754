//! Explain: why a webhook was told of an event, or why not, or why not yet.

use crate::Door;
use crate::auth::Call;
use crate::document::answer;
use crate::error::Refusal;
use crate::query::{Query, written};
use crate::resource::delivery::{AttemptAttributes, attempt_attributes};
use crate::{id, webhook};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use delivery::Dialects;
use domain::delivery::DeliveryId;
use domain::event::Event;
use domain::filter::Filter;
use domain::health;
use platform::deliveries::Traced;
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct Explanation<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: id::Spelling,
    attributes: Attributes<'a>,
}

#[derive(Serialize)]
struct Attributes<'a> {
    sequence: i64,
    event: &'static str,
    created_at: String,
    is_test: bool,
    webhooks: Vec<Told<'a>>,
}

/// What is known of the event and one webhook.
#[derive(Serialize)]
struct Told<'a> {
    webhook: id::Spelling,
    number: i64,
    wire: &'a str,
    /// What receivers see as `webhook-id`.
    delivery: String,
    matched: bool,
    /// The event's name on the webhook's wire; null if it has none.
    event: Option<&'static str>,
    /// As the webhook was for this event; null if it was made later.
    asked: Option<bool>,
    was_active: Option<bool>,
    filter: Option<Filtered>,
    state: &'static str,
    reason: Option<&'static str>,
    /// Why nothing is sent now, of what is still to be sent.
    held_by: Option<&'static str>,
    due_at: Option<String>,
    attempts: Vec<AttemptAttributes<'a>>,
}

#[derive(Serialize)]
struct Filtered {
    text: String,
    matched: bool,
    clauses: Vec<Clause>,
}

#[derive(Serialize)]
struct Clause {
    text: String,
    holds: bool,
}

/// `GET P/events/{id}/explain`
pub(crate) async fn explain(
    State(door): State<Arc<Door>>,
    call: Call,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let which = Query::of(query.as_deref())?.text("webhook").map(Call::parse_any_webhook).transpose()?;
    let (event, traced) = door.platform.explain_event(&principal, call.event()?, which).await?;
    let webhooks = traced.iter().map(|traced| told(traced, &event, &door.dialects)).collect();
    let attributes = Attributes {
        sequence: event.sequence,
        event: webhook::word(event.kind()),
        created_at: written(event.fact.at),
        is_test: event.fact.addressee.is_some(),
        webhooks,
    };
    Ok(answer(Explanation { kind: "event_explanations", id: id::event(event.fact.id), attributes }))
}

fn told<'a>(traced: &'a Traced, event: &Event, dialects: &Dialects) -> Told<'a> {
    let current = &traced.webhook;
    let then = traced.then.as_ref();
    let word = dialects.word(current, event.kind());
    let asked = then.map(|then| word.is_some_and(|word| domain::subscription::covers(&then.wish.events, word)));
    let filter = then.and_then(|then| then.wish.policy.filter.as_deref()).and_then(|text| Filter::parse(text).ok());
    let filter = filter.map(|filter| Filtered {
        matched: filter.matches(&event.fact),
        clauses: filter
            .explain(&event.fact)
            .into_iter()
            .map(|clause| Clause { text: clause.text, holds: clause.holds })
            .collect(),
        text: filter.to_string(),
    });
    let was_active = then.map(|then| then.wish.is_active);
    let missed = match event.fact.addressee {
        Some(number) if number == current.number => None,
        Some(_) => Some("test_of_another"),
        None if then.is_none() => Some("made_later"),
        None if word.is_none() => Some("no_word"),
        None if asked != Some(true) => Some("not_asked"),
        None if was_active != Some(true) => Some("inactive_then"),
        None => filter.as_ref().filter(|filter| !filter.matched).map(|_| "filtered"),
    };
    let (state, reason) = state(traced, missed);
    let dialect = dialects.find(&current.dialect);
    let delivery = DeliveryId::of(event.fact.id, current.id);
    Told {
        webhook: id::webhook(current.id),
        number: current.number.get(),
        wire: &current.dialect,
        delivery: dialect.map_or_else(|| id::delivery(delivery).to_string(), |dialect| dialect.spell(delivery)),
        matched: missed.is_none(),
        event: word,
        asked,
        was_active,
        filter,
        state,
        reason,
        held_by: matches!(state, "retrying" | "waiting").then(|| held_by(traced)).flatten(),
        due_at: traced.retry.as_ref().map(|retry| written(retry.due_at)),
        attempts: traced.attempts.iter().map(attempt_attributes).collect(),
    }
}

/// What became of it, and why; the latest word counts.
fn state(traced: &Traced, missed: Option<&'static str>) -> (&'static str, Option<&'static str>) {
    if traced.attempts.iter().any(|attempt| attempt.class.is_none()) {
        return ("delivered", None);
    }
    if traced.retry.is_some() {
        return ("retrying", None);
    }
    if missed.is_some() {
        return ("not_owed", missed);
    }
    match &traced.dead {
        Some(dead) => ("dead", Some(dead.reason.name())),
        // Settled without a row: a test that failed, or an event that the webhook's version has no words for.
        None if traced.is_settled && traced.attempts.is_empty() => ("settled", Some("nothing_to_say")),
        None if traced.is_settled => ("settled", Some("not_retried")),
        None => ("waiting", None),
    }
}

fn held_by(traced: &Traced) -> Option<&'static str> {
    if !traced.webhook.wish.is_active {
        return Some("inactive");
    }
    match traced.health.state {
        health::State::Paused => Some("paused"),
        health::State::Disabled(_) => Some("disabled"),
        health::State::Active if traced.retry.is_some() => None,
        health::State::Active => Some("not_reached"),
    }
}
