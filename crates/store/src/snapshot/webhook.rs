//! A webhook with its health, as an operator's event tells of it. Never its secret.

use super::policy::PolicyForm;
use crate::error::Error;
use domain::Timestamp;
use domain::event::WebhookTold;
use domain::health::{Health, State};
use domain::id::{ProjectId, WebhookId, WebhookNumber};
use domain::webhook::{Webhook, Wish};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

#[derive(Serialize, Deserialize)]
pub(super) struct WebhookForm<'a> {
    #[serde(rename = "n")]
    number: i64,
    #[serde(rename = "d", borrow)]
    dialect: Cow<'a, str>,
    #[serde(rename = "r")]
    revision: i64,
    #[serde(rename = "u", borrow)]
    target_url: Cow<'a, str>,
    #[serde(rename = "e")]
    events: Cow<'a, [String]>,
    #[serde(rename = "a")]
    is_active: bool,
    #[serde(rename = "v", borrow)]
    version: Cow<'a, str>,
    #[serde(rename = "p", borrow)]
    policy: PolicyForm<'a>,
    #[serde(rename = "c")]
    times: (i64, i64),
    #[serde(rename = "s")]
    state: (Cow<'a, str>, Option<Cow<'a, str>>, i64),
    #[serde(rename = "f")]
    failing: (Option<i64>, Option<i64>, i64, i64),
}

impl<'a> WebhookForm<'a> {
    pub(super) fn of(told: &'a WebhookTold) -> Self {
        let WebhookTold { webhook, health } = told;
        let micros = |at: Option<Timestamp>| at.map(Timestamp::as_micros);
        Self {
            number: webhook.number.get(),
            dialect: Cow::Borrowed(&webhook.dialect),
            revision: webhook.revision,
            target_url: Cow::Borrowed(&webhook.wish.target_url),
            events: Cow::Borrowed(&webhook.wish.events),
            is_active: webhook.wish.is_active,
            version: Cow::Borrowed(&webhook.wish.version),
            policy: PolicyForm::of(&webhook.wish.policy),
            times: (webhook.created_at.as_micros(), webhook.updated_at.as_micros()),
            state: (
                Cow::Borrowed(health.state.name()),
                health.state.reason().map(Cow::Borrowed),
                health.state_since.as_micros(),
            ),
            failing: (
                micros(health.last_success_at),
                micros(health.failing_since),
                health.failures,
                health.warned_percent,
            ),
        }
    }

    pub(super) fn into_told(self, id: WebhookId, project: ProjectId) -> Result<WebhookTold, Error> {
        let (name, reason, since) = self.state;
        let state = State::from_names(&name, reason.as_deref());
        let (last_success_at, failing_since, failures, warned_percent) = self.failing;
        let health = Health {
            state: state.ok_or_else(|| Error::bug(format!("a webhook's state is {name:?}")))?,
            state_since: Timestamp::from_micros(since),
            last_success_at: last_success_at.map(Timestamp::from_micros),
            failing_since: failing_since.map(Timestamp::from_micros),
            failures,
            warned_percent,
        };
        let wish = Wish {
            target_url: self.target_url.into_owned(),
            events: self.events.into_owned(),
            is_active: self.is_active,
            version: self.version.into_owned(),
            policy: self.policy.into_policy()?,
            is_exclusive: false,
        };
        let webhook = Webhook {
            number: WebhookNumber::new(self.number),
            id,
            project,
            dialect: self.dialect.into_owned(),
            revision: self.revision,
            since_sequence: 0,
            wish,
            secret: None,
            created_at: Timestamp::from_micros(self.times.0),
            updated_at: Timestamp::from_micros(self.times.1),
        };
        Ok(WebhookTold { webhook, health })
    }
}
