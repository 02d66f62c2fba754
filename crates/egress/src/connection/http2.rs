//! HTTP/2: many exchanges at once over one connection, which has a task of its own.
//!
//! The task ends when the last handle is gone. Reading only part of a body resets that stream and leaves the neighbours alone.

use std::{future::poll_fn, io, net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::HeaderMap;
use http_body_util::Full;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::time::Instant;

use super::{
    AGE_MAX, Answer, Failure, HEAD_WIRE_BYTES_MAX, Limits, RESPONSE_HEADER_BYTES_MAX, RESPONSE_HEADERS_MAX,
    intake::Intake,
};

use crate::{
    error::{Error, source_of},
    meter::Allowance,
    request::Request,
    stream::Stream,
};

/// How much of one response, and of all together, a receiver may send before we have read it.
const STREAM_WINDOW_BYTES: u32 = 64 * 1024;
const CONNECTION_WINDOW_BYTES: u32 = 512 * 1024;

/// What we announce, and h2 refuses to collect beyond: more than is allowed, so that most of what is too large can be told apart from
/// what is broken. RFC 9113 10.5.1.
const HEADER_LIST_BYTES: u32 = 2 * RESPONSE_HEADER_BYTES_MAX as u32;

/// A connection whose other end vanished without a word is found out this way.
const PING_AFTER: Duration = Duration::from_secs(20);
const PING_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub(crate) struct Http2 {
    sender: http2::SendRequest<Full<Bytes>>,
    allowance: Allowance,
    opened_at: Instant,
    pub(crate) remote: SocketAddr,
}

impl Http2 {
    pub(super) async fn open(stream: TokioIo<Stream>, allowance: Allowance, remote: SocketAddr) -> Result<Self, Error> {
        let (sender, connection) = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .initial_stream_window_size(STREAM_WINDOW_BYTES)
            .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
            .max_header_list_size(HEADER_LIST_BYTES)
            .keep_alive_interval(PING_AFTER)
            .keep_alive_timeout(PING_TIMEOUT)
            .handshake(stream)
            .await
            .map_err(|error| Error::from_hyper(&error))?;
        // Its errors reach every exchange under way.
        tokio::spawn(async { drop(connection.await) });
        Ok(Self { sender, allowance, opened_at: Instant::now(), remote })
    }

    pub(crate) fn is_fit(&self) -> bool {
        !self.sender.is_closed() && self.opened_at.elapsed() < AGE_MAX
    }

    pub(super) async fn exchange(mut self, request: Request) -> Result<(Answer, Option<Self>), Failure> {
        let limits = Limits::of(&request);
        let _for_head = self.allowance.grant(HEAD_WIRE_BYTES_MAX);
        let response = self
            .sender
            .send_request(into_http(request))
            .await
            .map_err(|error| Failure { error: Error::from_hyper(&error), is_unheard: is_unheard(&error) })?;
        let first_byte_at = Instant::now();
        let _for_body = self.allowance.grant(limits.wire_bytes_max());
        let (head, body) = response.into_parts();
        check_headers(&head.headers)?;
        let mut intake = Intake::new(body, limits);
        let end = poll_fn(|cx| intake.poll(cx)).await.map_err(|error| Error::from_hyper(&error))?;
        let (body, is_truncated) = intake.finish(end);
        let answer = Answer { status: head.status.as_u16(), headers: head.headers, body, is_truncated, first_byte_at };
        let is_fit = self.is_fit();
        Ok((answer, is_fit.then_some(self)))
    }
}

/// The connection went away, or the receiver says it never looked at this stream (RFC 9113 8.7).
fn is_unheard(error: &hyper::Error) -> bool {
    let is_unprocessed = |error: &h2::Error| {
        error.is_remote() && (error.is_go_away() || error.reason() == Some(h2::Reason::REFUSED_STREAM))
    };
    error.is_canceled()
        || error.is_closed()
        || source_of::<io::Error>(error).is_some()
        || source_of::<h2::Error>(error).is_some_and(is_unprocessed)
}

/// HTTP/1 checks these while parsing.
fn check_headers(headers: &HeaderMap) -> Result<(), Error> {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let is_too_large = headers.len() > RESPONSE_HEADERS_MAX || bytes > RESPONSE_HEADER_BYTES_MAX;
    if is_too_large { Err(Error::ResponseHeadersTooLarge) } else { Ok(()) }
}

fn into_http(request: Request) -> http::Request<Full<Bytes>> {
    let mut http = http::Request::new(Full::new(request.body));
    *http.method_mut() = request.method;
    *http.uri_mut() = request.target.absolute().clone();
    *http.headers_mut() = request.headers;
    http
}
