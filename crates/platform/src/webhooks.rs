//! Webhooks: make, list, find, change, remove. All of it is open to holders of a secret key only.
//!
//! Each wire sees only the webhooks made through it: one of another dialect is not found. A target is judged as it is written, when it is
//! saved; the addresses it resolves to are judged again each time something is sent there.

mod policy;

use domain::secret::Secret;
use domain::webhook::{Limits, Webhook, Wish};
use egress::Target;
use store::{events, webhooks};

use crate::access::Principal;
use crate::{Error, Noun, Platform, TargetProblem};

pub use policy::{Part, PolicyProblem, PolicyWish};
pub use store::webhooks::WebhookRef;

/// A webhook to be made.
#[derive(Clone, Debug)]
pub struct NewWebhook {
    /// The wire it is made through.
    pub dialect: &'static str,
    /// What it asks for.
    pub wish: Wish,
    /// Signs its deliveries; none: not signed.
    pub secret: Option<Secret>,
    /// What its wire allows.
    pub limits: Limits,
}

/// What shall be changed of a webhook; none leaves a thing as it is.
#[derive(Clone, Debug)]
pub struct WebhookChange {
    /// Where to.
    pub target_url: Option<String>,
    /// Which events.
    pub events: Option<Vec<String>>,
    /// Whether anything is owed from now on.
    pub is_active: Option<bool>,
    /// The payload's version.
    pub version: Option<String>,
    /// The signing secret.
    pub secret: SecretChange,
    /// How it wants to be served.
    pub policy: PolicyWish,
    /// What its wire allows.
    pub limits: Limits,
}

/// What becomes of a webhook's signing secret.
#[derive(Clone, Debug)]
pub enum SecretChange {
    /// It stays.
    Keep,
    /// Deliveries are no longer signed.
    Clear,
    /// Deliveries are signed with this one.
    Set(Secret),
}

impl Platform {
    /// Makes a webhook. It is owed every event after this moment that it asks for.
    pub async fn create_webhook(&self, principal: &Principal, new: NewWebhook) -> Result<Webhook, Error> {
        principal.holds_secret()?;
        new.wish.check(new.secret.as_ref(), new.limits)?;
        let policy = policy::checked(new.wish.policy.clone())?;
        self.judge(&new.wish.target_url).map_err(Error::TargetUrl)?;
        let new = webhooks::NewWebhook {
            id: self.chance().webhook_id(),
            project: principal.project.id,
            dialect: new.dialect.to_owned(),
            wish: Wish { policy, ..new.wish },
            secret: new.secret,
            created_at: self.now(),
        };
        let max = self.settings().webhooks_per_project_max;
        self.store()
            .write(move |tx| {
                if webhooks::count(tx, new.project, &new.dialect)? >= max {
                    return Err(Error::WebhooksTooMany { max });
                }
                webhooks::insert(tx, &new).map_err(subscribed)
            })
            .await
    }

    /// A stretch of the project's webhooks of a wire, by number; and how many there are in all.
    pub async fn list_webhooks(
        &self,
        principal: &Principal,
        dialect: &'static str,
        skip: i64,
        limit: i64,
    ) -> Result<(Vec<Webhook>, i64), Error> {
        principal.holds_secret()?;
        let project = principal.project.id;
        let look = move |tx: &mut store::Tx<'_>| {
            let listed = webhooks::list(tx, project, dialect, skip, limit)?;
            Ok((listed, webhooks::count(tx, project, dialect)?))
        };
        self.store().read(look).await
    }

    /// A webhook of a wire.
    pub async fn find_webhook(
        &self,
        principal: &Principal,
        dialect: &'static str,
        which: &WebhookRef,
    ) -> Result<Webhook, Error> {
        principal.holds_secret()?;
        let (project, which) = (principal.project.id, *which);
        let look = move |tx: &mut store::Tx<'_>| Ok::<_, Error>(webhooks::find(tx, project, dialect, &which)?);
        self.store().read(look).await?.ok_or(Error::NotFound(Noun::Webhook))
    }

    /// Changes what differs; nothing is written when nothing does. The change holds for events after this moment.
    pub async fn amend_webhook(
        &self,
        principal: &Principal,
        dialect: &'static str,
        which: &WebhookRef,
        change: WebhookChange,
    ) -> Result<Webhook, Error> {
        principal.holds_secret()?;
        let (project, which, now) = (principal.project.id, *which, self.now());
        let judged = change.target_url.as_deref().map_or(Ok(()), |url| self.judge(url));
        self.store()
            .write(move |tx| {
                let found = webhooks::find_for_update(tx, project, dialect, &which)?;
                let mut webhook = found.ok_or(Error::NotFound(Noun::Webhook))?;
                let (wish, secret) = change.applied_to(&webhook)?;
                wish.check(secret.as_ref(), change.limits)?;
                if wish.target_url != webhook.wish.target_url {
                    judged.map_err(Error::TargetUrl)?;
                }
                // Held, so that no event is first told by the old revision and then again by the new one.
                let since = events::hold_sequence(tx, project)?;
                if webhook.amend(wish, secret, since, now) {
                    webhooks::save(tx, &webhook).map_err(subscribed)?;
                }
                Ok(webhook)
            })
            .await
    }

    /// Removes a webhook, and with it all that it was owed. Answers it as it was.
    pub async fn delete_webhook(
        &self,
        principal: &Principal,
        dialect: &'static str,
        which: &WebhookRef,
    ) -> Result<Webhook, Error> {
        principal.holds_secret()?;
        let (project, which, now) = (principal.project.id, *which, self.now());
        self.store()
            .write(move |tx| {
                let found = webhooks::find_for_update(tx, project, dialect, &which)?;
                let webhook = found.ok_or(Error::NotFound(Noun::Webhook))?;
                webhooks::delete(tx, &webhook, now)?;
                Ok(webhook)
            })
            .await
    }

    /// Removes every webhook of a wire with this target, or of them those for one event. Answers how many; none is no error.
    pub async fn unsubscribe(
        &self,
        principal: &Principal,
        dialect: &'static str,
        target_url: &str,
        event: Option<&str>,
    ) -> Result<usize, Error> {
        principal.holds_secret()?;
        let (project, now) = (principal.project.id, self.now());
        let (target_url, event) = (target_url.to_owned(), event.map(str::to_owned));
        self.store()
            .write(move |tx| {
                let found = webhooks::find_by_target(tx, project, dialect, &target_url, event.as_deref())?;
                for webhook in &found {
                    webhooks::delete(tx, webhook, now)?;
                }
                Ok(found.len())
            })
            .await
    }

    /// Whether requests could and may be sent to this address, as far as its text tells.
    fn judge(&self, target_url: &str) -> Result<(), TargetProblem> {
        let target = Target::parse(target_url)?;
        let checked = self.0.parts.egress.check(&target);
        checked.map_err(|_| TargetProblem::Blocked)
    }
}

impl WebhookChange {
    fn applied_to(&self, webhook: &Webhook) -> Result<(Wish, Option<Secret>), PolicyProblem> {
        let present = &webhook.wish;
        let wish = Wish {
            target_url: self.target_url.as_ref().unwrap_or(&present.target_url).clone(),
            events: self.events.as_ref().unwrap_or(&present.events).clone(),
            is_active: self.is_active.unwrap_or(present.is_active),
            version: self.version.as_ref().unwrap_or(&present.version).clone(),
            policy: self.policy.applied_to(&present.policy)?,
            is_exclusive: present.is_exclusive,
        };
        let secret = match &self.secret {
            SecretChange::Keep => webhook.secret.clone(),
            SecretChange::Clear => None,
            SecretChange::Set(secret) => Some(secret.clone()),
        };
        Ok((wish, secret))
    }
}

/// The one conflict that a webhook can meet.
fn subscribed(error: store::Error) -> Error {
    match error {
        store::Error::Conflict("webhook_slot") => Error::AlreadySubscribed,
        other => other.into(),
    }
}
