//! The Upload API: its route table, its two shapes of errors, and the CORS that browsers need on every answer.
//!
//! No secret is asked for, only the public key; any page on the web may upload with it. The order of checks is that of the original:
//! too often (429) ─► which key (403) ─► what is asked (400).

mod direct;
mod info;

use crate::Door;
use crate::error::upload::Error;
use crate::head::without_body;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use platform::access::Keyring;
use serde::Serialize;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Instant;
use web::Peer;
use web::json::{compact, no_content, respond};
use web::params::Params;
use web::stack::{Asked, Wording};
use web::throttle::Throttle;

/// The paths that are this API's, with everything below them; those not yet served are its 404.
pub(crate) const PREFIXES: [&str; 5] = ["/base", "/info", "/multipart", "/from_url", "/group"];

/// How this API words what the stack must say for it.
pub(crate) const WORDING: Wording =
    Wording { panicked: |asked| Error::Panicked.answer(wants_json(asked.query(), asked.accept.as_ref())), dress };

/// What the endpoints share.
pub(crate) struct Upload {
    pub door: Door,
    pub throttle: Throttle,
}

/// An endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endpoint {
    Base,
    Info,
}

/// The routes, one for all paths: which of them are whose is the mounting's matter.
pub(crate) fn routes(door: Door) -> Router {
    let throttle = door.settings.throttle.map_or_else(Throttle::off, Throttle::new);
    Router::new().fallback(answer).with_state(Arc::new(Upload { door, throttle }))
}

impl Endpoint {
    fn of(path: &str) -> Option<Self> {
        match path.trim_matches('/') {
            "base" => Some(Self::Base),
            "info" => Some(Self::Info),
            _ => None,
        }
    }

    /// The path as the original documents it.
    const fn path(self) -> &'static str {
        match self {
            Self::Base => "/base/",
            Self::Info => "/info/",
        }
    }

    /// As recorded; also what browsers are told.
    const fn methods(self) -> &'static str {
        match self {
            Self::Base => "POST, OPTIONS",
            Self::Info => "GET, HEAD, OPTIONS",
        }
    }
}

async fn answer(State(upload): State<Arc<Upload>>, request: Request) -> Response {
    if request.method() == Method::OPTIONS {
        return no_content();
    }
    let is_head = request.method() == Method::HEAD;
    let is_json = wants_json(request.uri().query().unwrap_or_default(), request.headers().get(header::ACCEPT));
    let served = serve(&upload, request).await;
    let response = served.unwrap_or_else(|error| error.answer(is_json));
    if is_head { without_body(response) } else { response }
}

async fn serve(upload: &Upload, request: Request) -> Result<Response, Error> {
    let endpoint = Endpoint::of(request.uri().path()).ok_or(Error::EndpointUnknown)?;
    upload.throttle.take(&upload.client_ip(&request), Instant::now()).map_err(Error::Throttled)?;
    match (endpoint, request.method().as_str()) {
        (Endpoint::Base, "POST") => direct::create(upload, request).await,
        (Endpoint::Info, "GET" | "HEAD") => info::show(upload, request).await,
        _ => Err(Error::MethodNotAllowed {
            method: request.method().clone(),
            path: endpoint.path(),
            allowed: endpoint.methods(),
        }),
    }
}

impl Upload {
    /// Whom the throttle counts for: nobody has shown a key yet.
    fn client_ip(&self, request: &Request) -> IpAddr {
        let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let peer = request.extensions().get::<Peer>().map_or(unknown, |peer| peer.0.ip());
        self.door.settings.trusted_proxies.client_ip(peer, request.headers())
    }

    /// The project of the public key under this name.
    async fn keyring(&self, params: &Params, parameter: &'static str) -> Result<Arc<Keyring>, Error> {
        let key = params.get(parameter).map(str::trim).filter(|key| !key.is_empty());
        let key = key.ok_or(Error::PublicKeyRequired { parameter })?;
        let found = self.door.platform.keyring(key).await?;
        found.ok_or(Error::PublicKeyInvalid { parameter })
    }
}

/// Whether errors are to be envelopes: what `jsonerrors` says, and where it says nothing, whether JSON is what is accepted.
fn wants_json(query: &str, accept: Option<&HeaderValue>) -> bool {
    // Looked for without a limit: that there are too many parameters is told in the shape asked for, too.
    let flag = query.split('&').rev().find_map(|pair| {
        let (name, flag) = pair.split_once('=').unwrap_or((pair, ""));
        (name == "jsonerrors").then_some(flag)
    });
    match flag {
        Some(flag) => !matches!(flag.trim_matches(['+', ' ']), "" | "0"),
        None => accept.and_then(|accept| accept.to_str().ok()).is_some_and(names_json),
    }
}

fn names_json(accept: &str) -> bool {
    let media = |range: &str| range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    accept.split(',').any(|range| media(range) == "application/json")
}

fn refuse_nulls(params: &Params) -> Result<(), Error> {
    let has_null = params.iter().any(|(name, value)| name.contains('\0') || value.contains('\0'));
    if has_null { Err(Error::NullCharacters) } else { Ok(()) }
}

/// 200, as plain `application/json`.
fn ok(value: &impl Serialize) -> Response {
    respond(http::StatusCode::OK, HeaderValue::from_static("application/json"), compact(value))
}

/// What browsers need to read an answer, whatever it says, and what else the original sends with all of them.
fn dress(asked: &Asked, headers: &mut HeaderMap) {
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, allowed_methods(asked)),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "X-UC-User-Agent, X-PINGOTHER, DNT, Authorization, Content-Type"),
        (header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"),
        (header::ACCESS_CONTROL_MAX_AGE, "1"),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, "Warning, Retry-After"),
        (header::VARY, "Accept-Encoding, Origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-xss-protection"), "1; mode=block"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(crate::REQUEST_ID, asked.request_id.header_value());
}

fn allowed_methods(asked: &Asked) -> &'static str {
    let path = asked.target.0.split('?').next().unwrap_or_default();
    Endpoint::of(path).map_or("OPTIONS, GET, POST", Endpoint::methods)
}

/// The query of a request, as far as it has parameters.
fn query(parts: &Parts) -> Result<Params, Error> {
    web::form::query(parts).map_err(|_| Error::FieldsTooMany)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, accept: Option<&'static str>, expected: bool) {
        let accept = accept.map(HeaderValue::from_static);
        assert_eq!(wants_json(query, accept.as_ref()), expected, "{query} {accept:?}");
    }

    #[test]
    fn who_wants_envelopes() {
        check("jsonerrors=1", None, true);
        check("pub_key=x&jsonerrors=true", None, true);
        check("jsonerrors=0", None, false);
        check("jsonerrors=", None, false);
        check("jsonerrors", None, false);
        check("", None, false);
        check("", Some("*/*"), false);
        check("", Some("text/html, Application/JSON;q=0.5"), true);
        check("jsonerrors=0", Some("application/json"), false);
        check(&("jsonerrors=1".to_owned() + &"&a".repeat(2000)), None, true);
    }

    #[test]
    fn endpoints_with_any_slashes() {
        assert_eq!(Endpoint::of("/base/"), Some(Endpoint::Base));
        assert_eq!(Endpoint::of("//info//"), Some(Endpoint::Info));
        assert_eq!(Endpoint::of("/base/x"), None);
    }
}
