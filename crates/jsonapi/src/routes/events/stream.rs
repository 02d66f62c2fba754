//! Server-Sent Events (WHATWG HTML, section 9.2): one for each event of the log, with its sequence as id.
//!
//! Whoever comes back with `Last-Event-ID` goes on after it. A stream ends when the server stops or the log cannot be read; clients of
//! this kind come back by themselves.

use crate::Door;
use crate::error::Refusal;
use crate::webhook;
use axum::body::{Body, Bytes};
use axum::response::Response;
use domain::event::Event;
use futures_util::stream;
use http::{HeaderMap, HeaderValue, header};
use platform::access::Principal;
use platform::deliveries::LogWanted;
use std::convert::Infallible;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(super) const CONTENT_TYPE: &str = "text/event-stream";

/// How many streams are open at once at most.
pub(crate) const STREAMS_MAX: usize = 256;
/// How often a stream without events says that it is there.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Room for streams. Clones share it.
#[derive(Clone)]
pub(crate) struct Streams(Arc<Semaphore>);

impl Default for Streams {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(STREAMS_MAX)))
    }
}

struct Open {
    door: Arc<Door>,
    principal: Principal,
    wanted: LogWanted,
    _room: OwnedSemaphorePermit,
}

/// Opens a stream.
pub(super) fn answer(
    door: Arc<Door>,
    principal: Principal,
    mut wanted: LogWanted,
    headers: &HeaderMap,
    streams: &Streams,
) -> Result<Response, Refusal> {
    if let Some(last) = headers.get("last-event-id") {
        let last = last.to_str().ok().and_then(|text| text.trim().parse().ok()).filter(|last: &i64| *last >= 0);
        wanted.after = last.ok_or(Refusal::Number("Last-Event-ID"))?;
    }
    let room = streams.0.clone().try_acquire_owned().map_err(|_| Refusal::StreamsTooMany(STREAMS_MAX))?;
    let open = Open { door, principal, wanted, _room: room };
    let mut response = Response::new(Body::from_stream(stream::unfold(open, next)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// What there is to say next; none when the log cannot be read.
async fn next(mut open: Open) -> Option<(Result<Bytes, Infallible>, Open)> {
    let read = open.door.platform.read_log(&open.principal, open.wanted.clone(), KEEP_ALIVE).await;
    let page = match read {
        Ok(page) => page,
        Err(error) => {
            tracing::warn!(error = crate::error::chain(&error), "a stream of events ends, the log cannot be read");
            return None;
        }
    };
    open.wanted.after = page.after;
    let project = open.principal.project.public_key.as_str();
    let mut text = String::new();
    for event in &page.events {
        write_event(&mut text, event, project, &open.door);
    }
    if text.is_empty() {
        text.push_str(": nothing new\n\n");
    }
    Some((Ok(text.into()), open))
}

fn write_event(text: &mut String, event: &Event, project: &str, door: &Door) {
    let document = webhook::log_document(event, project, &door.bases);
    let word = webhook::word(event.kind());
    // Compact JSON has no line breaks outside texts, and writes those in texts as \n.
    let written = write!(text, "id: {}\nevent: {word}\ndata: {}\n\n", event.sequence, document.get());
    written.expect("texts are written into memory");
}
