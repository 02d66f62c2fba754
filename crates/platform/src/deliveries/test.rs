//! Test: an event for one webhook alone, whatever it asks for and however it stands.

use std::time::Duration;

use domain::attempt::Attempt;
use domain::content::Content;
use domain::event::{Change, EventKind, Fact, Initiator, Previous, Subject, WebhookTold};
use domain::file::File;
use domain::id::{ProjectId, WebhookNumber};
use domain::metadata::Metadata;
use domain::page::{Listing, Order};
use domain::webhook::Webhook;
use store::webhooks::WebhookRef;
use store::{attempts, events, files, health};
use tokio::time::{Instant, sleep, timeout_at};

use crate::access::Principal;
use crate::{Error, Platform};

/// How soon the attempt is looked for again, at the earliest and at the latest.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Platform {
    /// What a test would tell: an event of this kind about the project's newest file, or about one made up if there is none.
    pub async fn compose_test(
        &self,
        principal: &Principal,
        which: &WebhookRef,
        kind: EventKind,
    ) -> Result<(Webhook, Fact), Error> {
        let webhook = self.find_any_webhook(principal, which).await?;
        let (number, project) = (webhook.number, principal.project.id);
        let look = move |tx: &mut store::Tx<'_>| {
            let newest = files::list(tx, project, &newest())?.into_iter().next();
            Ok::<_, Error>((newest, health::look(tx, number)?))
        };
        let (newest, health) = self.store().read(look).await?;
        let subject = if EventKind::OF_FILES.contains(&kind) {
            Subject::File(newest.unwrap_or_else(|| self.made_up_file(project)))
        } else {
            let webhook = Webhook { secret: None, ..webhook.clone() };
            Subject::Webhook(Box::new(WebhookTold { webhook, health }))
        };
        let at = self.now();
        let fact = Fact {
            id: self.chance().event_id(at),
            change: Change { kind, previous: Previous::default() },
            at,
            initiator: Initiator::Api(principal.request),
            subject,
            addressee: Some(number),
        };
        Ok((webhook, fact))
    }

    /// Appends a test; the engine finds it there. Only for what [`compose_test`](Self::compose_test) has made.
    pub async fn send_test(&self, principal: &Principal, fact: Fact) -> Result<i64, Error> {
        principal.holds_secret()?;
        if fact.subject.project() != principal.project.id || fact.addressee.is_none() {
            return Err(Error::Forbidden);
        }
        let append = move |tx: &mut store::Tx<'_>| Ok(events::append(tx, fact.clone())?.sequence);
        self.store().write(append).await
    }

    /// Waits so long for the attempt of a test.
    pub async fn tested(
        &self,
        principal: &Principal,
        webhook: WebhookNumber,
        sequence: i64,
        wait: Duration,
    ) -> Result<Option<Attempt>, Error> {
        principal.holds_secret()?;
        let end = Instant::now() + wait;
        let mut commits = self.store().tail().commits();
        loop {
            commits.mark_unchanged();
            let looked_at = Instant::now();
            let look = move |tx: &mut store::Tx<'_>| Ok::<_, Error>(attempts::of_delivery(tx, webhook, sequence)?);
            let found = self.store().read(look).await?.into_iter().next();
            if found.is_some() || Instant::now() >= end {
                return Ok(found);
            }
            let _ = timeout_at(end.min(looked_at + LOOK_EVERY), commits.changed()).await;
            sleep((looked_at + LOOK_AGAIN_AFTER).saturating_duration_since(Instant::now())).await;
        }
    }

    /// A file that there is not: only tests tell of it.
    fn made_up_file(&self, project: ProjectId) -> File {
        let now = self.now();
        File {
            id: self.chance().file_id(),
            project,
            revision: 1,
            name: "sample.txt".into(),
            declared_mime: "text/plain".into(),
            size_bytes: 0,
            sha256: [0; 32],
            content: Content { mime: "text/plain".into(), image: None },
            metadata: Metadata::default(),
            access_token: self.chance().access_token(),
            is_original_protected: true,
            uploaded_at: now,
            stored_at: Some(now),
            removed_at: None,
            expires_at: None,
        }
    }
}

fn newest() -> Listing {
    Listing {
        is_removed: Some(false),
        is_stored: None,
        order: Order::UploadedAt,
        is_descending: true,
        after: None,
        before: None,
        skip: 0,
        limit: 1,
    }
}
