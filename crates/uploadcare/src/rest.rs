//! The REST API: its route table, and what every request goes through before its endpoint and after it.
//!
//! ```text
//!   which endpoint (404) ─► which edition (406) ─► who asks (401) ─► too often (429) ─► which method (405) ─► the endpoint
//! ```
//! The order is that of the framework behind the original. Everything answered here, errors included, bears the edition's own media type.

mod call;

mod files;
mod metadata;
mod project;
mod storage;
mod webhooks;

mod cursor;
mod links;

use crate::Door;
use crate::error::rest::Error;
use crate::head::without_body;
use crate::version::{NotAcceptable, Version};
use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use call::Call;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use web::stack::{Asked, Wording, within};
use web::throttle::Throttle;

/// The paths that are this API's, with everything below them; those not yet served are its 404.
pub(crate) const PREFIXES: [&str; 6] = ["/files", "/webhooks", "/project", "/groups", "/convert", "/addons"];

/// How this API words what the stack must say for it.
pub(crate) const WORDING: Wording = Wording { panicked: |asked| Error::Panicked.answer(edition(asked)), dress };

/// How long a request may take: verbs are quick, and a body that is not is given up earlier. So this is for a store that hangs.
const REQUEST_TIME_MAX: Duration = Duration::from_mins(2);

/// What the endpoints share.
pub(crate) struct Rest {
    pub door: Door,
    pub throttle: Throttle,
}

/// An endpoint, and what its path names.
#[derive(Clone, Copy)]
enum Endpoint<'a> {
    Files,
    FilesStorage,
    File(&'a str),
    FileStorage(&'a str),
    Metadata(&'a str),
    MetadataKey(&'a str, &'a str),
    Project,
    Webhooks,
    Unsubscribe,
    Webhook(&'a str),
}

/// The routes, one for all paths: which of them are whose is the mounting's matter.
pub(crate) fn routes(door: Door) -> Router {
    let throttle = door.settings.throttle.map_or_else(Throttle::off, Throttle::new);
    let routes = Router::new().fallback(answer);
    within(REQUEST_TIME_MAX, routes, |asked| Error::TimedOut.answer(edition(asked)))
        .with_state(Arc::new(Rest { door, throttle }))
}

impl<'a> Endpoint<'a> {
    fn of(path: &'a [String]) -> Option<Self> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        Some(match path[..] {
            ["files"] => Self::Files,
            ["files", "storage"] => Self::FilesStorage,
            ["files", id] => Self::File(id),
            ["files", id, "storage"] => Self::FileStorage(id),
            ["files", id, "metadata"] => Self::Metadata(id),
            ["files", id, "metadata", key] => Self::MetadataKey(id, key),
            ["project"] => Self::Project,
            ["webhooks"] => Self::Webhooks,
            ["webhooks", "unsubscribe"] => Self::Unsubscribe,
            ["webhooks", id] => Self::Webhook(id),
            _ => return None,
        })
    }

    /// The `Allow` header as recorded, which does not name the older spellings that are taken as well. None where the edition lacks the
    /// endpoint.
    fn allowed(self, version: Version) -> Option<&'static str> {
        let is_missing = version < Version::V07 && matches!(self, Self::Metadata(_) | Self::MetadataKey(..));
        let allowed = match self {
            Self::Files | Self::Project | Self::Metadata(_) => "GET, HEAD, OPTIONS",
            Self::FilesStorage => "DELETE, OPTIONS, PUT",
            Self::File(_) => "DELETE, GET, HEAD, OPTIONS",
            Self::FileStorage(_) => "DELETE, GET, HEAD, OPTIONS, POST, PUT",
            Self::MetadataKey(..) | Self::Webhook(_) => "DELETE, GET, HEAD, OPTIONS, PUT",
            Self::Webhooks => "GET, HEAD, OPTIONS, POST",
            Self::Unsubscribe if version == Version::V05 => "OPTIONS, POST",
            Self::Unsubscribe => "DELETE, OPTIONS",
        };
        (!is_missing).then_some(allowed)
    }

    /// The route table.
    async fn answer(self, method: &Method, call: &Call) -> Result<Response, Error> {
        match (self, method.as_str()) {
            (Self::Files, "GET") => files::list(call).await,
            (Self::FilesStorage, "PUT") => storage::store_many(call).await,
            (Self::FilesStorage, "DELETE") => storage::remove_many(call).await,
            (Self::File(id) | Self::FileStorage(id), "GET") => files::show(call, id).await,
            (Self::File(id) | Self::FileStorage(id), "DELETE") => storage::remove(call, id).await,
            (Self::FileStorage(id), "PUT" | "POST") => storage::store(call, id).await,
            (Self::Metadata(id), "GET") => metadata::list(call, id).await,
            (Self::MetadataKey(id, key), "GET") => metadata::show(call, id, key).await,
            (Self::MetadataKey(id, key), "PUT") => metadata::set(call, id, key).await,
            (Self::MetadataKey(id, key), "DELETE") => metadata::delete(call, id, key).await,
            (Self::Project, "GET") => Ok(project::show(call)),
            (Self::Webhooks, "GET") => webhooks::list(call).await,
            (Self::Webhooks, "POST") => webhooks::create(call).await,
            (Self::Unsubscribe, "DELETE" | "POST") => webhooks::unsubscribe(call).await,
            (Self::Webhook(id), "GET") => webhooks::show(call, id).await,
            (Self::Webhook(id), "PUT" | "POST") => webhooks::update(call, id).await,
            (Self::Webhook(id), "DELETE") => webhooks::delete(call, id).await,
            (_, "OPTIONS") => Ok(options(call)),
            _ => Err(Error::MethodNotAllowed(method.clone())),
        }
    }
}

async fn answer(State(rest): State<Arc<Rest>>, request: Request) -> Response {
    let version = accepted(request.headers().get(header::ACCEPT));
    let is_head = request.method() == Method::HEAD;
    let path = segments(request.uri().path());
    let endpoint = Endpoint::of(&path);
    let served = match endpoint {
        Some(endpoint) => serve(rest, endpoint, version, request).await,
        None => Err(Error::NotFound),
    };
    let version = version.unwrap_or_default();
    let mut response = served.unwrap_or_else(|error| error.answer(version));
    if let Some(allowed) = endpoint.and_then(|endpoint| endpoint.allowed(version)) {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    }
    if is_head { without_body(response) } else { response }
}

async fn serve(
    rest: Arc<Rest>,
    endpoint: Endpoint<'_>,
    version: Result<Version, NotAcceptable>,
    request: Request,
) -> Result<Response, Error> {
    let version = version.map_err(Error::NotAcceptable)?;
    endpoint.allowed(version).ok_or(Error::NotFound)?;
    let call = Call::begin(rest, version, request).await?;
    let method = match &call.parts.method {
        &Method::HEAD => Method::GET,
        method => method.clone(),
    };
    endpoint.answer(&method, &call).await
}

/// The decoded segments of a path; some clients escape what needs no escape.
fn segments(path: &str) -> Vec<String> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect()
}

fn accepted(accept: Option<&HeaderValue>) -> Result<Version, NotAcceptable> {
    // A header that is not text asks for nothing that is spoken here.
    Version::accepted(accept.map(|accept| accept.to_str().unwrap_or("?")))
}

/// The edition in which to word what no endpoint words.
fn edition(asked: &Asked) -> Version {
    accepted(asked.accept.as_ref()).unwrap_or_default()
}

#[derive(Serialize)]
struct Options {
    renders: [&'static str; 1],
    parses: [&'static str; 3],
}

/// What the endpoint reads and writes, in the manner of the framework behind the original. The methods are in `Allow`.
fn options(call: &Call) -> Response {
    call.json(
        StatusCode::OK,
        &Options {
            renders: [call.version.media_type()],
            parses: ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
        },
    )
}

/// A truth value as any client spells it; none if it is none.
fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// What the original sends with every answer and a self-hosted server means too.
fn dress(asked: &Asked, headers: &mut HeaderMap) {
    for (name, value) in [
        (header::VARY, "Accept"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::X_XSS_PROTECTION, "1; mode=block"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow, nosnippet, noarchive"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(crate::REQUEST_ID, asked.request_id.header_value());
}
