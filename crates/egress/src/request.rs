//! One request, as a caller hands it in.

use std::time::Duration;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, Method,
    header::{ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE},
};

use crate::target::Target;

/// Something to be sent once.
#[derive(Clone)]
pub struct Request {
    /// Usually `POST`.
    pub method: Method,
    /// Where to.
    pub target: Target,
    /// Sent as given, without those that frame a message, route it or ask for compression: `Host`, `Content-Length`,
    /// `Transfer-Encoding`, `Connection` and its kin, `Accept-Encoding` are ours to say, and dropped.
    pub headers: HeaderMap,
    /// Sent whole, with its length.
    pub body: Bytes,
    /// Longest time for everything, response body included.
    pub timeout: Duration,
    /// Reading the response body stops here.
    pub response_bytes_read_max: usize,
    /// This much of the response body is handed back.
    pub response_bytes_kept_max: usize,
}

impl Request {
    /// A `POST` with the usual limits: 15 s, 64 KiB read, 16 KiB kept.
    pub fn post(target: Target, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            method: Method::POST,
            target,
            headers,
            body,
            timeout: Duration::from_secs(15),
            response_bytes_read_max: 64 * 1024,
            response_bytes_kept_max: 16 * 1024,
        }
    }
}

/// What only the sender of a message may say: a caller's word here could split one request into two, or ask for a body we won't inflate.
const OURS: [HeaderName; 11] = [
    HOST,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    TE,
    TRAILER,
    UPGRADE,
    EXPECT,
    ACCEPT_ENCODING,
];

pub(crate) fn drop_ours(headers: &mut HeaderMap) {
    for name in &OURS {
        headers.remove(name);
    }
}
