//! A project with files on a platform in a folder, and a door to talk to.

use axum::Router;
use axum::body::Body;
use cdn::{Door, Settings, Spelling};
use domain::file::File;
use domain::id::{AccessToken, FileId, parse_uuid};
use domain::metadata::Metadata;
use domain::project::{Grant, Project};
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, request};
use http_body_util::BodyExt;
use platform::uploads::{Arrival, StoreWish};
use std::sync::Arc;
use tempfile::TempDir;
use testkit::platform::{TestPlatform, platform_in};
use tower::ServiceExt;
use web::stack::{Paths, around};

pub const TEXT: &[u8] = b"The pier is two hundred paces long.\n";

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
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's text; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Scene {
    pub async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let test = platform_in(folder.path()).await;
        let (project, key) = test.project("pier").await;
        let door = Door {
            platform: test.platform.clone(),
            base: "https://cdn.example.test".into(),
            spelling: Spelling { parse_file, parse_token },
            settings: Settings::default(),
        };
        Self {
            _folder: folder,
            test,
            project,
            key: key.secret.expose().to_owned(),
            door: around(cdn::routes(door), cdn::WORDING, Paths::Tidied),
        }
    }

    /// A public file.
    pub async fn upload(&self, name: &str, bytes: &[u8]) -> File {
        self.admit(name, "", bytes, false).await
    }

    /// A file of any kind.
    pub async fn admit(&self, name: &str, declared_mime: &str, bytes: &[u8], is_protected: bool) -> File {
        let principal = self.test.principal(&self.project, Grant::Secret);
        let platform = &self.test.platform;
        let bytes = stream::iter([Ok(bytes.to_vec().into())]);
        let arrival = Arrival {
            name: name.into(),
            declared_mime: declared_mime.into(),
            stored: StoreWish::Yes,
            metadata: Metadata::default(),
            expires_at: None,
            is_original_protected: is_protected,
        };
        let received = platform.receive(bytes, name).await.unwrap();
        platform.admit(&principal, vec![(received, arrival)]).await.unwrap().remove(0)
    }

    pub async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.answered(request).await
    }

    /// The same with one header that need not be text.
    pub async fn call_with(&self, method: Method, path: &str, name: HeaderName, value: HeaderValue) -> Answer {
        self.answered(Request::builder().method(method).uri(path).header(name, value)).await
    }

    async fn answered(&self, request: request::Builder) -> Answer {
        let response = self.door.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: body.collect().await.unwrap().to_bytes().into(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &[]).await
    }

    /// GET with a bearer's token.
    pub async fn get_with(&self, path: &str, token: &str) -> Answer {
        self.call(Method::GET, path, &[("authorization", &format!("Bearer {token}"))]).await
    }
}

/// A spelling made up for these tests: the door has none of its own.
fn parse_file(text: &str) -> Option<FileId> {
    parse_uuid(text.strip_prefix("f-")?).map(FileId::from_bytes)
}

fn parse_token(text: &str) -> Option<AccessToken> {
    parse_uuid(text.strip_prefix("fat-")?).map(AccessToken::from_bytes)
}
