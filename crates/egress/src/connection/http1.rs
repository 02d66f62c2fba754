//! HTTP/1.1: one exchange at a time, driven by whoever waits for it.
//!
//! No task of its own: the connection is polled inside the caller's future, so a request costs no hop between tasks, dropping the future
//! closes the socket, and a connection at rest is just a socket. What hyper passes between the two halves can only change while we
//! poll the connection, so those halves are polled without a waker.

use std::{
    future::{Future, poll_fn},
    net::SocketAddr,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use http::header::HOST;
use http_body_util::Full;
use hyper::{Response, body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{task::unconstrained, time::Instant};

use super::{
    AGE_MAX, Answer, Failure, HEAD_WIRE_BYTES_MAX, Limits, RESPONSE_HEADER_BYTES_MAX,
    intake::{End, Intake},
};
use crate::{
    error::Error,
    meter::Allowance,
    request::Request,
    stream::{Heard, Stream},
};

type Body = Full<bytes::Bytes>;

pub(crate) struct Http1 {
    sender: http1::SendRequest<Body>,
    connection: http1::Connection<TokioIo<Stream>, Body>,
    is_over: bool,
    heard: Heard,
    allowance: Allowance,
    opened_at: Instant,
    pub(crate) remote: SocketAddr,
}

impl Http1 {
    pub(super) async fn open(
        stream: TokioIo<Stream>,
        heard: Heard,
        allowance: Allowance,
        remote: SocketAddr,
    ) -> Result<Self, Error> {
        let mut builder = http1::Builder::new();
        // Also bounds how much of a response waits in memory. The count of headers is hyper's own limit, 100; naming it would make hyper
        // allocate for each response.
        builder.max_buf_size(RESPONSE_HEADER_BYTES_MAX);
        let (sender, connection) = builder.handshake(stream).await.map_err(|error| Error::from_hyper(&error))?;
        Ok(Self { sender, connection, is_over: false, heard, allowance, opened_at: Instant::now(), remote })
    }

    /// Ready for the next exchange: not closed meanwhile, nothing left over, not too old.
    pub(crate) fn is_fit(&mut self) -> bool {
        self.drive(&mut Context::from_waker(Waker::noop()));
        !self.is_over && self.sender.is_ready() && self.opened_at.elapsed() < AGE_MAX
    }

    /// Outside tokio's budget: polled without a waker, a half that went pending only because the budget was spent would never be woken.
    pub(super) async fn exchange(
        mut self: Box<Self>,
        request: Request,
    ) -> Result<(Answer, Option<Box<Self>>), Failure> {
        let limits = Limits::of(&request);
        let (answer, end) = unconstrained(self.send(request, limits)).await?;
        let is_fit = end == End::Whole && self.is_fit();
        Ok((answer, is_fit.then_some(self)))
    }

    async fn send(&mut self, request: Request, limits: Limits) -> Result<(Answer, End), Failure> {
        let _for_head = self.allowance.grant(HEAD_WIRE_BYTES_MAX);
        let heard_before = self.heard.bytes();
        let response = self
            .head(into_http(request))
            .await
            .map_err(|error| Failure { error, is_unheard: self.heard.bytes() == heard_before })?;
        let first_byte_at = Instant::now();
        let _for_body = self.allowance.grant(limits.wire_bytes_max());
        let (head, body) = response.into_parts();
        let (body, is_truncated, end) = self.body(Intake::new(body, limits)).await?;
        let answer = Answer { status: head.status.as_u16(), headers: head.headers, body, is_truncated, first_byte_at };
        Ok((answer, end))
    }

    async fn head(&mut self, request: http::Request<Body>) -> Result<Response<Incoming>, Error> {
        let mut response = pin!(self.sender.send_request(request));
        let (connection, is_over) = (&mut self.connection, &mut self.is_over);
        poll_fn(|cx| {
            drive(connection, is_over, cx);
            match response.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(response) => Poll::Ready(response.map_err(|error| Error::from_hyper(&error))),
                // Closed before hyper took up the request, which it answers for only when dropped.
                Poll::Pending if *is_over => Poll::Ready(Err(Error::ConnectionClosed)),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }

    async fn body(&mut self, mut intake: Intake) -> Result<(bytes::Bytes, bool, End), Error> {
        let end = poll_fn(|cx| self.poll_body(&mut intake, cx)).await?;
        let (kept, is_truncated) = intake.finish(end);
        Ok((kept, is_truncated, end))
    }

    /// Turn by turn, as hyper hands over one piece and waits for it to be taken.
    fn poll_body(&mut self, intake: &mut Intake, cx: &mut Context<'_>) -> Poll<Result<End, Error>> {
        // Says that a piece is wanted, so that driving the connection yields one.
        if let Poll::Ready(end) = poll_intake(intake) {
            return Poll::Ready(end);
        }
        loop {
            let read_before = intake.read();
            self.drive(cx);
            match poll_intake(intake) {
                Poll::Ready(end) => return Poll::Ready(end),
                Poll::Pending if self.is_over => return Poll::Ready(Err(Error::ConnectionClosed)),
                Poll::Pending if intake.read() == read_before => return Poll::Pending,
                Poll::Pending => {}
            }
        }
    }

    fn drive(&mut self, cx: &mut Context<'_>) {
        drive(&mut self.connection, &mut self.is_over, cx);
    }
}

/// Lets hyper read and write what it can. Its errors reach us through the response or its body, where there is someone to tell.
fn drive(connection: &mut http1::Connection<TokioIo<Stream>, Body>, is_over: &mut bool, cx: &mut Context<'_>) {
    if !*is_over {
        *is_over = Pin::new(connection).poll(cx).is_ready();
    }
}

fn poll_intake(intake: &mut Intake) -> Poll<Result<End, Error>> {
    intake.poll(&mut Context::from_waker(Waker::noop())).map_err(|error| Error::from_hyper(&error))
}

fn into_http(request: Request) -> http::Request<Body> {
    let mut http = http::Request::new(Full::new(request.body));
    *http.method_mut() = request.method;
    *http.uri_mut() = request.target.path().clone();
    *http.headers_mut() = request.headers;
    http.headers_mut().insert(HOST, request.target.host_header().clone());
    http
}

#[cfg(test)]
#[path = "http1/tests.rs"]
mod tests;
