//! The scene of every test: a project with a key, and both APIs behind one stack as they are assembled.

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use domain::file::File;
use domain::project::{Grant, Project};
use http::{HeaderMap, Method, Request, StatusCode, header, request};
use std::sync::Arc;
use tempfile::TempDir;
use testkit::platform::{TestPlatform, platform_with};
use tower::ServiceExt;
use uploadcare::{Bases, Door, Settings};
use web::stack::{Paths, Wording, around};

pub(crate) const V07: &str = "application/vnd.uploadcare-v0.7+json";
pub(crate) const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// A transparent pixel.
pub(crate) const PNG: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\x0dIDATx\xdacd`\xf8_\x0f\x00\x02\x87\x01\x80\xebG\xba\x92\x00\x00\x00\x00IEND\xaeB`\x82";

/// An id that no file here has.
pub(crate) const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

pub(crate) struct Scene {
    pub test: TestPlatform,
    pub project: Arc<Project>,
    pub secret: String,
    routes: Router,
    _folder: TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(Settings::default(), platform::Settings::default()).await
    }

    pub async fn with(settings: Settings, limits: platform::Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let test = platform_with(folder.path(), limits, &[]).await;
        let (project, key) = test.project("harbour").await;
        let door = Door {
            platform: test.platform.clone(),
            bases: Bases {
                api: "https://api.example.test".into(),
                upload: "https://upload.example.test".into(),
                cdn: "https://cdn.example.test".into(),
            },
            settings,
        };
        let routes = uploadcare::upload_routes(door.clone()).merge(uploadcare::rest_routes(door));
        let plain = Wording { panicked: |_| Response::new(Body::empty()), dress: |_, _| () };
        let secret = key.secret.expose().to_owned();
        Self { test, project, secret, routes: around(routes, plain, Paths::Tidied), _folder: folder }
    }

    /// A file that was uploaded through another door: temporary, without metadata.
    pub async fn upload(&self, name: &str, bytes: &[u8]) -> File {
        let principal = self.test.principal(&self.project, Grant::Secret);
        self.test.upload(&principal, name, bytes).await
    }

    /// The kinds of all events so far.
    pub async fn events(&self) -> Vec<&'static str> {
        let log = self.test.log(&self.project).await;
        log.iter().map(|event| event.kind().name()).collect()
    }

    /// The header of the Simple scheme.
    pub fn simple(&self) -> String {
        format!("Uploadcare.Simple {}:{}", self.project.public_key, self.secret)
    }

    /// A request to the REST API, signed in and speaking 0.7.
    pub fn rest(&self, method: Method, target: &str) -> request::Builder {
        let request = Request::builder().method(method).uri(target).header(header::HOST, "127.0.0.1:8080");
        request.header(header::AUTHORIZATION, self.simple()).header(header::ACCEPT, V07)
    }

    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 10_000_000).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    pub async fn get(&self, target: &str) -> Answer {
        self.ask(self.rest(Method::GET, target).body(Body::empty()).unwrap()).await
    }

    pub async fn put(&self, target: &str) -> Answer {
        self.ask(self.rest(Method::PUT, target).body(Body::empty()).unwrap()).await
    }

    pub async fn delete(&self, target: &str) -> Answer {
        self.ask(self.rest(Method::DELETE, target).body(Body::empty()).unwrap()).await
    }

    /// A request with a body of some type.
    pub async fn send(&self, method: Method, target: &str, content_type: &str, body: impl Into<Body>) -> Answer {
        let request = self.rest(method, target).header(header::CONTENT_TYPE, content_type);
        self.ask(request.body(body.into()).unwrap()).await
    }

    /// The same, speaking another edition.
    pub async fn get_in(&self, edition: &str, target: &str) -> Answer {
        let mut request = self.rest(Method::GET, target).body(Body::empty()).unwrap();
        let accept = format!("application/vnd.uploadcare-v{edition}+json");
        request.headers_mut().insert(header::ACCEPT, accept.parse().unwrap());
        self.ask(request).await
    }

    /// A request to the Upload API: no header but those given.
    pub async fn plain(
        &self,
        method: Method,
        target: &str,
        content_type: Option<&str>,
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(target);
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        self.ask(request.body(body.into()).unwrap()).await
    }

    /// `POST /base/` with a form.
    pub async fn base(&self, query: &str, form: Form) -> Answer {
        let target = format!("/base/{query}");
        self.plain(Method::POST, &target, Some(Form::CONTENT_TYPE), form.end()).await
    }
}

impl Answer {
    /// Status and body, and of a body the media type that everything of 0.7 has.
    #[track_caller]
    pub fn expect(&self, status: u16, body: &str) {
        assert_eq!((self.status.as_u16(), self.body.as_str()), (status, body));
        let expected = (status != 204).then_some(V07);
        assert_eq!(self.header("content-type"), expected);
    }

    #[track_caller]
    pub fn expect_detail(&self, status: u16, detail: &str) {
        self.expect(status, &format!(r#"{{"detail":{detail:?}}}"#));
    }

    /// Status and body of the Upload API, which says JSON for what succeeds and plain text for what does not.
    #[track_caller]
    pub fn expect_plain(&self, status: u16, body: &str) {
        assert_eq!((self.status.as_u16(), self.body.as_str()), (status, body));
        let expected = if status == 200 { JSON } else { "text/plain; charset=utf-8" };
        assert_eq!(self.header("content-type"), Some(expected));
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A multipart form being written.
pub(crate) struct Form(Vec<u8>);

impl Form {
    pub const CONTENT_TYPE: &str = "multipart/form-data; boundary=wharf";

    pub fn new() -> Self {
        Self(Vec::new())
    }

    pub fn text(self, name: &str, value: &str) -> Self {
        self.part(&format!("name=\"{name}\""), None, value.as_bytes())
    }

    pub fn file(self, name: &str, filename: &str, content_type: &str, bytes: &[u8]) -> Self {
        self.part(&format!("name=\"{name}\"; filename=\"{filename}\""), Some(content_type), bytes)
    }

    /// A part with its disposition as written.
    pub fn part(mut self, disposition: &str, content_type: Option<&str>, bytes: &[u8]) -> Self {
        self.0.extend(format!("--wharf\r\nContent-Disposition: form-data; {disposition}\r\n").into_bytes());
        if let Some(content_type) = content_type {
            self.0.extend(format!("Content-Type: {content_type}\r\n").into_bytes());
        }
        self.0.extend(b"\r\n");
        self.0.extend(bytes);
        self.0.extend(b"\r\n");
        self
    }

    pub fn end(mut self) -> Vec<u8> {
        self.0.extend(b"--wharf--\r\n");
        self.0
    }

    /// The form without its end.
    pub fn cut(self) -> Vec<u8> {
        self.0
    }
}
