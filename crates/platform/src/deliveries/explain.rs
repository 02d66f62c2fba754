//! Explain: everything that is known of one event and each webhook. The words for it are the door's.

use domain::attempt::Attempt;
use domain::delivery::{Dead, DeliveryId, Retry};
use domain::event::Event;
use domain::health::Health;
use domain::id::{EventId, ProjectId};
use domain::webhook::Webhook;
use store::webhooks::WebhookRef;
use store::{Tx, attempts, dead, events, health, retries, webhooks};

use super::cursor;
use crate::access::Principal;
use crate::{Error, Noun, Platform};

/// How an event is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventRef {
    /// By its place in the log.
    Sequence(i64),
    /// By its own 128 bits, or by those of its delivery to one webhook.
    Id([u8; 16]),
}

/// What is known of one event and one webhook.
#[derive(Clone, Debug, PartialEq)]
pub struct Traced {
    /// The webhook as it is now.
    pub webhook: Webhook,
    /// As it was for the event; none if it was made later.
    pub then: Option<Webhook>,
    /// How it has been doing.
    pub health: Health,
    /// Whether its cursor has settled the event.
    pub is_settled: bool,
    /// It will be tried again.
    pub retry: Option<Retry>,
    /// It will not.
    pub dead: Option<Dead>,
    /// The attempts, in order.
    pub attempts: Vec<Attempt>,
}

impl Platform {
    /// An event, and what is known of it and each webhook of the project, or only one.
    pub async fn explain_event(
        &self,
        principal: &Principal,
        event: EventRef,
        which: Option<WebhookRef>,
    ) -> Result<(Event, Vec<Traced>), Error> {
        principal.holds_secret()?;
        let project = principal.project.id;
        self.store()
            .read(move |tx| {
                let all = webhooks::list_of_all_wires(tx, project)?;
                let event = find(tx, project, event, &all)?.ok_or(Error::NotFound(Noun::Event))?;
                let asked = match &which {
                    Some(which) => {
                        let found = webhooks::find_of_any_wire(tx, project, which)?;
                        vec![found.ok_or(Error::NotFound(Noun::Webhook))?]
                    }
                    None => all,
                };
                let traced = asked.into_iter().map(|webhook| trace(tx, webhook, event.sequence));
                let traced = traced.collect::<Result<_, _>>()?;
                Ok((event, traced))
            })
            .await
    }
}

fn find(tx: &mut Tx<'_>, project: ProjectId, event: EventRef, all: &[Webhook]) -> Result<Option<Event>, Error> {
    let id = match event {
        EventRef::Sequence(sequence) => return Ok(events::find(tx, project, sequence)?),
        EventRef::Id(id) => EventId::from_bytes(id),
    };
    if let Some(event) = events::find_by_id(tx, project, id)? {
        return Ok(Some(event));
    }
    for webhook in all {
        // What joins an event and a webhook to a delivery takes them apart again.
        let event = EventId::from_bytes(*DeliveryId::of(id, webhook.id).as_bytes());
        if let Some(event) = events::find_by_id(tx, project, event)? {
            return Ok(Some(event));
        }
    }
    Ok(None)
}

fn trace(tx: &mut Tx<'_>, webhook: Webhook, sequence: i64) -> Result<Traced, Error> {
    let number = webhook.number;
    let mut revisions = webhooks::revisions(tx, number, sequence - 1)?.into_iter();
    Ok(Traced {
        then: revisions.next().filter(|then| then.since_sequence < sequence),
        health: health::look(tx, number)?,
        is_settled: cursor(tx, &webhook)?.is_settled(sequence),
        retry: retries::find(tx, number, sequence)?,
        dead: dead::covering(tx, number, sequence)?,
        attempts: attempts::of_delivery(tx, number, sequence)?,
        webhook,
    })
}
