//! Why a request got no answer: a closed list, with a stable word for each.
//!
//! **Invariant:** no address, port or operating system text in here. An attempt log is shown to whoever wrote the target, and must not
//! tell them what listens inside.

use std::io;

use crate::target::TargetError;

/// What went wrong between us and a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is no target.
    #[error("the target is not one we can call")]
    InvalidTarget(#[from] TargetError),
    /// The host is, or resolves to, something we refuse to call.
    #[error("the target is not a public address")]
    BlockedAddress,
    /// The name does not exist, or nobody told us in time.
    #[error("the host name could not be resolved")]
    Dns,
    /// No address of the host took the connection.
    #[error("the connection was refused")]
    ConnectRefused,
    /// Connecting, with the TLS handshake, took too long.
    #[error("connecting took too long")]
    ConnectTimeout,
    /// The handshake failed: a certificate we don't trust, or no TLS at all.
    #[error("no secure connection could be made")]
    Tls,
    /// The whole exchange took too long.
    #[error("the receiver took too long")]
    Timeout,
    /// More than [`crate::RESPONSE_HEADERS_MAX`] headers, or more bytes of them than [`crate::RESPONSE_HEADER_BYTES_MAX`].
    #[error("the response headers are too large")]
    ResponseHeadersTooLarge,
    /// The receiver reset the connection.
    #[error("the connection was reset")]
    ConnectionReset,
    /// The receiver closed the connection before its answer was complete.
    #[error("the connection was closed before the response was complete")]
    ConnectionClosed,
    /// What came back was not HTTP as we know it.
    #[error("the response is not valid HTTP")]
    Protocol,
    /// This machine had no socket left: no fault of the receiver.
    #[error("no socket was available")]
    NoSocket,
    /// The extra root certificates given to [`crate::Client::new`] cannot be read.
    #[error("the extra root certificates are not valid PEM certificates")]
    InvalidRoots,
}

impl Error {
    /// A stable word for logs and filters.
    pub fn class(self) -> &'static str {
        match self {
            Self::InvalidTarget(_) => "invalid_target",
            Self::BlockedAddress => "blocked_address",
            Self::Dns => "dns",
            Self::ConnectRefused => "connect_refused",
            Self::ConnectTimeout => "connect_timeout",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::ResponseHeadersTooLarge => "response_headers_too_large",
            Self::ConnectionReset => "connection_reset",
            Self::ConnectionClosed => "connection_closed",
            Self::Protocol => "protocol",
            Self::NoSocket => "no_socket",
            Self::InvalidRoots => "invalid_roots",
        }
    }

    /// Reads what hyper tells about an exchange that broke.
    pub(crate) fn from_hyper(error: &hyper::Error) -> Self {
        if error.is_parse_too_large() {
            Self::ResponseHeadersTooLarge
        } else if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
            Self::ConnectionClosed
        } else if let Some(error) = source_of::<h2::Error>(error) {
            Self::from_h2(error)
        } else if let Some(error) = source_of::<io::Error>(error) {
            Self::from_io(error)
        } else {
            Self::Protocol
        }
    }

    fn from_h2(error: &h2::Error) -> Self {
        match error.get_io() {
            Some(error) => Self::from_io(error),
            _ if error.is_remote() && error.is_go_away() => Self::ConnectionClosed,
            _ if error.is_remote() => Self::ConnectionReset,
            _ => Self::Protocol,
        }
    }

    fn from_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::ConnectionClosed,
            io::ErrorKind::InvalidData if has_source::<rustls::Error>(error) => Self::Tls,
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Self::Protocol,
            _ => Self::ConnectionReset,
        }
    }
}

fn has_source<T: std::error::Error + 'static>(error: &io::Error) -> bool {
    error.get_ref().and_then(|source| source.downcast_ref::<T>()).is_some()
}

/// The first error of this type in the chain.
pub(crate) fn source_of<T: std::error::Error + 'static>(error: &hyper::Error) -> Option<&T> {
    let mut next = std::error::Error::source(error);
    while let Some(error) = next {
        match error.downcast_ref() {
            Some(found) => return Some(found),
            None => next = error.source(),
        }
    }
    None
}
