//! `/webhooks/`: subscribing to events, in JSON, forms and multipart forms alike.

mod fields;

use super::call::Call;
use crate::error::rest::Error;
use crate::id;
use crate::webhook::{LIMITS, NAME};
use crate::wire::webhook::Webhook;
use axum::response::Response;
use domain::webhook::Wish;
use fields::{Fields, Gone};
use http::StatusCode;
use platform::webhooks::{NewWebhook, PolicyWish, SecretChange, WebhookChange, WebhookRef};
use web::json::no_content;

/// `GET /webhooks/`: all of them, in no pages.
pub(super) async fn list(call: &Call) -> Result<Response, Error> {
    let all = call.platform().settings().webhooks_per_project_max;
    let (webhooks, _) = call.platform().list_webhooks(&call.principal, NAME, 0, all).await?;
    Ok(call.ok(&webhooks.iter().map(Webhook::from).collect::<Vec<_>>()))
}

/// `GET /webhooks/{id}/`.
pub(super) async fn show(call: &Call, id: &str) -> Result<Response, Error> {
    let webhook = call.platform().find_webhook(&call.principal, NAME, &which(id)?).await?;
    Ok(call.ok(&Webhook::from(&webhook)))
}

/// `POST /webhooks/`.
pub(super) async fn create(call: &Call) -> Result<Response, Error> {
    let given = Fields::read(call.fields().await?)?;
    let target_url = given.target_url.ok_or(Error::ParameterMissing("target_url"))?;
    let event = given.event.ok_or(Error::ParameterMissing("event"))?;
    let version = given.version.unwrap_or(call.version);
    fields::check_event(&event, version)?;
    let new = NewWebhook {
        dialect: NAME,
        wish: Wish {
            target_url,
            events: vec![event],
            is_active: given.is_active.unwrap_or(true),
            version: version.number().to_owned(),
            policy: domain::policy::Policy::default(),
            is_exclusive: true,
        },
        secret: match given.secret {
            SecretChange::Set(secret) => Some(secret),
            SecretChange::Keep | SecretChange::Clear => None,
        },
        limits: LIMITS,
    };
    let webhook = call.platform().create_webhook(&call.principal, new).await?;
    Ok(call.json(StatusCode::CREATED, &Webhook::from(&webhook)))
}

/// `PUT /webhooks/{id}/`, and `POST` as 0.5 has it: what is not given stays.
pub(super) async fn update(call: &Call, id: &str) -> Result<Response, Error> {
    let which = which(id)?;
    let given = Fields::read(call.fields().await?)?;
    if given.event.is_some() || given.version.is_some() {
        let webhook = call.platform().find_webhook(&call.principal, NAME, &which).await?;
        given.check_against(&webhook)?;
    }
    let change = WebhookChange {
        target_url: given.target_url,
        events: given.event.map(|event| vec![event]),
        is_active: given.is_active,
        version: given.version.map(|version| version.number().to_owned()),
        secret: given.secret,
        policy: PolicyWish::default(),
        limits: LIMITS,
    };
    let webhook = call.platform().amend_webhook(&call.principal, NAME, &which, change).await?;
    Ok(call.ok(&Webhook::from(&webhook)))
}

/// `DELETE /webhooks/{id}/`.
pub(super) async fn delete(call: &Call, id: &str) -> Result<Response, Error> {
    call.platform().delete_webhook(&call.principal, NAME, &which(id)?).await?;
    Ok(no_content())
}

/// `DELETE /webhooks/unsubscribe/`, and `POST` as 0.5 has it: every webhook with that target, or the one for an event. That there is none
/// is no error. The query will do as well, since some proxies drop the bodies of `DELETE`.
pub(super) async fn unsubscribe(call: &Call) -> Result<Response, Error> {
    let mut given = call.fields().await?;
    for (name, value) in call.params()?.iter() {
        given.entry(name).or_insert_with(|| value.into());
    }
    let gone = Gone::read(given)?;
    call.platform().unsubscribe(&call.principal, NAME, &gone.target_url, gone.event.as_deref()).await?;
    Ok(no_content())
}

fn which(id: &str) -> Result<WebhookRef, Error> {
    id::webhook(id).map(WebhookRef::Number).ok_or(Error::NotFound)
}
