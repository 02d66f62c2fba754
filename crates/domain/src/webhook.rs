//! Webhook: a standing wish to be told, in the language of the wire it was made through.
//!
//! Every change of a webhook makes a new revision, which holds for the events after it: so the body of a delivery can be rendered again,
//! byte for byte, from its event and the revision of that moment. Requests always go to the current target, signed with the current secret.

use crate::clock::Timestamp;
use crate::id::{ProjectId, WebhookId, WebhookNumber};
use crate::policy::Policy;
use crate::secret::Secret;

/// A standing wish to be told of a project's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its number: Uploadcare's id for it, and the key of all its rows.
    pub number: WebhookNumber,
    /// Its identity on the uc wire.
    pub id: WebhookId,
    /// Whose events.
    pub project: ProjectId,
    /// The wire it was made through; its deliveries speak that language for life.
    pub dialect: String,
    /// Counts its changes, from 1.
    pub revision: i64,
    /// This revision holds for events with a sequence above this.
    pub since_sequence: i64,
    /// What it asks for.
    pub wish: Wish,
    /// Signs its deliveries; none: not signed.
    pub secret: Option<Secret>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What a webhook asks for: what its owner chose and may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Where to: an absolute http or https URL.
    pub target_url: String,
    /// Which events, in the words of its dialect and in the order given.
    pub events: Vec<String>,
    /// Whether anything is owed for events from now on; what was owed before waits until it is active again.
    pub is_active: bool,
    /// The payload's version, in the dialect's own terms.
    pub version: String,
    /// How it wants to be served.
    pub policy: Policy,
    /// Whether the project may have no other such webhook with the same events and target.
    pub is_exclusive: bool,
}

/// What a wish must keep within; each wire has its own limits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest target URL, in characters.
    pub target_chars_max: usize,
    /// The longest signing secret, in characters.
    pub secret_chars_max: usize,
}

impl Webhook {
    /// Changes what differs; answers whether anything did. `since` is the last sequence of the project's log.
    pub fn amend(&mut self, wish: Wish, secret: Option<Secret>, since: i64, now: Timestamp) -> bool {
        if self.wish == wish && self.secret == secret {
            return false;
        }
        self.wish = wish;
        self.secret = secret;
        self.revision += 1;
        self.since_sequence = since;
        self.updated_at = now;
        true
    }
}

impl Wish {
    /// Checks what every wire's webhooks have in common.
    pub fn check(&self, secret: Option<&Secret>, limits: Limits) -> Result<(), crate::Error> {
        if self.events.is_empty() {
            return Err(crate::Error::WebhookEventsEmpty);
        }
        if self.target_url.chars().count() > limits.target_chars_max {
            return Err(crate::Error::WebhookTargetTooLong);
        }
        if secret.is_some_and(|secret| secret.expose().chars().count() > limits.secret_chars_max) {
            return Err(crate::Error::WebhookSecretTooLong);
        }
        Ok(())
    }

    /// What may exist once among a project's exclusive webhooks.
    pub fn slot(&self) -> Option<String> {
        self.is_exclusive.then(|| format!("{} {}", self.events.join(","), self.target_url))
    }
}
