//! Attempt: one request; Outcome and whether it is worth another.

use crate::clock::Timestamp;
use crate::id::{ProjectId, WebhookNumber};
use std::time::Duration;

/// The most of a response's body that is kept with its attempt, in bytes.
pub const RESPONSE_BYTES_KEPT_MAX: usize = 16 * 1024;

/// What came of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver answered with this status. Only 2xx is success.
    Answered(u16),
    /// No answer came; the stable word of the reason: `timeout`, `dns`, `blocked_address`, …
    Unanswered(&'static str),
}

impl Outcome {
    /// Whether the receiver has taken the delivery.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Answered(200..=299))
    }

    /// Whether the receiver asks, by its answer or its silence, for fewer requests at a time.
    pub fn is_overload(&self) -> bool {
        matches!(self, Self::Answered(429 | 503) | Self::Unanswered("timeout" | "connect_timeout"))
    }

    /// Whether the receiver will answer the same however often it is asked: a 4xx, but for those that say "later" or "never again".
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Answered(status @ 400..=499) if ![408, 410, 425, 429].contains(status))
    }

    /// The stable word of a failure, none for a success: what the log is searched by.
    pub fn class(&self) -> Option<&'static str> {
        match self {
            Self::Answered(200..=299) => None,
            Self::Answered(300..=399) => Some("redirect"),
            Self::Answered(400..=499) => Some("client_error"),
            Self::Answered(_) => Some("server_error"),
            Self::Unanswered(class) => Some(class),
        }
    }
}

/// One request for a delivery, as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Whose log.
    pub project: ProjectId,
    /// To whom.
    pub webhook: WebhookNumber,
    /// Which event.
    pub sequence: i64,
    /// Which attempt of this delivery, from 1.
    pub number: i64,
    /// When the request began.
    pub at: Timestamp,
    /// How long it took, answer included.
    pub duration: Duration,
    /// The answer's status; none if there was none.
    pub status: Option<u16>,
    /// The stable word of the failure; none for a success.
    pub class: Option<String>,
    /// Who answered: address and port.
    pub remote_address: Option<String>,
    /// The beginning of the answer's body, at most [`RESPONSE_BYTES_KEPT_MAX`].
    pub response: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_2xx_is_success() {
        for (status, class) in [
            (199, Some("server_error")),
            (200, None),
            (204, None),
            (299, None),
            (302, Some("redirect")),
            (410, Some("client_error")),
            (503, Some("server_error")),
        ] {
            assert_eq!(Outcome::Answered(status).class(), class, "{status}");
            assert_eq!(Outcome::Answered(status).is_success(), class.is_none(), "{status}");
        }
        assert_eq!(Outcome::Unanswered("dns").class(), Some("dns"));
    }
}
