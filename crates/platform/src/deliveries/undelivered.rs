//! What has not been delivered: what will be tried again, and what will not, in the order of the log.

use domain::delivery::{Dead, Retry};
use store::webhooks::WebhookRef;
use store::{dead, retries};

use super::{Standing, standing};
use crate::access::Principal;
use crate::{Error, Platform};

/// One exception: a delivery, or a range of them, that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// It will be tried again.
    Retry(Retry),
    /// They will not.
    Dead(Dead),
}

/// A stretch of them, and how the webhook stands: everything above its cursor that is not here is waiting, or was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct UndeliveredPage {
    /// By sequence.
    pub list: Vec<Undelivered>,
    /// Whether there are more.
    pub has_more: bool,
    /// How the webhook stands.
    pub standing: Standing,
}

impl Undelivered {
    /// The sequence it is listed by.
    pub fn sequence(&self) -> i64 {
        match self {
            Self::Retry(retry) => retry.sequence,
            Self::Dead(dead) => dead.from_sequence,
        }
    }
}

impl Platform {
    /// What a webhook has not taken, after a sequence. One page may be longer than the limit, when several ranges begin at its end.
    pub async fn list_undelivered(
        &self,
        principal: &Principal,
        which: &WebhookRef,
        after: i64,
        limit: usize,
    ) -> Result<UndeliveredPage, Error> {
        let webhook = self.find_any_webhook(principal, which).await?;
        // Ranges that begin together differ in their reasons' spread, and are few.
        let read_max = limit as i64 * 2 + 1;
        self.store()
            .read(move |tx| {
                let retries = retries::list(tx, webhook.number, after, read_max)?.into_iter().map(Undelivered::Retry);
                let dead = dead::after(tx, webhook.number, after, read_max)?.into_iter().map(Undelivered::Dead);
                let mut list: Vec<Undelivered> = retries.chain(dead).collect();
                list.sort_by_key(Undelivered::sequence);
                let end = cut(&list, limit);
                let has_more = end < list.len();
                list.truncate(end);
                Ok(UndeliveredPage { list, has_more, standing: standing(tx, &webhook)? })
            })
            .await
    }
}

/// Where the page ends: never between two that begin at one sequence, since the next one begins after it.
fn cut(list: &[Undelivered], limit: usize) -> usize {
    let mut end = limit.min(list.len());
    while end > 0 && end < list.len() && list[end].sequence() == list[end - 1].sequence() {
        end += 1;
    }
    end
}
