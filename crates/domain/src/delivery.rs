//! Delivery: an event owed to a webhook, named by (webhook, sequence).
//!
//! ```text
//!             reader               2xx
//!  Pending ───────────► Inflight ─────────► Delivered          (a bit in the cursor's window, then below the cursor)
//!     ▲                    │  │
//!     │   not active,      │  └─ schedule spent ──► Dead(reason)
//!     └── held in place    └─ worth another ──► RetryAt ──► Inflight
//! ```
//! Nothing is written for a delivery that succeeds at once but its attempt and, with many others, the cursor: what is pending is derived
//! from the log and the cursor. Only the exceptions have rows: a retry, or a range of dead ones. Delivered is final.

use crate::clock::Timestamp;
use crate::id::{EventId, WebhookId, WebhookNumber};

/// A delivery's identity: the same on every attempt, different for each webhook. Receivers use it to drop what they have seen.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeliveryId([u8; 16]);

impl DeliveryId {
    /// Derives it from the two it joins, so that no row is needed to remember it: a 128-bit mix of event and webhook.
    ///
    /// Both ids are random, so xor keeps them apart; the multiplication by an odd constant keeps (a, b) apart from (b, a).
    pub fn of(event: EventId, webhook: WebhookId) -> Self {
        const ODD: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
        let (event, webhook) = (u128::from_be_bytes(*event.as_bytes()), u128::from_be_bytes(*webhook.as_bytes()));
        Self((event ^ webhook.wrapping_mul(ODD)).to_be_bytes())
    }

    /// Its 128 bits.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// A delivery that has failed and will be tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// To whom it is owed.
    pub webhook: WebhookNumber,
    /// Which event of the webhook's project.
    pub sequence: i64,
    /// The sequence that this webhook was owed before this one; 0 if this was the first.
    pub previous_sequence: i64,
    /// How many attempts were made.
    pub attempts: i64,
    /// When the first was made: the schedule ends a fixed time after it.
    pub first_at: Timestamp,
    /// When the next is due.
    pub due_at: Timestamp,
}

/// Deliveries that will not be tried again: a range of sequences, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dead {
    /// To whom they were owed.
    pub webhook: WebhookNumber,
    /// The first sequence.
    pub from_sequence: i64,
    /// The last sequence.
    pub to_sequence: i64,
    /// Why.
    pub reason: DeadReason,
    /// Since when.
    pub at: Timestamp,
}

/// Why a delivery will not be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadReason {
    /// Every attempt of the schedule has failed.
    Exhausted,
    /// The log no longer holds the event.
    Expired,
    /// The receiver refused it with a 4xx, and the webhook stops on those.
    Refused,
    /// Somebody chose to leave it out when resuming.
    Skipped,
}

impl DeadReason {
    /// Every reason there is.
    pub const ALL: [Self; 4] = [Self::Exhausted, Self::Expired, Self::Refused, Self::Skipped];

    /// The name it bears in tables and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exhausted => "exhausted",
            Self::Expired => "expired",
            Self::Refused => "refused",
            Self::Skipped => "skipped",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_named_by_both_its_event_and_its_webhook() {
        let id =
            |event, webhook| DeliveryId::of(EventId::from_bytes([event; 16]), WebhookId::from_bytes([webhook; 16]));
        assert!(id(1, 2) == id(1, 2));
        assert!(id(1, 2) != id(2, 1));
        assert!(id(1, 2) != id(1, 3));
    }
}
