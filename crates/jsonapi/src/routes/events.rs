//! The log: additions of ours. Read on from a sequence, waited for, or streamed as Server-Sent Events; and explained.

mod explain;
mod stream;

use crate::Door;
use crate::auth::Call;
use crate::document::respond;
use crate::error::Refusal;
use crate::query::{LIMIT_MAX, Query};
use crate::webhook;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::event::EventKind;
use http::{HeaderMap, StatusCode, header};
use platform::deliveries::LogWanted;
use serde::Serialize;
use serde_json::value::RawValue;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use explain::explain;
pub(crate) use stream::Streams;

/// The longest that an answer waits for events, in seconds.
const WAIT_SECONDS_MAX: i64 = 30;

#[derive(Serialize)]
struct Log {
    data: Vec<Box<RawValue>>,
    pagination: Pagination,
}

#[derive(Serialize)]
struct Pagination {
    limit: i64,
    /// Read on from here, also when nothing was found.
    after: i64,
    /// The log's last sequence.
    head: i64,
}

/// `GET P/events`: each as the document that a webhook would be sent, but for the webhook.
pub(crate) async fn index(
    State(door): State<Arc<Door>>,
    Extension(streams): Extension<Streams>,
    call: Call,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let query = Query::of(query.as_deref())?;
    let limit = query.limit()?;
    let wanted = LogWanted {
        after: query.number("after")?.unwrap_or_default(),
        limit: limit as usize,
        kinds: kinds(query.text("types"))?,
    };
    if accepts_stream(&headers) {
        let wanted = LogWanted { limit: LIMIT_MAX as usize, ..wanted };
        return stream::answer(door, principal, wanted, &headers, &streams);
    }
    let wait = query.number("wait")?.unwrap_or_default();
    if wait > WAIT_SECONDS_MAX {
        return Err(Refusal::invalid("wait", format!("is at most {WAIT_SECONDS_MAX} seconds")));
    }
    let page = door.platform.read_log(&principal, wanted, Duration::from_secs(wait.unsigned_abs())).await?;
    let project = principal.project.public_key.as_str();
    let data = page.events.iter().map(|event| webhook::log_document(event, project, &door.bases)).collect();
    let pagination = Pagination { limit, after: page.after, head: page.head };
    Ok(respond(StatusCode::OK, &Log { data, pagination }))
}

/// The kinds whose words these patterns cover; all without any.
fn kinds(types: Option<&str>) -> Result<Vec<EventKind>, Refusal> {
    let Some(types) = types else { return Ok(EventKind::ALL.to_vec()) };
    let patterns = types.split(',').map(|word| word.trim().to_owned()).collect();
    let patterns = super::webhooks::known("types", patterns)?;
    let is_asked = |kind: &EventKind| domain::subscription::covers(&patterns, webhook::word(*kind));
    Ok(EventKind::ALL.into_iter().filter(is_asked).collect())
}

fn accepts_stream(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.split(',').any(|one| one.split(';').next().is_some_and(|kind| kind.trim() == stream::CONTENT_TYPE))
}
