//! Alarms: when the next retry of each webhook is due.

use domain::Timestamp;
use domain::id::WebhookNumber;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// The earliest due retry of each webhook. Setting a later one than is known changes nothing.
#[derive(Default)]
pub(crate) struct Alarms {
    due: HashMap<WebhookNumber, Timestamp>,
    /// May hold instants that were overtaken; those are dropped when they come up.
    order: BinaryHeap<Reverse<(Timestamp, WebhookNumber)>>,
}

impl Alarms {
    /// A retry of this webhook is due then.
    pub(crate) fn set(&mut self, webhook: WebhookNumber, at: Timestamp) {
        let known = self.due.entry(webhook).or_insert(at);
        if at < *known || self.order.is_empty() || *known == at {
            *known = (*known).min(at);
            self.order.push(Reverse((*known, webhook)));
        }
    }

    /// When the earliest of all is due.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.order.peek().map(|Reverse((at, _))| *at)
    }

    /// Takes a webhook whose alarm has come.
    pub(crate) fn take(&mut self, now: Timestamp) -> Option<WebhookNumber> {
        while let Some(Reverse((at, webhook))) = self.order.peek().copied() {
            if at > now {
                return None;
            }
            self.order.pop();
            if self.due.get(&webhook) == Some(&at) {
                self.due.remove(&webhook);
                return Some(webhook);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros)
    }

    #[test]
    fn the_earliest_alarm_of_a_webhook_counts_once() {
        let (one, two) = (WebhookNumber::new(1), WebhookNumber::new(2));
        let mut alarms = Alarms::default();
        alarms.set(one, at(50));
        alarms.set(two, at(20));
        alarms.set(one, at(10));
        alarms.set(one, at(90));
        assert_eq!(alarms.next(), Some(at(10)));
        assert_eq!(alarms.take(at(5)), None);
        assert_eq!(alarms.take(at(60)), Some(one));
        assert_eq!(alarms.take(at(60)), Some(two));
        assert_eq!(alarms.take(at(60)), None);
        alarms.set(one, at(90));
        assert_eq!(alarms.take(at(95)), Some(one));
    }
}
