//! A connection that can carry requests, in either version of HTTP, and what an exchange on it yields.

mod http1;
mod http2;
mod intake;

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::HeaderMap;
use hyper_util::rt::TokioIo;
use tokio::time::Instant;

pub(crate) use self::{http1::Http1, http2::Http2, intake::Limits};
use crate::{dial::Dialed, error::Error, request::Request, stream::Stream};

/// Most headers a response may have.
pub const RESPONSE_HEADERS_MAX: usize = 100;

/// Most bytes of response headers.
pub const RESPONSE_HEADER_BYTES_MAX: usize = 32 * 1024;

/// What a receiver may say until its head is there: the head, and interim ones before it.
const HEAD_WIRE_BYTES_MAX: usize = 4 * RESPONSE_HEADER_BYTES_MAX;

/// A connection is not reused beyond this age, so that a name that moved is followed even under constant traffic.
const AGE_MAX: Duration = Duration::from_mins(5);

pub(crate) enum Connection {
    /// One exchange at a time: owned while in use.
    Http1(Box<Http1>),
    /// Many at once: shared.
    Http2(Http2),
}

/// What an exchange yields.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) is_truncated: bool,
    pub(crate) first_byte_at: Instant,
}

/// Why an exchange yielded nothing.
pub(crate) struct Failure {
    pub(crate) error: Error,
    /// The connection ended before the receiver said a word about this request.
    pub(crate) is_unheard: bool,
}

impl Connection {
    pub(crate) async fn open(dialed: Dialed) -> Result<Self, Error> {
        let Dialed { carrier, allowance, remote, is_http2, .. } = dialed;
        let (stream, heard) = Stream::new(carrier);
        let stream = TokioIo::new(stream);
        if is_http2 {
            Http2::open(stream, allowance, remote).await.map(Self::Http2)
        } else {
            Http1::open(stream, heard, allowance, remote).await.map(Box::new).map(Self::Http1)
        }
    }

    pub(crate) fn remote(&self) -> SocketAddr {
        match self {
            Self::Http1(connection) => connection.remote,
            Self::Http2(connection) => connection.remote,
        }
    }

    /// Sends and reads; hands the connection back if it can serve again. Dropping the future ends the exchange and frees what it held.
    pub(crate) async fn exchange(self, request: Request) -> Result<(Answer, Option<Self>), Failure> {
        match self {
            Self::Http1(connection) => {
                let (answer, connection) = connection.exchange(request).await?;
                Ok((answer, connection.map(Self::Http1)))
            }
            Self::Http2(connection) => {
                let (answer, connection) = connection.exchange(request).await?;
                Ok((answer, connection.map(Self::Http2)))
            }
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, is_unheard: false }
    }
}
