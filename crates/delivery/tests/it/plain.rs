//! A wire of our own, as plain as can be.

use delivery::Dialect;
use domain::event::{Event, EventKind};
use domain::id::FileId;
use domain::project::Project;
use domain::secret::Secret;
use domain::webhook::Webhook;
use http::{HeaderMap, HeaderValue};
use std::sync::{Arc, Mutex};

/// Something to do.
type Call = Box<dyn FnMut() + Send>;

/// A wire as plain as can be: its body names the event and the webhook's revision.
#[derive(Clone, Default)]
pub struct Plain {
    /// Called whenever a request is about to be sent.
    pub on_sending: Arc<Mutex<Option<Call>>>,
}

/// This wire's name for a kind of event.
pub fn word(kind: EventKind) -> Option<&'static str> {
    match kind {
        EventKind::FileUploaded => Some("file.uploaded"),
        EventKind::FileStored => Some("file.stored"),
        EventKind::FileInfoUpdated => Some("file.info.updated"),
        EventKind::FileAmended => None,
        EventKind::FileRemoved => Some("file.removed"),
        EventKind::WebhookFailing => Some("webhook.failing"),
        EventKind::WebhookDisabled => Some("webhook.disabled"),
        EventKind::WebhookRecovered => Some("webhook.recovered"),
    }
}

impl Dialect for Plain {
    fn name(&self) -> &'static str {
        "plain"
    }

    fn word(&self, kind: EventKind) -> Option<&'static str> {
        word(kind)
    }

    fn render(&self, event: &Event, webhook: &Webhook, project: &Project) -> Option<Vec<u8>> {
        let resource = FileId::from_bytes(event.fact.subject.resource());
        let body = serde_json::json!({
            "sequence": event.sequence, "kind": event.kind().name(), "resource": resource.to_string(),
            "webhook": webhook.number.get(), "revision": webhook.revision,
            "project": project.public_key,
        });
        Some(body.to_string().into_bytes())
    }

    fn sign(&self, body: &[u8], secret: &Secret, headers: &mut HeaderMap) {
        if let Some(on_sending) = self.on_sending.lock().unwrap().as_mut() {
            on_sending();
        }
        let text = format!("{}:{}", secret.expose(), body.len());
        headers.insert("x-plain", HeaderValue::try_from(text).unwrap());
    }
}
