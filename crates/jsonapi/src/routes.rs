//! The route table.

mod deliveries;
mod events;
mod files;
mod webhooks;

use crate::Door;
use crate::error::Refusal;
use axum::response::Html;
use axum::routing::{MethodRouter, any, get, post};
use axum::{Extension, Router};
use std::sync::Arc;

/// All paths of this wire, without trailing slashes: [`web::stack`] takes those away. What lies below `/api/v1` and is not here answers
/// 404 in this wire's words, whatever the method.
pub fn routes(door: Door) -> Router {
    let files = || get(files::index).post(files::create);
    let file = get(files::show).put(files::update).patch(files::update).delete(files::destroy);
    let webhooks = || get(webhooks::index).post(webhooks::create);
    let webhook = get(webhooks::show).put(webhooks::update).patch(webhooks::update).delete(webhooks::destroy);
    let of_webhook = [
        ("health", get(deliveries::health)),
        ("pause", post(deliveries::pause)),
        ("resume", post(deliveries::resume)),
        ("attempts", get(deliveries::attempts)),
        ("undelivered", get(deliveries::undelivered)),
        ("test", post(deliveries::test)),
    ];
    let of_webhook = of_webhook.into_iter().fold(Router::new(), |routes, (name, methods)| {
        let path = format!("/api/v1/projects/{{project}}/webhooks/{{id}}/{name}");
        routes.route(&format!("{path}.json"), closed(methods.clone())).route(&path, closed(methods))
    });
    let log = || get(events::index);
    let explain = || get(events::explain);
    let log = Router::new()
        .route("/api/v1/projects/{project}/events", closed(log()))
        .route("/api/v1/projects/{project}/events.json", closed(log()))
        .route("/api/v1/projects/{project}/events/{id}/explain", closed(explain()))
        .route("/api/v1/projects/{project}/events/{id}/explain.json", closed(explain()))
        .layer(Extension(events::Streams::default()));
    Router::new()
        .merge(of_webhook)
        .merge(log)
        .route("/up", get(up))
        .route("/api/v1", any(no_such_path))
        .route("/api/v1/{*rest}", any(no_such_path))
        .route("/api/v1/projects/{project}/files", closed(files()))
        .route("/api/v1/projects/{project}/files.json", closed(files()))
        .route("/api/v1/projects/{project}/files/{id}", closed(file))
        .route("/api/v1/projects/{project}/webhooks", closed(webhooks()))
        .route("/api/v1/projects/{project}/webhooks.json", closed(webhooks()))
        .route("/api/v1/projects/{project}/webhooks/{id}", closed(webhook))
        .with_state(Arc::new(door))
}

/// To the reference a method that a path does not have is a path that there is not.
fn closed(methods: MethodRouter<Arc<Door>>) -> MethodRouter<Arc<Door>> {
    methods.fallback(no_such_path)
}

async fn no_such_path() -> Refusal {
    Refusal::NoSuchPath
}

async fn up() -> Html<&'static str> {
    Html("<!DOCTYPE html><html><body style=\"background-color: green\"></body></html>\n")
}
