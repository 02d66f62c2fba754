//! Call: a request whose caller is known, and how endpoints read it and answer it.

use super::Rest;
use crate::auth::{self, Asking};
use crate::error::rest::Error;
use crate::version::Version;
use crate::wire::file::View;
use crate::{Bases, id};
use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use domain::project::Grant;
use http::request::Parts;
use http::{StatusCode, header};
use platform::Platform;
use platform::access::Principal;
use serde::Serialize;
use serde_json::{Map, Value};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Instant;
use web::form::{self, Encoding};
use web::json::{compact, respond};
use web::origin::Origin;
use web::params::Params;
use web::{OriginalTarget, Peer, RequestId, body};

/// The longest body. The largest wish there is, a metadata value of 512 escaped characters, has six thousand bytes.
pub(crate) const BODY_BYTES_MAX: u64 = 1024 * 1024;

/// A request whose caller is known.
pub(super) struct Call {
    rest: Arc<Rest>,
    pub version: Version,
    pub principal: Principal,
    pub parts: Parts,
    pub body: Bytes,
}

impl Call {
    /// Reads the body, learns who is asking, and refuses who asks too often.
    pub async fn begin(rest: Arc<Rest>, version: Version, request: Request) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let body = read(body).await?;
        let settings = &rest.door.settings;
        let asking = Asking {
            method: &parts.method,
            target: target(&parts),
            headers: &parts.headers,
            body: &body,
            is_https: settings.refuses_simple_over_http && origin(&rest, &parts).is_https,
        };
        let keyring = auth::keyring(&rest.door.platform, settings.refuses_simple_over_http, &asking).await?;
        let project = keyring.project.clone();
        rest.throttle.take(&project.id, Instant::now()).map_err(Error::Throttled)?;
        let request = parts.extensions.get::<RequestId>().expect("the stack names every request");
        let principal = Principal { project, grant: Grant::Secret, request: id::request(request) };
        Ok(Self { rest, version, principal, parts, body })
    }

    pub fn platform(&self) -> &Platform {
        &self.rest.door.platform
    }

    pub fn bases(&self) -> &Bases {
        &self.rest.door.bases
    }

    /// The scheme and host that the caller used.
    pub fn origin(&self) -> Origin {
        origin(&self.rest, &self.parts)
    }

    /// The query as sent, without its `?`.
    pub fn query(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }

    /// The query's parameters.
    pub fn params(&self) -> Result<Params, Error> {
        form::query(&self.parts).map_err(|_| Error::ParametersTooMany)
    }

    /// How files are to be shown, by the edition and the query.
    pub fn view(&self, params: &Params) -> View<'_> {
        let includes =
            |name| params.get_all("include").flat_map(|list| list.split(',')).any(|given| given.trim() == name);
        View {
            bases: self.bases(),
            version: self.version,
            includes_appdata: self.version == Version::V07 && includes("appdata"),
        }
    }

    /// The body of an endpoint that reads only JSON.
    pub fn json_body(&self) -> Result<&[u8], Error> {
        match self.encoding() {
            Encoding::Json => Ok(&self.body),
            _ if self.body.is_empty() => Ok(&self.body),
            _ => Err(self.unsupported()),
        }
    }

    /// The fields of an endpoint that reads JSON, forms and multipart forms alike.
    pub async fn fields(&self) -> Result<Map<String, Value>, Error> {
        if self.body.is_empty() {
            return Ok(Map::new());
        }
        match self.encoding() {
            Encoding::Json => json_fields(&self.body),
            Encoding::Urlencoded | Encoding::Multipart => self.form_fields().await,
            Encoding::Other => Err(self.unsupported()),
        }
    }

    async fn form_fields(&self) -> Result<Map<String, Value>, Error> {
        let limits = form::Limits::of_bytes(BODY_BYTES_MAX);
        let params = form::read(&self.parts, Body::from(self.body.clone()), &limits).await;
        let params = params.map_err(|error| match error {
            form::Error::TooManyFields { .. } | form::Error::TooManyParams(_) => Error::ParametersTooMany,
            other => Error::BodyMalformed(format!("Form parse error - {other}")),
        })?;
        Ok(params.iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
    }

    /// A type that is not there is taken for JSON, since some clients lose it on the way, and one writes `null`.
    fn encoding(&self) -> Encoding {
        match self.content_type() {
            "" | "null" => Encoding::Json,
            _ => Encoding::of(&self.parts.headers),
        }
    }

    fn content_type(&self) -> &str {
        let value = self.parts.headers.get(header::CONTENT_TYPE);
        value.and_then(|value| value.to_str().ok()).unwrap_or_default().trim()
    }

    fn unsupported(&self) -> Error {
        Error::MediaTypeUnsupported(self.content_type().to_owned())
    }

    /// An answer in the media type of the edition.
    pub fn json(&self, status: StatusCode, value: &impl Serialize) -> Response {
        respond(status, self.version.content_type(), compact(value))
    }

    /// 200, in the media type of the edition.
    pub fn ok(&self, value: &impl Serialize) -> Response {
        self.json(StatusCode::OK, value)
    }
}

async fn read(body: Body) -> Result<Bytes, Error> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let read = body::read(body, body::Limits::of_bytes(BODY_BYTES_MAX)).await;
    read.map_err(|error| match error {
        body::Error::TooLarge { bytes_max } => Error::BodyTooLarge(bytes_max),
        body::Error::Stalled { .. } | body::Error::Broken(_) => Error::BodyInterrupted,
    })
}

/// The target as sent, before its path was tidied: what callers sign.
fn target(parts: &Parts) -> &str {
    match parts.extensions.get::<OriginalTarget>() {
        Some(target) => &target.0,
        None => parts.uri.path_and_query().map_or("/", |target| target.as_str()),
    }
}

fn origin(rest: &Rest, parts: &Parts) -> Origin {
    let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let peer = parts.extensions.get::<Peer>().map_or(unknown, |peer| peer.0.ip());
    Origin::of(&parts.uri, &parts.headers, peer, &rest.door.settings.trusted_proxies)
}

fn json_fields(body: &[u8]) -> Result<Map<String, Value>, Error> {
    let given = match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => return Ok(fields),
        Ok(Value::Array(_)) => "list",
        Ok(Value::String(_)) => "str",
        Ok(Value::Number(_)) => "number",
        Ok(Value::Bool(_)) => "bool",
        Ok(Value::Null) => "null",
        Err(error) => return Err(Error::BodyMalformed(format!("JSON parse error - {error}"))),
    };
    let problem = format!("Invalid data. Expected a dictionary, but got {given}.");
    Err(Error::Fields(vec![("non_field_errors", problem)]))
}
