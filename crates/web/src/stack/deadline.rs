//! The whole-request time limit, for routes whose bodies are small: uploads are limited by stalling, not by time.

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;

use super::Asked;

/// Gives every route so far this long to begin its answer; then the handler is dropped and the door's answer sent.
/// A door puts it around its quick routes and merges the others in afterwards.
pub fn within<S: Clone + Send + Sync + 'static>(
    limit: Duration,
    routes: Router<S>,
    timed_out: fn(&Asked) -> Response,
) -> Router<S> {
    routes.layer(from_fn(move |request: Request, next: Next| async move {
        let asked = super::ask(&request);
        let answered = tokio::time::timeout(limit, next.run(request)).await;
        answered.unwrap_or_else(|_| {
            tracing::warn!(request_id = %asked.request_id, method = %asked.method, "a request took too long and was dropped");
            timed_out(&asked)
        })
    }))
}
