//! What came back.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::HeaderMap;

/// An answer, whatever its status: a redirect is one too, and is not followed.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// At most [`crate::RESPONSE_HEADERS_MAX`].
    pub headers: HeaderMap,
    /// The first bytes of the body, at most as many as the request wanted kept.
    pub body: Bytes,
    /// There was more body than is kept here.
    pub is_truncated: bool,
    /// Who answered.
    pub remote_address: Option<SocketAddr>,
    /// The connection had served a request before.
    pub is_reused_connection: bool,
    /// Where the time went.
    pub timings: Timings,
}

/// Where the time went. The phases of connecting are absent on a reused connection, and TLS on plain HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timings {
    /// Finding the addresses.
    pub resolve: Option<Duration>,
    /// Opening the connection.
    pub connect: Option<Duration>,
    /// The TLS handshake.
    pub tls: Option<Duration>,
    /// From the start until the response's head was read.
    pub first_byte: Duration,
    /// From the start until the body was read, or left.
    pub total: Duration,
}
