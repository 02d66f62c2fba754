//! One webhook through each wire, made or, on a further run, found again and led to where the inbox is now.

use super::api::{Api, Wire};
use super::inbox::Inbox;
use crate::failure::Failure;
use http::Method;
use serde_json::{Value, json};

/// Where the inbox takes Uploadcare's deliveries. The path tells our webhooks from those of other people.
pub const UPLOADCARE_PATH: &str = "/demo-inbox/uploadcare";
/// Where the inbox takes uc v1's deliveries.
pub const UC_PATH: &str = "/demo-inbox/uc";

/// What was done to have a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// There was none.
    Made,
    /// It was there and right.
    Reused,
    /// It was there, but called another port.
    Moved,
}

/// Sees to Uploadcare's webhook: one event each, so this one asks for uploads.
pub async fn uploadcare(api: &Api, inbox: &Inbox, new_secret: String) -> Result<Done, Failure> {
    let target = inbox.url(UPLOADCARE_PATH);
    let listed = api.call(Wire::Uploadcare, Method::GET, "/webhooks/", None).await?;
    let found = found(&listed, |webhook| webhook, UPLOADCARE_PATH);
    let (done, webhook) = match found {
        None => {
            let wish = json!({
                "target_url": target, "event": "file.uploaded", "is_active": true,
                "signing_secret": new_secret, "version": "0.7",
            });
            (Done::Made, api.call(Wire::Uploadcare, Method::POST, "/webhooks/", Some(wish)).await?)
        }
        Some(webhook) if is_right(webhook, &target) => (Done::Reused, webhook.clone()),
        Some(webhook) => {
            let path = format!("/webhooks/{}/", webhook["id"]);
            let change = json!({ "target_url": target, "is_active": true });
            (Done::Moved, api.call(Wire::Uploadcare, Method::PUT, &path, Some(change)).await?)
        }
    };
    learn(inbox, UPLOADCARE_PATH, &webhook["signing_secret"])?;
    Ok(done)
}

/// Sees to uc v1's webhook, which asks for everything that happens to files; its secret is the server's own making.
pub async fn uc(api: &Api, inbox: &Inbox) -> Result<Done, Failure> {
    let target = inbox.url(UC_PATH);
    let listed = api.call(Wire::Uc, Method::GET, "/webhooks", None).await?;
    let found = found(&listed["data"], |webhook| &webhook["attributes"], UC_PATH);
    let (done, webhook) = match found {
        None => {
            let events = ["file.created", "file.updated", "file.deleted"];
            let wish = json!({ "webhook": { "target_url": target, "events": events } });
            (Done::Made, api.call(Wire::Uc, Method::POST, "/webhooks", Some(wish)).await?["data"].take())
        }
        Some(webhook) if is_right(&webhook["attributes"], &target) => (Done::Reused, webhook.clone()),
        Some(webhook) => {
            let path = format!("/webhooks/{}", webhook["id"].as_str().unwrap_or_default());
            let change = json!({ "webhook": { "target_url": target, "is_active": true } });
            (Done::Moved, api.call(Wire::Uc, Method::PATCH, &path, Some(change)).await?["data"].take())
        }
    };
    learn(inbox, UC_PATH, &webhook["attributes"]["signing_secret"])?;
    Ok(done)
}

/// The webhook of a list that calls this path of an inbox.
fn found<'a>(list: &'a Value, attributes: impl Fn(&Value) -> &Value, path: &str) -> Option<&'a Value> {
    let calls_it = |webhook: &&Value| attributes(webhook)["target_url"].as_str().is_some_and(|url| url.ends_with(path));
    list.as_array()?.iter().find(calls_it)
}

fn is_right(attributes: &Value, target: &str) -> bool {
    attributes["target_url"] == target && attributes["is_active"] == true
}

fn learn(inbox: &Inbox, path: &str, secret: &Value) -> Result<(), Failure> {
    let told = || {
        Failure::Demo(format!("the webhook that calls {path} has no signing secret; delete it and run the demo again"))
    };
    inbox.learn(path, secret.as_str().filter(|secret| !secret.is_empty()).ok_or_else(told)?);
    Ok(())
}
