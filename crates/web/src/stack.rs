//! The layers around any door's routes, in order: id, log, catch, tidy; and a time limit for the routes that want one.
//!
//! ```text
//!  request ─► id ─► log ─► catch ─► tidy ─► routes        the id is made, the path tidied, before a route is chosen
//!  answer  ◄──────◄ dress ◄──┘                            every answer is dressed, a panic's and a 404's too
//! ```
//!
//! A door registers its routes without a trailing slash: `/files/{id}/storage`. Requests for `/files//x/storage/` reach
//! it; nothing is ever redirected. Signatures are computed over what the caller sent, so that stays in [`Asked`].

mod deadline;
mod path;

pub use deadline::within;

use std::any::Any;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue, Method, header};
use tower::ServiceExt;

use crate::request_id::RequestId;

/// The request target as it stood on the request line, path and query, untouched: `//info/?a=%2F`. An extension of
/// every request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginalTarget(pub Arc<str>);

/// What is remembered of a request to word an answer that no handler words. An extension of every request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its name.
    pub request_id: RequestId,
    /// Its method.
    pub method: Method,
    /// Its target as sent, path and query.
    pub target: OriginalTarget,
    /// Its Accept header, in which some wires name their version.
    pub accept: Option<HeaderValue>,
}

impl Asked {
    /// The query as sent, without its `?`; empty when there is none.
    pub fn query(&self) -> &str {
        self.target.0.split_once('?').map_or("", |(_, query)| query)
    }
}

/// How a door words what the stack must say for it.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    /// The answer when a handler panicked: the door's 500.
    pub panicked: fn(&Asked) -> Response,
    /// What every answer of the door carries: request id, CORS, and the like. Called once per answer, whoever worded it.
    pub dress: fn(&Asked, &mut HeaderMap),
}

/// Whether paths are made canonical before a route is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paths {
    /// Runs of slashes become one, a trailing slash goes away. Percent-encoded slashes are left alone.
    Tidied,
    /// Paths are routed as sent, for a door whose paths are text in which a slash means something.
    AsSent,
}

/// Puts the layers around a door's routes.
pub fn around(routes: Router, wording: Wording, paths: Paths) -> Router {
    Router::new().fallback(async move |request: Request| answer(routes, wording, paths, request).await)
}

async fn answer(routes: Router, wording: Wording, paths: Paths, mut request: Request) -> Response {
    let started_at = Instant::now();
    let asked = ask(&request);
    request.extensions_mut().insert(asked.target.clone());
    request.extensions_mut().insert(asked.request_id.clone());
    request.extensions_mut().insert(asked.clone());
    if paths == Paths::Tidied {
        path::tidy(request.uri_mut());
    }
    // A query may hold secrets, so only the path is logged.
    let path = request.uri().path().to_owned();
    let answered = AssertUnwindSafe(routes.oneshot(request)).catch_unwind().await;
    let mut response = match answered {
        Ok(answered) => answered.unwrap_or_else(|never: Infallible| match never {}),
        Err(panic) => {
            let Asked { request_id, method, .. } = &asked;
            tracing::error!(%request_id, %method, path, panic = text_of(&*panic), "a request's handler panicked");
            (wording.panicked)(&asked)
        }
    };
    (wording.dress)(&asked, response.headers_mut());
    tracing::debug!(
        request_id = %asked.request_id,
        method = %asked.method,
        path,
        status = response.status().as_u16(),
        duration_ms = started_at.elapsed().as_secs_f64() * 1000.0,
        "a request was answered"
    );
    response
}

/// Doors may stand behind one another's stacks; the outermost names the request.
fn ask(request: &Request) -> Asked {
    if let Some(asked) = request.extensions().get::<Asked>() {
        return asked.clone();
    }
    let uri = request.uri();
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    Asked {
        request_id: RequestId::fresh(),
        method: request.method().clone(),
        target: OriginalTarget(target.into()),
        accept: request.headers().get(header::ACCEPT).cloned(),
    }
}

fn text_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic without a text")
}
