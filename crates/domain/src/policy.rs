//! Policy: how a webhook wants to be served: order, retries, limits, what to leave out. Every part has a default, and the defaults are
//! what Uploadcare's webhooks get.

use crate::retry::Schedule;
use std::time::Duration;

/// The longest that a delivery may be tried.
pub const RETRY_FOR_MAX: Duration = Duration::from_hours(30 * 24);
/// The most waits in a schedule of one's own.
pub const WAITS_MAX: usize = 30;
/// The shortest and the longest time that one attempt may take.
pub const TIMEOUT_RANGE: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(30);
/// The most headers of one's own.
pub const HEADERS_MAX: usize = 20;
/// The longest header value of one's own, in bytes.
pub const HEADER_BYTES_MAX: usize = 1024;

/// In which order a webhook's deliveries are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// One first attempt per resource at a time, in the order of its events; one that fails does not block later ones.
    #[default]
    Key,
    /// The same, but what happens to a resource waits until what happened before is delivered or dead.
    KeyStrict,
    /// One delivery at a time, in the order of the log; one that fails blocks all.
    Fifo,
    /// As many at once as the receiver takes, in any order.
    Any,
}

impl Order {
    /// Every order there is.
    pub const ALL: [Self; 4] = [Self::Key, Self::KeyStrict, Self::Fifo, Self::Any];

    /// The name it bears in tables and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::KeyStrict => "key-strict",
            Self::Fifo => "fifo",
            Self::Any => "any",
        }
    }

    /// The order of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.name() == name)
    }

    /// Whether a delivery that failed keeps back what comes after it.
    pub const fn is_strict(self) -> bool {
        matches!(self, Self::KeyStrict | Self::Fifo)
    }

    /// What deliveries about this resource wait in line for; none: they do not wait.
    pub const fn line(self, resource: [u8; 16]) -> Option<[u8; 16]> {
        match self {
            Self::Key | Self::KeyStrict => Some(resource),
            Self::Fifo => Some([0; 16]),
            Self::Any => None,
        }
    }
}

/// How a webhook wants to be served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// In which order.
    pub order: Order,
    /// The waits between attempts, in place of the documented ones.
    pub waits: Option<Vec<Duration>>,
    /// How long a delivery is tried, in place of 72 hours; at most [`RETRY_FOR_MAX`].
    pub retry_for: Option<Duration>,
    /// How long one attempt may take, in place of 15 seconds; within [`TIMEOUT_RANGE`].
    pub timeout: Option<Duration>,
    /// Whether an answer of 4xx (but 408, 410, 425 and 429) ends a delivery at once.
    pub stops_on_4xx: bool,
    /// An expression that an event must satisfy, beside having a name that was asked for.
    pub filter: Option<String>,
    /// Headers sent along, in this order: names are lower-case.
    pub headers: Vec<(String, String)>,
    /// Whether it is never disabled by the server itself.
    pub is_never_disabled: bool,
}

/// Headers that a webhook may not set: the server's own, and those that shape the connection.
const HEADERS_RESERVED: [&str; 16] = [
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// A part of a policy that is out of its limits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// No wait at all, or more than [`WAITS_MAX`].
    #[error("a schedule has 1 to {WAITS_MAX} waits")]
    Waits,
    /// Longer than [`RETRY_FOR_MAX`], or no time at all.
    #[error("deliveries are tried for at most 30 days")]
    RetryFor,
    /// Outside [`TIMEOUT_RANGE`].
    #[error("an attempt takes 1 to 30 seconds at most")]
    Timeout,
    /// More than [`HEADERS_MAX`].
    #[error("at most {HEADERS_MAX} headers may be sent along")]
    HeadersTooMany,
    /// Not a header's name, or one that is the server's own.
    #[error("the header {0:?} may not be set")]
    HeaderName(String),
    /// Not printable ASCII, or longer than [`HEADER_BYTES_MAX`].
    #[error("the value of the header {0:?} is not printable ASCII of at most {HEADER_BYTES_MAX} characters")]
    HeaderValue(String),
}

impl Policy {
    /// Checks the limits of every part but the filter, which its own parser judges.
    pub fn check(&self) -> Result<(), PolicyError> {
        if self.waits.as_ref().is_some_and(|waits| waits.is_empty() || waits.len() > WAITS_MAX) {
            return Err(PolicyError::Waits);
        }
        let is_too_long = |span: &Duration| *span > RETRY_FOR_MAX;
        if self.retry_for.as_ref().is_some_and(|span| is_too_long(span) || span.is_zero())
            || self.waits.iter().flatten().any(is_too_long)
        {
            return Err(PolicyError::RetryFor);
        }
        if self.timeout.is_some_and(|timeout| !TIMEOUT_RANGE.contains(&timeout)) {
            return Err(PolicyError::Timeout);
        }
        if self.headers.len() > HEADERS_MAX {
            return Err(PolicyError::HeadersTooMany);
        }
        self.headers.iter().try_for_each(|(name, value)| check_header(name, value))
    }

    /// When failed deliveries are tried again, given the server's own schedule.
    pub fn schedule(&self, default: &Schedule) -> Schedule {
        default.with(self.waits.clone(), self.retry_for)
    }
}

fn check_header(name: &str, value: &str) -> Result<(), PolicyError> {
    let is_token = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    let is_ours = name.starts_with("webhook-") || name.starts_with("x-uc-") || HEADERS_RESERVED.contains(&name);
    if name.is_empty() || name.len() > 64 || !name.bytes().all(is_token) || is_ours {
        return Err(PolicyError::HeaderName(name.to_owned()));
    }
    if value.len() > HEADER_BYTES_MAX || !value.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Err(PolicyError::HeaderValue(name.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_header(name: &str, value: &str) -> Policy {
        Policy { headers: vec![(name.into(), value.into())], ..Policy::default() }
    }

    #[test]
    fn every_part_has_its_limits() {
        let day = Duration::from_hours(24);
        assert_eq!(Policy::default().check(), Ok(()));
        assert_eq!(Policy { retry_for: Some(day * 30), ..Policy::default() }.check(), Ok(()));
        assert_eq!(Policy { retry_for: Some(day * 31), ..Policy::default() }.check(), Err(PolicyError::RetryFor));
        assert_eq!(Policy { waits: Some(vec![]), ..Policy::default() }.check(), Err(PolicyError::Waits));
        assert_eq!(Policy { timeout: Some(day), ..Policy::default() }.check(), Err(PolicyError::Timeout));
        assert_eq!(with_header("x-team", "harbour").check(), Ok(()));
        for name in ["host", "webhook-id", "x-uc-signature", "X-Team", "a b", ""] {
            assert_eq!(with_header(name, "v").check(), Err(PolicyError::HeaderName(name.into())), "{name}");
        }
        assert_eq!(with_header("x-team", "a\r\nb").check(), Err(PolicyError::HeaderValue("x-team".into())));
    }

    #[test]
    fn an_order_is_known_by_its_name() {
        for order in Order::ALL {
            assert_eq!(Order::from_name(order.name()), Some(order));
        }
        assert_eq!(Order::from_name("none"), None);
    }
}
