//! Roster: the webhooks there are, as the engine learns of them.

use crate::engine::Engine;
use crate::post::{Post, Revision};
use domain::cursor::Cursor;
use domain::id::{ProjectId, WebhookNumber};
use domain::project::Project;
use domain::webhook::Webhook;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use store::{Tx, cursors, webhooks};

impl Engine {
    /// Takes note of webhooks made, changed and deleted.
    pub(crate) async fn reload_webhooks(&mut self) {
        let known: HashMap<WebhookNumber, i64> =
            self.posts.iter().map(|(number, post)| (*number, post.webhook.revision)).collect();
        let known = Arc::new(known);
        let look = self.parts.store.read(move |tx: &mut Tx<'_>| Roster::read(tx, &known));
        match look.await {
            Ok(roster) => self.take_roster(roster),
            Err(error) => {
                tracing::error!(error = %crate::chain(&error), "the webhooks cannot be read; trying again later");
            }
        }
    }

    fn take_roster(&mut self, roster: Roster) {
        self.posts.retain(|number, _| roster.live.contains_key(number));
        for log in self.logs.values_mut() {
            log.webhooks.retain(|number| roster.live.contains_key(number));
        }
        for Changed { number, project, revisions, cursor } in roster.changed {
            let dialects = &self.parts.dialects;
            let revisions = revisions.into_iter().map(|webhook| Revision::new(webhook, dialects)).collect();
            if let Some(post) = self.posts.get_mut(&number) {
                post.revise(revisions);
                self.rearm(number);
                self.turned.push(number);
            } else if let Some(post) = Post::new(revisions, project, cursor, &self.parts.settings) {
                let log = self.logs.entry(post.webhook.project).or_default();
                log.webhooks.push(number);
                self.posts.insert(number, post);
                self.behind.push(number);
            }
        }
    }
}

/// The live webhooks, and more of those that are new or changed.
pub(crate) struct Roster {
    live: HashMap<WebhookNumber, i64>,
    changed: Vec<Changed>,
}

struct Changed {
    number: WebhookNumber,
    project: Arc<Project>,
    revisions: Vec<Webhook>,
    cursor: Cursor,
}

impl Roster {
    fn read(tx: &mut Tx<'_>, known: &HashMap<WebhookNumber, i64>) -> Result<Self, store::Error> {
        let mut roster = Self { live: HashMap::new(), changed: Vec::new() };
        let mut projects = HashMap::new();
        for webhook in webhooks::live(tx)? {
            let number = webhook.number;
            roster.live.insert(number, webhook.revision);
            if known.get(&number) != Some(&webhook.revision) {
                roster.changed.push(Changed::read(tx, webhook, &mut projects)?);
            }
        }
        Ok(roster)
    }
}

impl Changed {
    fn read(
        tx: &mut Tx<'_>,
        webhook: Webhook,
        projects: &mut HashMap<ProjectId, Arc<Project>>,
    ) -> Result<Self, store::Error> {
        let (number, since) = (webhook.number, webhook.since_sequence);
        let project = match projects.entry(webhook.project) {
            Entry::Occupied(known) => Arc::clone(known.get()),
            Entry::Vacant(place) => {
                let found = store::projects::find(tx, webhook.project)?;
                let project = found.ok_or_else(|| store::Error::Bug("a webhook without a project".into()))?;
                Arc::clone(place.insert(Arc::new(project)))
            }
        };
        let revisions = if webhook.revision == 1 { vec![webhook] } else { webhooks::revisions(tx, number, 0)? };
        let cursor = cursors::find(tx, number)?.unwrap_or_else(|| Cursor::at(since));
        Ok(Self { number, project, revisions, cursor })
    }
}
