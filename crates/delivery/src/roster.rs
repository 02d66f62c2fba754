//! Roster: the webhooks there are, as the engine learns of them.

use crate::engine::Engine;
use crate::post::{Known, Post};
use crate::revision::Revision;
use domain::cursor::Cursor;
use domain::health::Health;
use domain::id::{ProjectId, WebhookNumber};
use domain::project::Project;
use domain::webhook::Webhook;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use store::{Tx, cursors, health, retries, webhooks};

/// What the engine knows of each webhook: its revision, and the revision of what people decided of its health.
type Revisions = HashMap<WebhookNumber, (i64, i64)>;

impl Engine {
    /// Takes note of webhooks made, changed, paused, resumed and deleted.
    pub(crate) async fn reload_webhooks(&mut self) {
        let known = self.posts.iter().map(|(number, post)| (*number, (post.webhook().revision, post.health_revision)));
        let known: Arc<Revisions> = Arc::new(known.collect());
        let look = self.parts.store.read(move |tx: &mut Tx<'_>| Roster::read(tx, &known));
        match look.await {
            Ok(roster) => self.take_roster(roster),
            Err(error) => {
                tracing::error!(error = %crate::chain(&error), "the webhooks cannot be read; trying again later");
            }
        }
    }

    fn take_roster(&mut self, roster: Roster) {
        self.posts.retain(|number, _| roster.live.contains(number));
        for log in self.logs.values_mut() {
            log.webhooks.retain(|number| roster.live.contains(number));
        }
        for changed in roster.changed {
            let number = changed.number;
            let known = changed.known(&self.parts.dialects);
            if let Some(post) = self.posts.get_mut(&number) {
                post.revise(known);
                self.rearm(number);
                self.turned.push(number);
                self.behind.push(number);
            } else if let Some(post) = Post::new(known, &self.parts.settings) {
                self.logs.entry(post.webhook().project).or_default().webhooks.push(number);
                self.posts.insert(number, post);
                self.behind.push(number);
            }
        }
    }
}

/// The live webhooks, and more of those that are new or changed.
struct Roster {
    live: HashSet<WebhookNumber>,
    changed: Vec<Changed>,
}

struct Changed {
    number: WebhookNumber,
    project: Arc<Project>,
    revisions: Vec<Webhook>,
    cursor: Cursor,
    health: (i64, Health),
    failed: Vec<(i64, [u8; 16])>,
}

impl Roster {
    fn read(tx: &mut Tx<'_>, known: &Revisions) -> Result<Self, store::Error> {
        let mut roster = Self { live: HashSet::new(), changed: Vec::new() };
        let mut projects = HashMap::new();
        let healths = health::all(tx)?.into_iter().map(|(number, revision, health)| (number, (revision, health)));
        let mut healths: HashMap<WebhookNumber, (i64, Health)> = healths.collect();
        for webhook in webhooks::live(tx)? {
            let number = webhook.number;
            let health = healths.remove(&number).unwrap_or_default();
            roster.live.insert(number);
            if known.get(&number) != Some(&(webhook.revision, health.0)) {
                roster.changed.push(Changed::read(tx, webhook, health, &mut projects)?);
            }
        }
        Ok(roster)
    }
}

impl Changed {
    fn read(
        tx: &mut Tx<'_>,
        webhook: Webhook,
        health: (i64, Health),
        projects: &mut HashMap<ProjectId, Arc<Project>>,
    ) -> Result<Self, store::Error> {
        let (number, since, order) = (webhook.number, webhook.since_sequence, webhook.wish.policy.order);
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
        let failed = if order.is_strict() { retries::of_webhook(tx, number)? } else { Vec::new() };
        Ok(Self { number, project, revisions, cursor, health, failed })
    }

    fn known(self, dialects: &crate::dialect::Dialects) -> Known {
        let Self { project, revisions, cursor, health, failed, .. } = self;
        let revisions = revisions.into_iter().map(|webhook| Revision::new(webhook, dialects)).collect();
        Known { revisions, project, cursor, health, failed }
    }
}
