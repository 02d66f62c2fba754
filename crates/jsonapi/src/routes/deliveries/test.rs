//! Test: any event of a webhook's wire, sent to it alone, with what the receiver answered.

use super::BODY_BYTES_MAX;
use crate::Door;
use crate::auth::Call;
use crate::document::answer;
use crate::error::Refusal;
use crate::resource::delivery;
use axum::extract::{Request, State};
use axum::response::Response;
use domain::event::{Event, EventKind};
use std::sync::Arc;
use std::time::Duration;
use web::form;

/// How long the answer waits for the receiver's.
const WAIT: Duration = Duration::from_secs(20);

/// `POST P/webhooks/{id}/test`: answers the attempt.
pub(crate) async fn test(State(door): State<Arc<Door>>, call: Call, request: Request) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let which = call.any_webhook()?;
    let webhook = door.platform.find_any_webhook(&principal, &which).await?;
    let (head, body) = request.into_parts();
    let tree = form::read_tree(&head, body, &form::Limits::of_bytes(BODY_BYTES_MAX)).await?;
    let asked = tree.get("event").and_then(|value| value.as_str()).unwrap_or_default();
    let kind = EventKind::ALL.into_iter().find(|kind| door.dialects.word(&webhook, *kind) == Some(asked));
    let kind = kind.ok_or_else(|| Refusal::invalid("event", unknown(&door, &webhook, asked)))?;
    let (webhook, fact) = door.platform.compose_test(&principal, &which, kind).await?;
    let event = Event { sequence: 0, fact };
    let dialect = door.dialects.find(&webhook.dialect);
    if dialect.is_none_or(|dialect| dialect.render(&event, &webhook, &principal.project).is_none()) {
        let reason = format!("webhooks of version {:?} are not told of {asked:?}", webhook.wish.version);
        return Err(Refusal::invalid("event", reason));
    }
    let sequence = door.platform.send_test(&principal, event.fact).await?;
    let attempt = door.platform.tested(&principal, webhook.number, sequence, WAIT).await?;
    let attempt = attempt.ok_or(Refusal::TestUnanswered { sequence, seconds: WAIT.as_secs() })?;
    Ok(answer(delivery::attempt(&attempt, &webhook)))
}

fn unknown(door: &Door, webhook: &domain::webhook::Webhook, asked: &str) -> String {
    let mut words: Vec<_> = EventKind::ALL.into_iter().filter_map(|kind| door.dialects.word(webhook, kind)).collect();
    words.dedup();
    format!("{asked:?} is none of {}", words.join(", "))
}
