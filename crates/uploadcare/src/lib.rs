//! Wire dialect one: Uploadcare's Upload and REST APIs, as their clients expect them, and its webhooks.
//!
//! ```text
//!   upload_routes   /base/  /info/                                  public key; CORS; plain text or `jsonerrors`
//!   rest_routes     /files/…  /webhooks/…  /project/                secret key; 0.7, and the shapes of 0.6 and 0.5
//!   webhook         file.uploaded .stored .info_updated .deleted    what the delivery engine asks of this wire
//! ```
//! In reading order: how ids are spelled (`id`), who asks (`auth`), which edition they speak (`version`), the endpoints (`upload`, `rest`),
//! the JSON (`wire`), what is said when something is wrong (`error`), and the outward side ([`webhook`]).
//!
//! Clients live by details here: media types are compared letter by letter, links are replayed text by text, sentences are searched for
//! words. Where the original's own words are not known, ours are marked in the tests.
//!
//! Knowingly different, or not there yet:
//! - `tags` of uploads are taken and ignored; `tags` of files are always empty. So are `source`, `signature` and `expire`: signed uploads
//!   cannot be demanded.
//! - Files that are not stored stay; the original removes them after a day.
//! - `payload_hash` of webhook payloads before 0.7 is our own number: how the original makes it is not known.
//! - `Access-Control-Allow-Origin` of the REST API names the original's own site, so it is left out.
//! - Multipart uploads, uploads from URLs, groups, copies, tags, search, conversions and add-ons are not served: 404.
//!
//! **Invariant:** handlers translate. What may be done, and what then happens, is decided by the verbs of `platform`.

mod id;

mod auth;
mod version;

mod rest;
mod upload;

mod wire;

mod error;
mod head;

pub mod webhook;

use axum::Router;
use http::HeaderName;
use platform::Platform;
use web::client_ip::TrustedProxies;
use web::stack::{Paths, Wording, around};
use web::throttle;

/// Bears the request's id on every answer; events caused by the request bear it too.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-uploadcare-request-id");

/// What this door needs.
#[derive(Clone, Debug)]
pub struct Door {
    /// Everything a caller may ask for.
    pub platform: Platform,
    /// Where the addresses in answers lead.
    pub bases: Bases,
    /// What an operator may change.
    pub settings: Settings,
}

/// The public base addresses, without a slash at the end: `http://127.0.0.1:8080`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bases {
    /// Of the REST API.
    pub api: String,
    /// Of the Upload API.
    pub upload: String,
    /// Of the files themselves.
    pub cdn: String,
}

/// What an operator may change about this door.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// How often one may ask: each address of the Upload API, each project of the REST API. None: as often as they like.
    pub throttle: Option<throttle::Settings>,
    /// Whether `Uploadcare.Simple` is refused unless the request came by TLS, as far as a trusted proxy tells.
    pub refuses_simple_over_http: bool,
    /// Who may say for whom a request is and how it came.
    pub trusted_proxies: TrustedProxies,
}

/// The Upload API, on its paths and everything below them. Whoever mounts it tidies paths first (`web::stack`).
pub fn upload_routes(door: Door) -> Router {
    mounted(upload::routes(door), upload::WORDING, &upload::PREFIXES)
}

/// The REST API, on its paths and everything below them. Whoever mounts it tidies paths first (`web::stack`).
pub fn rest_routes(door: Door) -> Router {
    mounted(rest::routes(door), rest::WORDING, &rest::PREFIXES)
}

/// All answers under these paths are dressed and worded by the door, its 404s and panics too, whichever doors share the port.
fn mounted(routes: Router, wording: Wording, prefixes: &[&str]) -> Router {
    let door = around(routes, wording, Paths::Tidied);
    prefixes.iter().fold(Router::new(), |mounted, prefix| {
        mounted
            .route_service(prefix, door.clone().into_service())
            .route_service(&format!("{prefix}/{{*below}}"), door.clone().into_service())
    })
}
