//! Revisions: what a webhook asked for at any moment of its project's log.

use crate::dialect::Dialects;
use domain::event::{Event, EventKind};
use domain::filter::Filter;
use domain::webhook::Webhook;
use std::sync::Arc;

/// One revision of a webhook, with what it asks for.
pub(crate) struct Revision {
    pub(crate) webhook: Arc<Webhook>,
    kinds: Vec<EventKind>,
    filter: Option<Filter>,
}

impl Revision {
    /// Looks up, once, what the revision asks for; an inactive one asks for nothing.
    pub(crate) fn new(webhook: Webhook, dialects: &Dialects) -> Self {
        let asked =
            EventKind::ALL.into_iter().filter(|kind| webhook.wish.is_active && dialects.asks_for(&webhook, *kind));
        let kinds = asked.collect();
        // A filter was parsed when it was saved; one that no longer parses lets everything through rather than losing events.
        let filter = webhook.wish.policy.filter.as_deref().and_then(|text| Filter::parse(text).ok());
        Self { kinds, filter, webhook: Arc::new(webhook) }
    }

    /// Whether the webhook asked for this event.
    pub(crate) fn asks_for(&self, event: &Event) -> bool {
        self.kinds.contains(&event.kind()) && self.filter.as_ref().is_none_or(|filter| filter.matches(&event.fact))
    }
}

/// All revisions of a webhook, oldest first: a retry may need any of them. Never empty.
pub(crate) struct Revisions(Vec<Revision>);

impl Revisions {
    /// None if there is none.
    pub(crate) fn new(revisions: Vec<Revision>) -> Option<Self> {
        (!revisions.is_empty()).then_some(Self(revisions))
    }

    /// The current one.
    pub(crate) fn current(&self) -> &Arc<Webhook> {
        &self.0[self.0.len() - 1].webhook
    }

    /// The one that holds for an event of this sequence.
    pub(crate) fn holding(&self, sequence: i64) -> &Revision {
        let holding = self.0.iter().rev().find(|revision| revision.webhook.since_sequence < sequence);
        holding.unwrap_or(&self.0[0])
    }
}
