//! Lines: what waits behind what. Deliveries in one line are made one at a time, in the order of the log.

use domain::event::Event;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// What names a line: a resource's id, or nothing but zeroes for a webhook whose deliveries all stand in one.
pub(crate) type Name = [u8; 16];

/// The lines of one webhook that anything stands in.
#[derive(Default)]
pub(crate) struct Lines(HashMap<Name, Line>);

#[derive(Default)]
struct Line {
    /// How many deliveries hold it: one under way, or, in a strict order, failed ones that are not yet delivered or dead.
    holders: usize,
    behind: VecDeque<Arc<Event>>,
}

impl Lines {
    /// Takes the line's head for this event and gives it back, or lets it stand behind whoever holds it.
    pub(crate) fn enter(&mut self, name: Name, event: Arc<Event>) -> Option<Arc<Event>> {
        let line = self.0.entry(name).or_default();
        if line.holders > 0 {
            line.behind.push_back(event);
            return None;
        }
        line.holders = 1;
        Some(event)
    }

    /// Holds a line for a delivery that failed before this process began.
    pub(crate) fn hold(&mut self, name: Name) {
        self.0.entry(name).or_default().holders += 1;
    }

    /// Lets go of a line; the next in it, if any, holds it now.
    pub(crate) fn leave(&mut self, name: Name) -> Option<Arc<Event>> {
        let line = self.0.get_mut(&name)?;
        line.holders = line.holders.saturating_sub(1);
        if line.holders > 0 {
            return None;
        }
        let next = line.behind.pop_front();
        match &next {
            Some(_) => line.holders = 1,
            None => drop(self.0.remove(&name)),
        }
        next
    }

    /// Sends away whoever waits for an event at or below this sequence.
    pub(crate) fn skip_to(&mut self, sequence: i64) {
        for line in self.0.values_mut() {
            line.behind.retain(|event| event.sequence > sequence);
        }
    }
}
