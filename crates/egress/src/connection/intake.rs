//! Reading a response body: how far, and how much of it is kept.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::Body;
use hyper::body::Incoming;

use crate::request::Request;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    read_max: usize,
    kept_max: usize,
}

impl Limits {
    pub(crate) fn of(request: &Request) -> Self {
        Self { read_max: request.response_bytes_read_max, kept_max: request.response_bytes_kept_max }
    }

    /// How much a receiver may say to send a body within these limits, however clumsily.
    pub(super) fn wire_bytes_max(self) -> usize {
        self.read_max.saturating_mul(WIRE_BYTES_PER_BYTE)
    }
}

/// What a byte of body takes on the wire at most, if sent alone: the head of an HTTP/2 frame has nine, a chunk of HTTP/1.1 five.
const WIRE_BYTES_PER_BYTE: usize = 10;

/// Reads one body.
pub(super) struct Intake {
    body: Incoming,
    limits: Limits,
    kept: Vec<u8>,
    read: usize,
}

/// How reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Whole,
    /// There is more, and nobody will read it.
    Left,
}

impl Intake {
    pub(super) fn new(body: Incoming, limits: Limits) -> Self {
        Self { body, limits, kept: Vec::new(), read: 0 }
    }

    /// How many bytes were seen so far.
    pub(super) fn read(&self) -> usize {
        self.read
    }

    /// Takes what is there, copied: a kept slice of the connection's buffer would keep all of that buffer.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<hyper::Result<End>> {
        loop {
            let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(cx)) else {
                return Poll::Ready(Ok(End::Whole));
            };
            let Ok(data) = frame?.into_data() else { continue };
            let room = self.limits.kept_max.min(self.limits.read_max).saturating_sub(self.kept.len());
            self.kept.extend_from_slice(&data[..data.len().min(room)]);
            self.read += data.len();
            if self.read > self.limits.read_max {
                return Poll::Ready(Ok(End::Left));
            }
        }
    }

    /// What was kept, and whether that is less than there was.
    pub(super) fn finish(self, end: End) -> (Bytes, bool) {
        let is_truncated = end == End::Left || self.read > self.kept.len();
        (self.kept.into(), is_truncated)
    }
}
