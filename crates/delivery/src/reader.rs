//! Reader: the log → what each webhook is owed next.
//!
//! A webhook that has judged everything in its project's log is *live*: news of this process's commits are judged as they come, without a
//! look at any row. One that is behind (after a restart, after a pause, with too much waiting) reads the log from where it stands, a stretch
//! at a time, until it is live again. Both ways judge the same events in the same order.

use crate::engine::{Engine, Heard};
use crate::post::Standing;
use domain::event::Event;
use domain::id::{ProjectId, WebhookNumber};
use std::sync::Arc;
use store::{Error, News, Tx, events, webhooks};

/// What the engine knows of one project's log.
#[derive(Default)]
pub(crate) struct Log {
    /// The last sequence known to exist.
    pub(crate) head: i64,
    /// The project's webhooks.
    pub(crate) webhooks: Vec<WebhookNumber>,
}

/// A stretch of the log, as one look into the rows found it.
pub(crate) struct Stretch {
    events: Vec<Event>,
    /// The webhook's revision at that moment; none: it is deleted.
    revision: Option<i64>,
}

impl Stretch {
    fn read(tx: &mut Tx<'_>, number: WebhookNumber, project: ProjectId, after: i64, limit: i64) -> Result<Self, Error> {
        let events = events::after(tx, project, after, limit)?;
        let revision = webhooks::revisions(tx, number, after)?.last().map(|webhook| webhook.revision);
        Ok(Self { events, revision })
    }
}

impl Engine {
    /// Takes what this process has committed since the last time.
    pub(crate) async fn take_news(&mut self) {
        let mut taken = self.parts.store.tail().take();
        if taken.has_missed {
            self.reload_webhooks().await;
            self.look_at_heads().await;
            return;
        }
        if taken.news.iter().any(|news| matches!(news, News::Webhooks)) {
            self.reload_webhooks().await;
        }
        for news in taken.news.drain(..) {
            if let News::Event(event) = news {
                self.take_event(&event);
            }
        }
    }

    fn take_event(&mut self, event: &Arc<Event>) {
        let log = self.logs.entry(event.project()).or_default();
        log.head = log.head.max(event.sequence);
        for number in &log.webhooks {
            let Some(post) = self.posts.get_mut(number) else {
                continue;
            };
            // What does not follow on what was judged is read from the log, which has it in order.
            let follows = post.standing == Standing::Live && post.read + 1 == event.sequence;
            if follows && post.waiting() < self.parts.settings.ready_max {
                post.judge(event);
                self.turned.push(*number);
            } else if post.read < event.sequence {
                post.fall_behind();
                self.behind.push(*number);
                if event.fact.addressee == Some(*number) {
                    post.hurry(event);
                    self.turned.push(*number);
                }
            }
        }
    }

    /// Looks at what other processes may have written.
    pub(crate) async fn look_at_heads(&mut self) {
        let heads = match self.parts.store.read(events::heads).await {
            Ok(heads) => heads,
            Err(error) => {
                return tracing::warn!(error = %crate::chain(&error), "the log cannot be looked at; trying again later");
            }
        };
        for (project, head) in heads {
            let log = self.logs.entry(project).or_default();
            log.head = log.head.max(head);
            let (head, numbers) = (log.head, log.webhooks.clone());
            self.mark_behind(head, &numbers);
        }
    }

    pub(crate) fn mark_behind(&mut self, head: i64, numbers: &[WebhookNumber]) {
        for number in numbers {
            let Some(post) = self.posts.get_mut(number) else {
                continue;
            };
            if post.read < head {
                post.fall_behind();
                self.behind.push(*number);
            }
        }
    }

    /// Starts a look into the log for each webhook that is behind and has room.
    pub(crate) fn read_behind(&mut self) {
        for number in std::mem::take(&mut self.behind) {
            let Some(post) = self.posts.get_mut(&number) else {
                continue;
            };
            if post.standing != Standing::Behind || post.waiting() * 2 > self.parts.settings.ready_max {
                continue;
            }
            post.standing = Standing::Reading;
            let (project, after) = (post.webhook().project, post.read);
            self.read_from(number, project, after);
        }
    }

    fn read_from(&self, webhook: WebhookNumber, project: ProjectId, after: i64) {
        let parts = Arc::clone(&self.parts);
        let limit = parts.settings.read_events_max;
        tokio::spawn(async move {
            let found = parts.store.read(move |tx| Stretch::read(tx, webhook, project, after, limit)).await;
            parts.tell(Heard::Read { webhook, found });
        });
    }

    /// Judges a stretch of the log for one webhook.
    pub(crate) fn take_stretch(&mut self, number: WebhookNumber, found: Result<Stretch, Error>) {
        let Some(post) = self.posts.get_mut(&number) else {
            return;
        };
        post.standing = Standing::Behind;
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                return tracing::warn!(error = %crate::chain(&error), "the log cannot be read; trying again later");
            }
        };
        if found.revision.is_some_and(|revision| revision > post.webhook().revision) {
            // Its last events may hold for a revision that is not known here yet: they are read again once it is.
            self.behind.push(number);
            self.has_stale_roster = true;
            return;
        }
        let log = self.logs.entry(post.webhook().project).or_default();
        for event in found.events {
            // A later look may overlap with an earlier one.
            if event.sequence > post.read {
                post.judge(&Arc::new(event));
            }
        }
        log.head = log.head.max(post.read);
        if post.read >= log.head {
            post.standing = Standing::Live;
        } else {
            self.behind.push(number);
        }
        self.turned.push(number);
        self.ledger.moved.insert(number);
    }
}
