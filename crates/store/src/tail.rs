//! The tail of the log, kept in memory: what this process has just committed, for whoever delivers it.
//!
//! News are put here after their commit, in commit order, and the bell is rung; the bell carries no data. Nothing is lost if nobody takes
//! them, if there are too many, or if another process wrote: then the taker is told that it has missed some and reads the rows. On
//! PostgreSQL two commits of one project may arrive in the wrong order; a taker sees the gap and reads the rows as well.

use domain::event::Event;
use pulse::Wake;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// How many news wait at most; past that the oldest are forgotten and must be read from the log.
pub const NEWS_MAX: usize = 65_536;

/// What a commit has changed.
#[derive(Clone, Debug)]
pub enum News {
    /// An event was appended.
    Event(Arc<Event>),
    /// A webhook was made, changed or deleted.
    Webhooks,
}

/// News of this process's commits. One taker; any number of givers.
#[derive(Clone, Default)]
pub struct Tail {
    waiting: Arc<Mutex<Waiting>>,
    wake: Wake,
    commits: watch::Sender<u64>,
}

#[derive(Default)]
struct Waiting {
    news: VecDeque<News>,
    is_watched: bool,
    has_missed: bool,
}

/// What [`Tail::take`] found.
#[derive(Debug, Default)]
pub struct Taken {
    /// In commit order.
    pub news: VecDeque<News>,
    /// Some were forgotten before they were taken: read the log, and the webhooks, again.
    pub has_missed: bool,
}

impl Tail {
    /// From now on news are kept for a taker; before this they are dropped, since nobody would ever take them.
    pub fn watch(&self) {
        self.lock().is_watched = true;
    }

    /// Takes all that waits.
    pub fn take(&self) -> Taken {
        let mut waiting = self.lock();
        Taken { news: std::mem::take(&mut waiting.news), has_missed: std::mem::take(&mut waiting.has_missed) }
    }

    /// Rings when there are news.
    pub fn wake(&self) -> &Wake {
        &self.wake
    }

    /// Counts this process's commits, whatever they changed: for any number of those who wait for a row to appear. Carries no news.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    /// Adds what a commit has changed.
    pub(crate) fn give(&self, news: impl IntoIterator<Item = News>) {
        self.commits.send_modify(|count| *count += 1);
        let mut waiting = self.lock();
        if !waiting.is_watched {
            return;
        }
        waiting.news.extend(news);
        if waiting.news.len() > NEWS_MAX {
            waiting.news.clear();
            waiting.has_missed = true;
        }
        if waiting.news.is_empty() && !waiting.has_missed {
            return;
        }
        drop(waiting);
        self.wake.ring();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commit_is_counted_also_without_news() {
        let tail = Tail::default();
        let (mut one, other) = (tail.commits(), tail.commits());
        tail.give([]);
        tail.give([News::Webhooks]);
        assert_eq!((*one.borrow_and_update(), other.has_changed().unwrap()), (2, true));
        assert!(!one.has_changed().unwrap());
    }

    #[test]
    fn news_wait_for_their_taker_but_not_without_end() {
        let tail = Tail::default();
        tail.give([News::Webhooks]);
        assert_eq!(tail.take().news.len(), 0, "nobody watched");
        tail.watch();
        tail.give([News::Webhooks, News::Webhooks]);
        assert_eq!(tail.take().news.len(), 2);
        tail.give((0..=NEWS_MAX).map(|_| News::Webhooks));
        let taken = tail.take();
        assert!(taken.has_missed && taken.news.is_empty());
        assert!(!tail.take().has_missed);
    }
}
