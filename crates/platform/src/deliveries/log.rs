//! The log, for whoever would rather fetch events than be told of them. Tests are left out: they are meant for one webhook.

use std::time::Duration;

use domain::event::{Event, EventKind};
use domain::id::ProjectId;
use store::{Tx, events};
use tokio::time::{Instant, sleep, timeout_at};

use crate::access::Principal;
use crate::{Error, Platform};

/// How many events one read of the log brings.
const READ_EVENTS: i64 = 500;
/// How many reads one look makes at most: whoever asks for rare events reads on from where it ended.
const READS_MAX: usize = 10;
/// How soon the log is looked at again at the earliest, however busy it is.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);
/// How soon at the latest: other processes do not ring here.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Which events are asked for.
#[derive(Clone, Debug)]
pub struct LogWanted {
    /// Only later ones than this.
    pub after: i64,
    /// How many at most.
    pub limit: usize,
    /// Only these kinds.
    pub kinds: Vec<EventKind>,
}

/// A stretch of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogPage {
    /// The events, in order.
    pub events: Vec<Event>,
    /// Up to where the log was looked at: read on from here.
    pub after: i64,
    /// The log's last sequence.
    pub head: i64,
}

impl Platform {
    /// The events asked for; if there are none yet, waits so long for some.
    pub async fn read_log(&self, principal: &Principal, wanted: LogWanted, wait: Duration) -> Result<LogPage, Error> {
        principal.holds_secret()?;
        let (project, end) = (principal.project.id, Instant::now() + wait);
        let mut commits = self.store().tail().commits();
        let mut wanted = wanted;
        loop {
            // Whatever is committed from here on is heard below.
            commits.mark_unchanged();
            let (asked, looked_at) = (wanted.clone(), Instant::now());
            let page = self.store().read(move |tx| look(tx, project, &asked)).await?;
            if !page.events.is_empty() || Instant::now() >= end {
                return Ok(page);
            }
            wanted.after = page.after;
            if page.after >= page.head {
                // The store is there as long as this platform: its bell does not fall silent.
                let _ = timeout_at(end.min(looked_at + LOOK_EVERY), commits.changed()).await;
                sleep((looked_at + LOOK_AGAIN_AFTER).saturating_duration_since(Instant::now())).await;
            }
        }
    }
}

fn look(tx: &mut Tx<'_>, project: ProjectId, wanted: &LogWanted) -> Result<LogPage, Error> {
    let head = events::last_sequence(tx, project)?;
    let mut page = LogPage { events: Vec::new(), after: wanted.after, head };
    for _ in 0..READS_MAX {
        let read = events::after(tx, project, page.after, READ_EVENTS)?;
        let is_last = (read.len() as i64) < READ_EVENTS;
        for event in read {
            page.after = event.sequence;
            if event.fact.addressee.is_none() && wanted.kinds.contains(&event.kind()) {
                page.events.push(event);
            }
            if page.events.len() >= wanted.limit {
                return Ok(page);
            }
        }
        if is_last {
            break;
        }
    }
    Ok(page)
}
