//! The route table.

mod files;
mod webhooks;

use crate::Door;
use crate::error::Refusal;
use axum::Router;
use axum::response::Html;
use axum::routing::{MethodRouter, any, get};
use std::sync::Arc;

/// All paths of this wire, without trailing slashes: [`web::stack`] takes those away. What lies below `/api/v1` and is not here answers
/// 404 in this wire's words, whatever the method.
pub fn routes(door: Door) -> Router {
    let files = || get(files::index).post(files::create);
    let file = get(files::show).put(files::update).patch(files::update).delete(files::destroy);
    let webhooks = || get(webhooks::index).post(webhooks::create);
    let webhook = get(webhooks::show).put(webhooks::update).patch(webhooks::update).delete(webhooks::destroy);
    Router::new()
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
