//! Webhooks: list, create, show, update, destroy (section 9). Open to holders of a secret key only.

use crate::Door;
use crate::attributes::Attributes;
use crate::auth::Call;
use crate::document::{List, answer, respond};
use crate::error::Refusal;
use crate::page::Page;
use crate::resource::webhook::{Resource, resource, with_delivery};
use crate::{id, policy, webhook};
use axum::extract::{RawQuery, Request, State};
use axum::response::Response;
use domain::policy::Policy;
use domain::secret::Secret;
use domain::webhook::{Limits, Webhook, Wish};
use http::StatusCode;
use platform::Error;
use platform::webhooks::{NewWebhook, PolicyWish, SecretChange, WebhookChange, WebhookRef};
use std::sync::Arc;
use web::form;
use web::params::Params;

const ROOT: &str = "webhook";
const KNOWN: [&str; 5] = ["target_url", "events", "is_active", "version", policy::ATTRIBUTE];

/// The version of payloads unless `version` says otherwise. There is no other yet; the reference takes any, and keeps it.
const VERSION_DEFAULT: &str = "1";
/// The longest version, in characters.
const VERSION_CHARS_MAX: usize = 32;
/// The longest body of a request about a webhook, in bytes: a target and a few words.
const BODY_BYTES_MAX: u64 = 64 * 1024;

/// What this wire allows: as long a target as anything on the way to it takes, and secrets of our own making.
const LIMITS: Limits = Limits { target_chars_max: 2048, secret_chars_max: 64 };

/// `GET P/webhooks`
pub(crate) async fn index(
    State(door): State<Arc<Door>>,
    call: Call,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let page = Page::of(query.as_deref())?;
    let shows_delivery = asks_for_delivery(query.as_deref())?;
    let listed = door.platform.list_webhooks(&principal, webhook::NAME, page.skip(), page.limit());
    let (webhooks, count) = listed.await?;
    let project = principal.project.public_key.as_str();
    let list = List {
        data: webhooks.iter().map(|webhook| shown(webhook, project, shows_delivery)).collect(),
        pagination: page.among(count),
    };
    Ok(respond(StatusCode::OK, &list))
}

/// `POST P/webhooks`
pub(crate) async fn create(State(door): State<Arc<Door>>, call: Call, request: Request) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let asked = Asked::read(request).await?;
    let shows_delivery = asked.shows_delivery;
    let target_url = asked.target_url.ok_or_else(|| missing("target_url"))?;
    let wish = Wish {
        target_url: target_url.clone(),
        events: asked.events.ok_or_else(|| missing("events"))?,
        is_active: asked.is_active.unwrap_or(true),
        version: asked.version.unwrap_or_else(|| VERSION_DEFAULT.into()),
        policy: asked.policy.applied_to(&Policy::default()).map_err(Error::from)?,
        is_exclusive: false,
    };
    let secret = id::signing_secret(&door.platform.chance().bytes());
    let new = NewWebhook { dialect: webhook::NAME, wish, secret: Some(Secret::new(secret.as_str())), limits: LIMITS };
    let made = door.platform.create_webhook(&principal, new).await;
    let made = made.map_err(|error| naming(error, Some(&target_url)))?;
    Ok(answer(shown(&made, &principal.project.public_key, shows_delivery)))
}

/// `GET P/webhooks/{id}`
pub(crate) async fn show(
    State(door): State<Arc<Door>>,
    call: Call,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let which = WebhookRef::Id(call.webhook()?);
    let found = door.platform.find_webhook(&principal, webhook::NAME, &which).await?;
    Ok(answer(shown(&found, &principal.project.public_key, asks_for_delivery(query.as_deref())?)))
}

/// `PUT|PATCH P/webhooks/{id}`: only what is given changes.
pub(crate) async fn update(State(door): State<Arc<Door>>, call: Call, request: Request) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let which = WebhookRef::Id(call.webhook()?);
    // So that a webhook that is not there is told before what is wrong with the body.
    door.platform.find_webhook(&principal, webhook::NAME, &which).await?;
    let asked = Asked::read(request).await?;
    let (target_url, shows_delivery) = (asked.target_url.clone(), asked.shows_delivery);
    let change = WebhookChange {
        target_url: asked.target_url,
        events: asked.events,
        is_active: asked.is_active,
        version: asked.version,
        secret: SecretChange::Keep,
        policy: asked.policy,
        limits: LIMITS,
    };
    let changed = door.platform.amend_webhook(&principal, webhook::NAME, &which, change).await;
    let changed = changed.map_err(|error| naming(error, target_url.as_deref()))?;
    Ok(answer(shown(&changed, &principal.project.public_key, shows_delivery)))
}

/// `DELETE P/webhooks/{id}`: answers the webhook as it was.
pub(crate) async fn destroy(State(door): State<Arc<Door>>, call: Call) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let which = WebhookRef::Id(call.webhook()?);
    let deleted = door.platform.delete_webhook(&principal, webhook::NAME, &which).await?;
    Ok(answer(resource(&deleted, &principal.project.public_key, true)))
}

/// A webhook as the reference has it, or with how it wants to be served.
fn shown<'a>(webhook: &'a Webhook, project: &'a str, shows_delivery: bool) -> Resource<'a> {
    if shows_delivery { with_delivery(webhook, project) } else { resource(webhook, project, true) }
}

/// Whether the query has `delivery=1`: the reference's shape has no such attribute, so it must be asked for.
fn asks_for_delivery(query: Option<&str>) -> Result<bool, Refusal> {
    let query = Params::parse(query.unwrap_or_default().as_bytes()).map_err(form::Error::from)?;
    Ok(query.get(policy::ATTRIBUTE).is_some_and(|text| !matches!(text, "" | "0" | "false")))
}

/// What a body asks for. A client's own signing secret is among the attributes that are passed over.
struct Asked {
    target_url: Option<String>,
    events: Option<Vec<String>>,
    is_active: Option<bool>,
    version: Option<String>,
    policy: PolicyWish,
    /// It was sent, or asked for.
    shows_delivery: bool,
}

impl Asked {
    async fn read(request: Request) -> Result<Self, Refusal> {
        let (head, body) = request.into_parts();
        let tree = form::read_tree(&head, body, &form::Limits::of_bytes(BODY_BYTES_MAX)).await?;
        let attributes = Attributes::under(ROOT, &KNOWN, tree)?;
        let delivery = attributes.get(policy::ATTRIBUTE);
        Ok(Self {
            target_url: attributes.text("target_url")?.map(Into::into),
            events: attributes.texts("events")?.map(|events| known("events", events)).transpose()?,
            is_active: attributes.boolean("is_active")?,
            version: attributes.text("version")?.map(|text| version(&text)).transpose()?,
            policy: delivery.map(policy::read).transpose()?.unwrap_or_default(),
            shows_delivery: delivery.is_some() || asks_for_delivery(head.uri.query())?,
        })
    }
}

/// Only events that there are and patterns that cover some of them (`*`, `file.*`), each once, in the order given.
pub(super) fn known(attribute: &str, events: Vec<String>) -> Result<Vec<String>, Refusal> {
    let mut distinct = Vec::with_capacity(webhook::EVENTS.len());
    for event in events {
        let pattern = std::slice::from_ref(&event);
        if !webhook::EVENTS.iter().any(|word| domain::subscription::covers(pattern, word)) {
            let reason = format!("{event:?} is none of {}, nor a beginning of them and .*", webhook::EVENTS.join(", "));
            return Err(Refusal::invalid(attribute, reason));
        }
        if !distinct.contains(&event) {
            distinct.push(event);
        }
    }
    Ok(distinct)
}

fn version(text: &str) -> Result<String, Refusal> {
    if text.chars().count() > VERSION_CHARS_MAX || text.chars().any(char::is_control) {
        let reason = format!("must have at most {VERSION_CHARS_MAX} printable characters");
        return Err(Refusal::invalid("version", reason));
    }
    Ok(text.to_owned())
}

fn missing(attribute: &str) -> Refusal {
    Refusal::invalid(attribute, "is required")
}

/// Refusals of a target name it; it is the caller's own text.
fn naming(error: Error, target_url: Option<&str>) -> Refusal {
    match (error, target_url) {
        (Error::TargetUrl(problem), Some(url)) => {
            let url: String = url.chars().take(LIMITS.target_chars_max).collect();
            Refusal::invalid("target_url", format!("{url:?}: {}", crate::error::chain(&problem)))
        }
        (error, _) => Refusal::Platform(error),
    }
}
