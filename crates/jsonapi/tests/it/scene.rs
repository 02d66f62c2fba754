//! A project on a platform in a folder, and a door to talk to.

use axum::Router;
use axum::body::Body;
use delivery::Dialects;
use domain::event::{Event, EventKind};
use domain::project::Project;
use http::{HeaderMap, Method, Request, header};
use http_body_util::BodyExt;
use jsonapi::webhook::{Settings as UcSettings, Uc};
use jsonapi::{Bases, Door};
use serde_json::Value;
use std::sync::Arc;
use tempfile::TempDir;
use testkit::platform::{TestPlatform, platform_with};
use tower::ServiceExt;
use web::stack::{Paths, around};

pub const JSON: &str = "application/json";
pub const FORM: &str = "application/x-www-form-urlencoded";
pub const MULTIPART: &str = "multipart/form-data; boundary=b0undary";

/// One red pixel.
pub const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\
    \0\0\x03\x01\x01\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82";

pub struct Scene {
    _folder: TempDir,
    pub test: TestPlatform,
    pub project: Arc<Project>,
    pub key: String,
    door: Router,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// What stands under `data`, of a success.
    #[track_caller]
    pub fn data(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
        self.json()["data"].clone()
    }

    /// The one sentence of a refusal.
    #[track_caller]
    pub fn error(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
        let json = self.json();
        let errors = json["errors"].as_array().unwrap();
        assert_eq!((errors.len(), json.as_object().unwrap().len()), (1, 1), "{json}");
        errors[0].as_str().unwrap().to_owned()
    }
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(platform::Settings::default()).await
    }

    /// With other limits.
    pub async fn with(settings: platform::Settings) -> Self {
        Self::allowing(settings, &[]).await
    }

    /// With targets that may be called all the same.
    pub async fn allowing(settings: platform::Settings, allow: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let test = platform_with(folder.path(), settings, allow).await;
        let (project, key) = test.project("pier").await;
        let door = Door { platform: test.platform.clone(), bases: bases(), dialects: dialects() };
        Self {
            _folder: folder,
            test,
            project,
            key: key.secret.expose().to_owned(),
            door: around(jsonapi::routes(door), jsonapi::WORDING, Paths::Tidied),
        }
    }

    /// A path of the scene's project.
    pub fn path(&self, rest: &str) -> String {
        format!("/api/v1/projects/{}{rest}", self.project.public_key)
    }

    /// Any request at all, with its answer's body still to come.
    pub async fn open(&self, request: Request<Body>) -> http::Response<Body> {
        self.door.clone().oneshot(request).await.unwrap()
    }

    /// Any request at all.
    pub async fn request(&self, request: Request<Body>) -> Answer {
        let response = self.door.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: head.status.as_u16(), headers: head.headers, text: String::from_utf8(bytes.into()).unwrap() }
    }

    /// A request below the scene's project, with this bearer token if any, and this body if its type is not empty.
    pub async fn call(
        &self,
        method: &str,
        rest: &str,
        token: Option<&str>,
        (content_type, body): (&str, impl Into<Body>),
    ) -> Answer {
        let method: Method = method.parse().unwrap();
        let mut request = Request::builder().method(method).uri(self.path(rest));
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if !content_type.is_empty() {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        self.request(request.body(body.into()).unwrap()).await
    }

    /// GET with the secret key.
    pub async fn get(&self, rest: &str) -> Answer {
        self.call("GET", rest, Some(&self.key), ("", "")).await
    }

    /// Any method and body with the secret key.
    pub async fn send(&self, method: &str, rest: &str, body: (&str, impl Into<Body>)) -> Answer {
        self.call(method, rest, Some(&self.key), body).await
    }

    /// A picture, with these fields beside it, uploaded with the secret key.
    pub async fn upload(&self, fields: &[(&str, &str)]) -> Value {
        let body = (MULTIPART, multipart("chart.png", PNG, fields));
        self.send("POST", "/files.json", body).await.data()
    }

    /// A webhook on `file.created` and `file.updated`, made with the secret key.
    pub async fn webhook(&self) -> Value {
        let body = r#"{"webhook": {"target_url": "https://hooks.example.test/uc", "events": ["file.created", "file.updated"]}}"#;
        self.send("POST", "/webhooks.json", (JSON, body)).await.data()
    }

    /// What has happened in the project.
    pub async fn log(&self) -> Vec<EventKind> {
        self.test.log(&self.project).await.iter().map(Event::kind).collect()
    }
}

pub fn dialects() -> Dialects {
    Dialects::new(vec![Box::new(Uc { bases: bases(), settings: UcSettings::default() })])
}

pub fn bases() -> Bases {
    Bases {
        api: "https://api.example.test".into(),
        upload: "https://upload.example.test".into(),
        cdn: "https://cdn.example.test".into(),
    }
}

/// A form with `file[content]` last, after these fields.
pub fn multipart(filename: &str, content: &[u8], fields: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--b0undary\r\nContent-Disposition: form-data; name=\"file[content]\"; filename=\"{filename}\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--b0undary--\r\n");
    body
}

/// Whether the text is this prefix and 22 alphanumerics.
pub fn is_spelled(prefix: &str, text: &Value) -> bool {
    let digits = text.as_str().and_then(|text| text.strip_prefix(prefix)).unwrap_or_default();
    digits.len() == 22 && digits.bytes().all(|digit| digit.is_ascii_alphanumeric())
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
