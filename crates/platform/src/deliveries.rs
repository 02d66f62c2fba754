//! Deliveries: what an operator asks and does about them. All of it is open to holders of a secret key only.
//!
//! An operator answers for every webhook of the project, so here, and only here, webhooks of all wires are found.

mod explain;
mod log;
mod test;
mod undelivered;

use domain::attempt::Attempt;
use domain::clock::Timestamp;
use domain::cursor::{Cursor, WINDOW};
use domain::delivery::{Dead, DeadReason};
use domain::health::Health;
use domain::id::WebhookNumber;
use domain::webhook::Webhook;
use store::webhooks::WebhookRef;
use store::{Tx, attempts, cursors, dead, events, health, retries, webhooks};

use crate::access::Principal;
use crate::{Error, Noun, Platform};

pub use explain::{EventRef, Traced};
pub use log::{LogPage, LogWanted};
pub use store::attempts::Place;
pub use undelivered::{Undelivered, UndeliveredPage};

/// How a webhook stands: its health, and what it is owed.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The webhook.
    pub webhook: Webhook,
    /// How it has been doing.
    pub health: Health,
    /// How far it has been served.
    pub cursor: Cursor,
    /// The last sequence of the project's log.
    pub head: i64,
    /// How many deliveries will be tried again.
    pub retries: i64,
    /// When the oldest event above the cursor happened, whether the webhook asked for it or not; none if there is none.
    pub oldest_at: Option<Timestamp>,
}

/// Where a webhook that is resumed goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResumeFrom {
    /// Where it stood: nothing is left out.
    Cursor,
    /// With what happens from now on.
    Now,
    /// With what happened at this instant or later.
    At(Timestamp),
}

/// Which attempts are asked for.
#[derive(Clone, Debug, Default)]
pub struct AttemptsWanted {
    /// Only those of this delivery.
    pub sequence: Option<i64>,
    /// Only those of this class; `success` is one.
    pub class: Option<String>,
    /// Only older ones than this.
    pub before: Option<Place>,
    /// How many at most.
    pub limit: i64,
}

impl Platform {
    /// How a webhook of any wire stands.
    pub async fn webhook_standing(&self, principal: &Principal, which: &WebhookRef) -> Result<Standing, Error> {
        let webhook = self.find_any_webhook(principal, which).await?;
        self.store().read(move |tx| standing(tx, &webhook)).await
    }

    /// Pauses a webhook: nothing is sent to it, and everything stays owed. A disabled one stays disabled.
    pub async fn pause_webhook(&self, principal: &Principal, which: &WebhookRef) -> Result<Standing, Error> {
        let (webhook, now) = (self.find_any_webhook(principal, which).await?, self.now());
        self.store()
            .write(move |tx| {
                let (_, mut health) = health::find(tx, webhook.number)?;
                if health.pause(now) {
                    health::decide(tx, webhook.number, &health)?;
                }
                standing(tx, &webhook)
            })
            .await
    }

    /// Makes deliveries to a webhook again, paused or disabled as it may be. Answers also how many sequences of the log were left out;
    /// they are kept as dead. Deliveries that have failed before are tried again in any case.
    pub async fn resume_webhook(
        &self,
        principal: &Principal,
        which: &WebhookRef,
        from: ResumeFrom,
    ) -> Result<(Standing, i64), Error> {
        let (webhook, now) = (self.find_any_webhook(principal, which).await?, self.now());
        let place = webhook.clone();
        // Looked for before the transaction, since it may take a while; the log only grows.
        let target = self.store().read(move |tx| target(tx, &place, from)).await?;
        self.store()
            .write(move |tx| {
                let (_, mut health) = health::find(tx, webhook.number)?;
                let was_resumed = health.resume(now);
                let skipped = skip_to(tx, webhook.number, target, now)?;
                if was_resumed || skipped > 0 {
                    health::decide(tx, webhook.number, &health)?;
                }
                Ok((standing(tx, &webhook)?, skipped))
            })
            .await
    }

    /// A webhook's attempts, newest first.
    pub async fn list_attempts(
        &self,
        principal: &Principal,
        which: &WebhookRef,
        wanted: AttemptsWanted,
    ) -> Result<Vec<Attempt>, Error> {
        let number = self.find_any_webhook(principal, which).await?.number;
        let end = (Timestamp::from_micros(i64::MAX), i64::MAX, i64::MAX);
        self.store()
            .read(move |tx| {
                let (before, class) = (wanted.before.unwrap_or(end), wanted.class.as_deref());
                let Some(sequence) = wanted.sequence else {
                    return Ok(attempts::before(tx, number, before, class, wanted.limit)?);
                };
                let mut found = attempts::of_delivery(tx, number, sequence)?;
                found.retain(|one| {
                    (one.at, one.sequence, one.number) < before
                        && class.is_none_or(|class| class == one.class.as_deref().unwrap_or("success"))
                });
                found.reverse();
                found.truncate(usize::try_from(wanted.limit).unwrap_or_default());
                Ok(found)
            })
            .await
    }

    /// A webhook of any wire.
    pub async fn find_any_webhook(&self, principal: &Principal, which: &WebhookRef) -> Result<Webhook, Error> {
        principal.holds_secret()?;
        let (project, which) = (principal.project.id, *which);
        let look = move |tx: &mut Tx<'_>| Ok::<_, Error>(webhooks::find_of_any_wire(tx, project, &which)?);
        self.store().read(look).await?.ok_or(Error::NotFound(Noun::Webhook))
    }
}

fn standing(tx: &mut Tx<'_>, webhook: &Webhook) -> Result<Standing, Error> {
    let cursor = cursor(tx, webhook)?;
    let oldest = events::find(tx, webhook.project, cursor.low() + 1)?;
    Ok(Standing {
        webhook: webhook.clone(),
        health: health::look(tx, webhook.number)?,
        head: events::last_sequence(tx, webhook.project)?,
        retries: retries::count(tx, webhook.number)?,
        oldest_at: oldest.map(|event| event.fact.at),
        cursor,
    })
}

fn cursor(tx: &mut Tx<'_>, webhook: &Webhook) -> Result<Cursor, Error> {
    Ok(cursors::find(tx, webhook.number)?.unwrap_or_else(|| Cursor::at(webhook.since_sequence)))
}

/// Up to which sequence everything is left out.
fn target(tx: &mut Tx<'_>, webhook: &Webhook, from: ResumeFrom) -> Result<i64, Error> {
    let low = cursor(tx, webhook)?.low();
    match from {
        ResumeFrom::Cursor => Ok(low),
        ResumeFrom::Now => Ok(events::last_sequence(tx, webhook.project)?),
        ResumeFrom::At(at) => match events::first_since(tx, webhook.project, low, at)? {
            Some(first) => Ok(first - 1),
            None => Ok(events::last_sequence(tx, webhook.project)?),
        },
    }
}

/// Moves the cursor past what is left out, and buries it; answers how many sequences that were.
fn skip_to(tx: &mut Tx<'_>, number: WebhookNumber, target: i64, now: Timestamp) -> Result<i64, Error> {
    let Some(mut cursor) = cursors::find_for_update(tx, number)?.filter(|cursor| cursor.low() < target) else {
        return Ok(0);
    };
    let ranges = unsettled(&cursor, target);
    let skipped = ranges.iter().map(|(from, to)| to - from + 1).sum();
    let bury = |(from_sequence, to_sequence)| Dead {
        webhook: number,
        from_sequence,
        to_sequence,
        reason: DeadReason::Skipped,
        at: now,
    };
    let ranges: Vec<Dead> = ranges.into_iter().map(bury).collect();
    dead::append_many(tx, &ranges)?;
    cursor.pass(target);
    cursors::save_many(tx, &[(number, cursor)])?;
    Ok(skipped)
}

/// The ranges above a cursor, up to and with a sequence, in which nothing is settled.
fn unsettled(cursor: &Cursor, to: i64) -> Vec<(i64, i64)> {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    let reach = to.min(cursor.low() + WINDOW);
    for sequence in (cursor.low() + 1..=reach).filter(|sequence| !cursor.is_settled(*sequence)) {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == sequence => *end = sequence,
            _ => ranges.push((sequence, sequence)),
        }
    }
    // Beyond the window nothing can be settled.
    if to > reach {
        match ranges.last_mut() {
            Some((_, end)) if *end == reach => *end = to,
            _ => ranges.push((reach + 1, to)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_settled_above_the_cursor_is_not_left_out() {
        let mut cursor = Cursor::at(10);
        for sequence in [12, 13, 15] {
            cursor.settle(sequence);
        }
        assert_eq!(unsettled(&cursor, 16), [(11, 11), (14, 14), (16, 16)]);
        assert_eq!(unsettled(&cursor, 11), [(11, 11)]);
        assert_eq!(unsettled(&cursor, 10 + WINDOW * 2), [(11, 11), (14, 14), (16, 10 + WINDOW * 2)]);
        cursor.settle(10 + WINDOW);
        let end = 10 + WINDOW;
        assert_eq!(unsettled(&cursor, end + 5), [(11, 11), (14, 14), (16, end - 1), (end + 1, end + 5)]);
    }
}
