//! The route table, and what every answer of this door carries.

use crate::error::Refusal;
use crate::path::{self, Asked};
use crate::{Door, access, serve};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use std::sync::Arc;
use web::OriginalTarget;

/// What a page of another origin may read of an answer.
const EXPOSED: HeaderValue =
    HeaderValue::from_static("Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag");
/// What a page of another origin may send with a request.
const ALLOWED: HeaderValue =
    HeaderValue::from_static("Authorization, If-Match, If-Modified-Since, If-None-Match, If-Range, Range");
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
/// For how many seconds a browser may remember what it may ask: a day.
const PREFLIGHT_SECONDS: HeaderValue = HeaderValue::from_static("86400");

/// All paths of this door. They are read as they were sent, if [`web::stack`] has kept that: a trailing slash tells an operation from
/// a name.
pub fn routes(door: Door) -> Router {
    Router::new()
        .route("/{file}", methods(get(by_uuid)))
        .route("/{file}/{*rest}", methods(get(by_uuid)))
        .route("/cdn/{file}", methods(get(by_spelling)))
        .route("/cdn/{file}/{*rest}", methods(get(by_spelling)))
        .layer(map_response(dress))
        .with_state(Arc::new(door))
}

fn methods(get: MethodRouter<Arc<Door>>) -> MethodRouter<Arc<Door>> {
    get.options(preflight).fallback(no_such_method)
}

/// `GET|HEAD /{uuid}/…`
async fn by_uuid(State(door): State<Arc<Door>>, request: Request) -> Result<Response, Refusal> {
    let (head, _) = request.into_parts();
    let asked = path::read(target(&head))?;
    deliver(&door, &head, asked).await
}

/// `GET|HEAD /cdn/{id}/…`: the bytes for the bare id; for anything behind it, the way to where it is understood.
async fn by_spelling(State(door): State<Arc<Door>>, request: Request) -> Result<Response, Refusal> {
    let (head, _) = request.into_parts();
    let (id, suffix) = path::split_cdn(target(&head)).ok_or(Refusal::NotFound)?;
    let file = (door.spelling.parse_file)(id).ok_or(Refusal::NotFound)?;
    if suffix.is_empty() {
        return deliver(&door, &head, Asked::plain(file)).await;
    }
    let file = door.platform.shown_file(file).await?;
    serve::redirect(&door, &format!("{}/{}/{suffix}", door.base, file.id))
}

async fn deliver(door: &Door, head: &Parts, asked: Asked) -> Result<Response, Refusal> {
    let file = door.platform.shown_file(asked.file).await?;
    access::check(door, &file, &head.headers).await?;
    serve::original(door, head, &file, &asked).await
}

/// The path as it was sent.
fn target(head: &Parts) -> &str {
    let target = head.extensions.get::<OriginalTarget>();
    target.map_or(head.uri.path(), |target| path::without_query(&target.0))
}

async fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
    response
}

/// Paths that name no file are simply not there, whatever the method: other doors may share the port.
async fn no_such_method(request: Request) -> Refusal {
    let (head, _) = request.into_parts();
    let target = target(&head);
    if path::names_file(target) || path::split_cdn(target).is_some() {
        Refusal::MethodNotAllowed
    } else {
        Refusal::NotFound
    }
}

/// Any page may embed what is shown to anybody, and no browser may take it for something else than it says.
async fn dress(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
