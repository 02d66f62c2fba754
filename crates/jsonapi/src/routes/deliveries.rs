//! What operators ask and do about the deliveries of one webhook: additions of ours, for webhooks of every wire.

mod test;

use crate::Door;
use crate::attributes::scalar;
use crate::auth::Call;
use crate::document::{answer, respond};
use crate::error::Refusal;
use crate::query::{Query, instant};
use crate::resource::delivery;
use axum::extract::{RawQuery, Request, State};
use axum::response::Response;
use http::StatusCode;
use platform::deliveries::{AttemptsWanted, ResumeFrom};
use serde::Serialize;
use std::sync::Arc;
use web::form;

pub(crate) use test::test;

/// The longest body of an operator's request, in bytes: a word or two.
const BODY_BYTES_MAX: u64 = 4096;

/// A list that is read on from a place.
#[derive(Serialize)]
struct Stretch<T, N> {
    data: Vec<T>,
    pagination: N,
}

#[derive(Serialize)]
struct Older {
    limit: i64,
    /// Where older ones begin; null if there are none.
    before: Option<String>,
}

#[derive(Serialize)]
struct Later {
    limit: i64,
    /// Where later ones begin; null if there are none.
    after: Option<i64>,
    /// Everything at or below it is settled: delivered, listed here, or never owed.
    cursor: i64,
    /// The log's last sequence; what lies above the cursor and is not listed waits, is under way, or was delivered.
    head: i64,
}

/// `GET P/webhooks/{id}/health`
pub(crate) async fn health(State(door): State<Arc<Door>>, call: Call) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let standing = door.platform.webhook_standing(&principal, &call.any_webhook()?).await?;
    Ok(answer(delivery::health(&standing, None, door.platform.clock().now())))
}

/// `POST P/webhooks/{id}/pause`
pub(crate) async fn pause(State(door): State<Arc<Door>>, call: Call) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let standing = door.platform.pause_webhook(&principal, &call.any_webhook()?).await?;
    Ok(answer(delivery::health(&standing, None, door.platform.clock().now())))
}

/// `POST P/webhooks/{id}/resume`: from where it stood unless `from` says otherwise.
pub(crate) async fn resume(State(door): State<Arc<Door>>, call: Call, request: Request) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let which = call.any_webhook()?;
    // So that a webhook that is not there is told before what is wrong with the body.
    door.platform.find_any_webhook(&principal, &which).await?;
    let (head, body) = request.into_parts();
    let tree = form::read_tree(&head, body, &form::Limits::of_bytes(BODY_BYTES_MAX)).await?;
    let from = tree.get("from").filter(|value| !value.is_null());
    let from = from.map(|value| resume_from(scalar(value).as_deref(), &door)).transpose()?;
    let from = from.unwrap_or(ResumeFrom::Cursor);
    let (standing, skipped) = door.platform.resume_webhook(&principal, &which, from).await?;
    Ok(answer(delivery::health(&standing, Some(skipped), door.platform.clock().now())))
}

fn resume_from(text: Option<&str>, door: &Door) -> Result<ResumeFrom, Refusal> {
    match text {
        Some("" | "cursor") => Ok(ResumeFrom::Cursor),
        Some("now") => Ok(ResumeFrom::Now),
        Some(text) => {
            let wrong = |error| Refusal::invalid("from", format!("{text:?} is neither cursor nor now: {error}"));
            let at = instant(text).map_err(wrong)?;
            if at > door.platform.clock().now() {
                return Err(Refusal::invalid("from", "lies ahead"));
            }
            Ok(ResumeFrom::At(at))
        }
        None => Err(Refusal::invalid("from", "must be cursor, now or an instant")),
    }
}

/// `GET P/webhooks/{id}/attempts`: newest first.
pub(crate) async fn attempts(
    State(door): State<Arc<Door>>,
    call: Call,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let which = call.any_webhook()?;
    let query = Query::of(query.as_deref())?;
    let before = query.text("before");
    let wanted = AttemptsWanted {
        sequence: query.number("sequence")?,
        class: query.text("class").map(str::to_owned),
        before: before
            .map(|text| {
                delivery::parse_place(text)
                    .ok_or_else(|| Refusal::invalid("before", "is not what a page before answered"))
            })
            .transpose()?,
        limit: query.limit()?,
    };
    let limit = wanted.limit;
    let webhook = door.platform.find_any_webhook(&principal, &which).await?;
    let found = door.platform.list_attempts(&principal, &which, wanted).await?;
    let last = found.last().filter(|_| found.len() as i64 == limit);
    let pagination = Older { limit, before: last.map(delivery::place_id) };
    let data = found.iter().map(|attempt| delivery::attempt(attempt, &webhook)).collect();
    Ok(respond(StatusCode::OK, &Stretch { data, pagination }))
}

/// `GET P/webhooks/{id}/undelivered`: in the order of the log.
pub(crate) async fn undelivered(
    State(door): State<Arc<Door>>,
    call: Call,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let which = call.any_webhook()?;
    let query = Query::of(query.as_deref())?;
    let (after, limit) = (query.number("after")?.unwrap_or_default(), query.limit()?);
    let page = door.platform.list_undelivered(&principal, &which, after, limit as usize).await?;
    let standing = &page.standing;
    let last = page.list.last().filter(|_| page.has_more);
    let pagination = Later {
        limit,
        after: last.map(platform::deliveries::Undelivered::sequence),
        cursor: standing.cursor.low(),
        head: standing.head,
    };
    let data = page.list.iter().map(|one| delivery::undelivered(one, &standing.webhook)).collect();
    Ok(respond(StatusCode::OK, &Stretch { data, pagination }))
}
