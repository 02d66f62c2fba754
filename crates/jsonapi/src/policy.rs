//! The attribute `delivery` of webhooks: how one wants to be served. An addition of ours, so it is shown only to who sends or asks for it.
//!
//! ```text
//! {"order": "key", "retry_schedule": [5, 30], "retry_for": 3600, "timeout": 15, "stop_on_4xx": false,
//!  "filter": "size <= 20MB", "headers": {"x-team": "harbour"}, "never_disable": false}
//! ```
//! Spans are in seconds. What is not given stays, null gives a part back to the server. Names that do not exist are refused, since a
//! misspelt one would be a wish unheard.

use crate::attributes::{FALSE, scalar};
use crate::error::Refusal;
use domain::policy::{Order, Policy, PolicyError};
use platform::webhooks::{Part, PolicyProblem, PolicyWish};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// The attribute's name, and that of the query's parameter that asks for it.
pub(crate) const ATTRIBUTE: &str = "delivery";

/// The longest span that is a number of seconds at all; the limits of each part are far below.
const SECONDS_MAX: f64 = 1e9;

/// Reads the attribute.
pub(crate) fn read(value: &Value) -> Result<PolicyWish, Refusal> {
    let Value::Object(parts) = value else {
        return Err(Refusal::invalid(ATTRIBUTE, "must hold its parts by name"));
    };
    let mut wish = PolicyWish::default();
    for (name, value) in parts {
        match name.as_str() {
            "order" => wish.order = part(name, value, order)?,
            "retry_schedule" => wish.waits = part(name, value, spans)?,
            "retry_for" => wish.retry_for = part(name, value, span)?,
            "timeout" => wish.timeout = part(name, value, span)?,
            "stop_on_4xx" => wish.stops_on_4xx = part(name, value, flag)?,
            "filter" => wish.filter = part(name, value, text)?,
            "headers" => wish.headers = part(name, value, headers)?,
            "never_disable" => wish.is_never_disabled = part(name, value, flag)?,
            unknown => {
                let known = "order, retry_schedule, retry_for, timeout, stop_on_4xx, filter, headers, never_disable";
                return Err(Refusal::invalid(ATTRIBUTE, format!("has no {unknown:?}; there are {known}")));
            }
        }
    }
    Ok(wish)
}

/// Which part of the attribute a problem is about.
pub(crate) const fn attribute(problem: &PolicyProblem) -> &'static str {
    match problem {
        PolicyProblem::Limit(PolicyError::Waits) => "delivery.retry_schedule",
        PolicyProblem::Limit(PolicyError::RetryFor) => "delivery.retry_for and delivery.retry_schedule",
        PolicyProblem::Limit(PolicyError::Timeout) => "delivery.timeout",
        PolicyProblem::Limit(
            PolicyError::HeadersTooMany | PolicyError::HeaderName(_) | PolicyError::HeaderValue(_),
        )
        | PolicyProblem::HeaderTwice(_) => "delivery.headers",
        PolicyProblem::Filter(_) => "delivery.filter",
    }
}

/// A part that is given: null, and the empty text where there is no null, give it back to the server.
fn part<T>(name: &str, value: &Value, read: fn(&Value) -> Result<T, &'static str>) -> Result<Part<T>, Refusal> {
    if value.is_null() || value.as_str().is_some_and(str::is_empty) {
        return Ok(Part::Clear);
    }
    let refusal = |reason| Refusal::invalid(&format!("{ATTRIBUTE}.{name}"), reason);
    read(value).map(Part::Set).map_err(refusal)
}

fn order(value: &Value) -> Result<Order, &'static str> {
    value.as_str().and_then(Order::from_name).ok_or("must be one of key, key-strict, fifo, any")
}

fn span(value: &Value) -> Result<Duration, &'static str> {
    let seconds = scalar(value).and_then(|text| text.trim().parse::<f64>().ok());
    let seconds = seconds.filter(|seconds| (0.0..=SECONDS_MAX).contains(seconds));
    // Rows keep milliseconds.
    let span = seconds.map(|seconds| Duration::from_millis((seconds * 1000.0).round() as u64));
    span.ok_or("must be a number of seconds")
}

fn spans(value: &Value) -> Result<Vec<Duration>, &'static str> {
    let spans = value.as_array().ok_or("must be a list of seconds")?;
    spans.iter().map(span).collect()
}

fn flag(value: &Value) -> Result<bool, &'static str> {
    let text = scalar(value).ok_or("must be true or false")?;
    Ok(!FALSE.contains(&text.as_ref()))
}

fn text(value: &Value) -> Result<String, &'static str> {
    value.as_str().map(str::to_owned).ok_or("must be a text")
}

fn headers(value: &Value) -> Result<Vec<(String, String)>, &'static str> {
    let reason = "must be texts by their headers' names";
    let named = |(name, value): (&String, &Value)| Ok((name.clone(), scalar(value).ok_or(reason)?.into_owned()));
    value.as_object().ok_or(reason)?.iter().map(named).collect()
}

/// The attribute as it is shown; null where the server's own value holds.
#[derive(Serialize)]
pub(crate) struct DeliveryShown<'a> {
    order: &'static str,
    retry_schedule: Option<Vec<Seconds>>,
    retry_for: Option<Seconds>,
    timeout: Option<Seconds>,
    stop_on_4xx: bool,
    filter: Option<&'a str>,
    headers: BTreeMap<&'a str, &'a str>,
    never_disable: bool,
}

impl<'a> DeliveryShown<'a> {
    pub(crate) fn of(policy: &'a Policy) -> Self {
        Self {
            order: policy.order.name(),
            retry_schedule: policy.waits.as_ref().map(|waits| waits.iter().copied().map(Seconds).collect()),
            retry_for: policy.retry_for.map(Seconds),
            timeout: policy.timeout.map(Seconds),
            stop_on_4xx: policy.stops_on_4xx,
            filter: policy.filter.as_deref(),
            headers: policy.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            never_disable: policy.is_never_disabled,
        }
    }
}

/// A span in seconds: a whole number where it is one.
pub(crate) struct Seconds(pub(crate) Duration);

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.subsec_nanos() == 0 {
            serializer.serialize_u64(self.0.as_secs())
        } else {
            serializer.serialize_f64(self.0.as_secs_f64())
        }
    }
}
