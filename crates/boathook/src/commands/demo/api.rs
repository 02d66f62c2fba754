//! Api: the demonstration's own client. It uses the public APIs as any program would, over HTTP.

use crate::config::Listen;
use crate::failure::Failure;
use crate::serve::reachable;
use bytes::Bytes;
use domain::project::{Project, SecretKey};
use egress::{AllowRule, Client, Request, Target};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{HeaderName, Method};
use serde_json::Value;
use std::net::SocketAddr;

/// Separates the parts of a form; no part holds it.
const BOUNDARY: &str = "boathook-demo-4a1c6f";
/// The version of Uploadcare's REST API that is spoken.
pub const UPLOADCARE_ACCEPT: &str = "application/vnd.uploadcare-v0.7+json";
/// The most bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The public APIs, with a project's keys.
pub struct Api {
    client: Client,
    rest: SocketAddr,
    upload: SocketAddr,
    public_key: String,
    secret_key: String,
}

/// A wire to speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// Uploadcare's REST API.
    Uploadcare,
    /// uc v1; paths are below the project's.
    Uc,
}

impl Api {
    /// A client that may call this server's listeners and nothing else on this machine.
    pub fn new(listen: Listen, project: &Project, key: &SecretKey) -> Result<Self, Failure> {
        let rest = reachable(listen.api.unwrap_or(listen.main));
        let upload = reachable(listen.upload.unwrap_or(listen.main));
        let settings = egress::Settings { allow: [rest, upload].map(exactly).to_vec(), ..egress::Settings::default() };
        let client = Client::new(settings).map_err(|error| failed("the client", &error))?;
        Ok(Self {
            client,
            rest,
            upload,
            public_key: project.public_key.clone(),
            secret_key: key.secret.expose().to_owned(),
        })
    }

    /// Calls a REST API with JSON; answers what it answered, or fails with what it said.
    pub async fn call(&self, wire: Wire, method: Method, path: &str, body: Option<Value>) -> Result<Value, Failure> {
        let (prefix, scheme, accept) = match wire {
            Wire::Uploadcare => (String::new(), format!("Uploadcare.Simple {}:", self.public_key), UPLOADCARE_ACCEPT),
            Wire::Uc => (format!("/api/v1/projects/{}", self.public_key), "Bearer ".to_owned(), "application/json"),
        };
        let url = format!("http://{}{prefix}{path}", self.rest);
        let authorization = format!("{scheme}{}", self.secret_key);
        let headers = [(AUTHORIZATION, authorization.as_str()), (ACCEPT, accept), (CONTENT_TYPE, "application/json")];
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.send(method, &url, &headers, body.into()).await
    }

    /// Uploads a file through Uploadcare's Upload API; answers its UUID.
    pub async fn upload(&self, name: &str, mime: &str, bytes: &[u8]) -> Result<String, Failure> {
        let mut form = Vec::new();
        for (name, value) in [("UPLOADCARE_PUB_KEY", self.public_key.as_str()), ("UPLOADCARE_STORE", "1")] {
            form.extend(part(&format!("name=\"{name}\""), value.as_bytes()));
        }
        let head = format!("name=\"file\"; filename=\"{name}\"\r\nContent-Type: {mime}");
        form.extend(part(&head, bytes));
        form.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let url = format!("http://{}/base/", self.upload);
        let answer = self.send(Method::POST, &url, &[(CONTENT_TYPE, &kind)], form.into()).await?;
        let uuid = answer["file"].as_str().map(str::to_owned);
        uuid.ok_or_else(|| Failure::Demo(format!("POST /base/ answered without a file: {answer}")))
    }

    async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(HeaderName, &str)],
        body: Bytes,
    ) -> Result<Value, Failure> {
        let target = Target::parse(url).map_err(|error| failed(url, &error))?;
        let headers = headers.iter().map(|(name, value)| {
            let value = HeaderValue::from_str(value).map_err(|error| failed(url, &error))?;
            Ok((name.clone(), value))
        });
        let headers = headers.collect::<Result<HeaderMap, Failure>>()?;
        let request = Request {
            method: method.clone(),
            response_bytes_read_max: ANSWER_BYTES_MAX,
            response_bytes_kept_max: ANSWER_BYTES_MAX,
            ..Request::post(target, headers, body)
        };
        let answer = self.client.send(request).await.map_err(|error| failed(url, &error))?;
        if !(200..300).contains(&answer.status) {
            let said = String::from_utf8_lossy(&answer.body);
            return Err(Failure::Demo(format!("{method} {url} answered {}: {said}", answer.status)));
        }
        serde_json::from_slice(&answer.body).map_err(|error| failed(url, &error))
    }
}

/// A rule that opens this one address.
pub fn exactly(address: SocketAddr) -> AllowRule {
    let rule = address.to_string().parse();
    rule.expect("an address with a port is a rule")
}

fn part(disposition: &str, value: &[u8]) -> Vec<u8> {
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n");
    [head.as_bytes(), value, b"\r\n"].concat()
}

fn failed(what: &str, error: &dyn std::error::Error) -> Failure {
    Failure::Demo(format!("{what}: {error}"))
}
