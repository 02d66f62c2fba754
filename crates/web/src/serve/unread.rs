//! What a handler leaves unread of a request's body.
//!
//! An answer may be there before its request is: an unknown id needs no look at the body. Closing the connection then would cut off a client
//! that is still sending, or is about to use the connection again. So what is left, if it is little, is read and thrown away before the
//! answer goes out; if it is much or slow, the answer says that the connection closes (RFC 9112, section 9.6).

use axum::body::{Body, Bytes};
use http::{HeaderValue, Response, Version, header};
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::timeout;

/// How many bytes are thrown away at most.
const REST_BYTES_MAX: u64 = 256 * 1024;
/// How long that may take.
const REST_TIME_MAX: Duration = Duration::from_secs(1);

/// The body as the handler reads it; what it leaves is still there afterwards.
struct Shared(Arc<Mutex<Incoming>>);

/// The body as it is when the handler is done with it.
pub(super) struct Unread {
    body: Option<Arc<Mutex<Incoming>>>,
    version: Version,
    /// The client waits to be told that its body is wanted.
    is_expecting: bool,
}

/// Lends a request's body to its handler.
pub(super) fn lend(request: http::Request<Incoming>) -> (http::Request<Body>, Unread) {
    let version = request.version();
    let is_expecting = request.headers().contains_key(header::EXPECT);
    if request.body().is_end_stream() {
        return (request.map(Body::new), Unread { body: None, version, is_expecting });
    }
    let (head, body) = request.into_parts();
    let body = Arc::new(Mutex::new(body));
    let lent = Body::new(Shared(Arc::clone(&body)));
    (http::Request::from_parts(head, lent), Unread { body: Some(body), version, is_expecting })
}

impl Unread {
    /// Throws away what is left, or says in the answer that the connection closes.
    pub(super) async fn finish(self, response: &mut Response<Body>) {
        let Some(body) = &self.body else { return };
        if lock(body).is_end_stream() {
            return;
        }
        let is_little = lock(body).size_hint().lower() <= REST_BYTES_MAX && !self.is_expecting;
        let is_read = is_little && timeout(REST_TIME_MAX, throw_away(body)).await == Ok(true);
        if !is_read && self.version < Version::HTTP_2 {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

/// Whether the body has ended within its limit.
async fn throw_away(body: &Mutex<Incoming>) -> bool {
    let mut left = REST_BYTES_MAX;
    loop {
        let frame = poll_fn(|context| Pin::new(&mut *lock(body)).poll_frame(context)).await;
        let read = match frame {
            None => return true,
            Some(Err(_)) => return false,
            Some(Ok(frame)) => frame.data_ref().map_or(0, |data| data.len() as u64),
        };
        match left.checked_sub(read) {
            Some(rest) => left = rest,
            None => return false,
        }
    }
}

impl http_body::Body for Shared {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        Pin::new(&mut *lock(&self.0)).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        lock(&self.0).is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        lock(&self.0).size_hint()
    }
}

fn lock(body: &Mutex<Incoming>) -> MutexGuard<'_, Incoming> {
    body.lock().unwrap_or_else(PoisonError::into_inner)
}
