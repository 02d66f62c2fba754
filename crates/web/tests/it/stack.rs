//! The layers around a door's routes.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Path};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;
use web::stack::{Asked, Paths, Wording, around, within};
use web::{OriginalTarget, RequestId};

const WORDING: Wording = Wording { panicked, dress };

fn panicked(asked: &Asked) -> Response {
    let text = format!("{} {} {:?} broke", asked.method, asked.query(), asked.accept);
    (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
}

fn dress(asked: &Asked, headers: &mut HeaderMap) {
    headers.insert("x-request-id", asked.request_id.header_value());
    headers.append("x-dressed", HeaderValue::from_static("once"));
}

fn door(paths: Paths) -> Router {
    let target = |Extension(OriginalTarget(target)): Extension<OriginalTarget>| async move { target.to_string() };
    let id =
        |Path(id): Path<String>, Extension(request): Extension<RequestId>| async move { format!("{id} {request}") };
    let routes = Router::new()
        .route("/", get(|| async { "root" }))
        .route("/info", get(target))
        .route("/files/{id}/storage", get(id))
        .route("/panic", get(async || -> &'static str { panic!("out of mind") }));
    around(routes, WORDING, paths)
}

async fn ask(door: Router, method: Method, target: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::builder().method(method).uri(target).header("accept", "text/x").body(Body::empty()).unwrap();
    let response = door.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

async fn text(target: &str) -> String {
    ask(door(Paths::Tidied), Method::GET, target).await.2
}

#[tokio::test]
async fn slashes_are_tidied_before_routing_and_the_target_is_untouched() {
    for target in ["/info", "/info/", "//info/", "/info//?a=%2F//&b", "http://host//info/?x"] {
        let sent = target.strip_prefix("http://host").unwrap_or(target);
        assert_eq!(text(target).await, sent);
    }
    assert_eq!(text("/").await, "root");
    assert_eq!(text("//").await, "root");
    assert!(text("/files//a%2Fb%20c//storage/").await.starts_with("a/b c "));
}

#[tokio::test]
async fn paths_as_sent_are_left_alone() {
    assert_eq!(ask(door(Paths::AsSent), Method::GET, "/info").await.0, StatusCode::OK);
    assert_eq!(ask(door(Paths::AsSent), Method::GET, "/info/").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_panic_becomes_the_doors_own_answer() {
    let (status, headers, text) = ask(door(Paths::Tidied), Method::GET, "/panic/?jsonerrors=1").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(text, r#"GET jsonerrors=1 Some("text/x") broke"#);
    assert_eq!(headers["x-dressed"], "once");
}

#[tokio::test]
async fn every_answer_is_dressed_once_with_the_requests_own_id() {
    for (method, target) in
        [(Method::GET, "/"), (Method::GET, "/nowhere"), (Method::POST, "/info"), (Method::HEAD, "/")]
    {
        let (_, headers, _) = ask(door(Paths::Tidied), method, target).await;
        assert_eq!(headers.get_all("x-dressed").iter().count(), 1, "{target}");
    }
    let (_, headers, text) = ask(door(Paths::Tidied), Method::GET, "/files/a/storage").await;
    assert_eq!(text, format!("a {}", headers["x-request-id"].to_str().unwrap()));
    let (_, others, _) = ask(door(Paths::Tidied), Method::GET, "/").await;
    assert_ne!(headers["x-request-id"], others["x-request-id"]);
}

#[tokio::test]
async fn a_head_request_is_a_get_without_its_body() {
    let (status, headers, text) = ask(door(Paths::Tidied), Method::HEAD, "/").await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, ""));
    assert_eq!(headers["content-length"], "4");
}

#[tokio::test]
async fn a_stack_within_a_stack_keeps_the_name_and_the_target() {
    let outer = around(Router::new().fallback_service(door(Paths::Tidied)), WORDING, Paths::Tidied);
    let (_, headers, text) = ask(outer, Method::GET, "//info//?a").await;
    assert_eq!(text, "//info//?a");
    let ids: Vec<_> = headers.get_all("x-request-id").iter().collect();
    assert_eq!(ids.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_route_that_takes_too_long_is_dropped() {
    let timed_out = |asked: &Asked| (StatusCode::SERVICE_UNAVAILABLE, asked.request_id.to_string()).into_response();
    let quick = Router::new().route("/stuck", get(std::future::pending::<()>));
    let slow = Router::new().route("/slow", get(|| tokio::time::sleep(Duration::from_mins(1))));
    let routes = within(Duration::from_secs(30), quick, timed_out).merge(slow);
    let door = around(routes, WORDING, Paths::Tidied);
    let (status, headers, text) = ask(door.clone(), Method::GET, "/stuck").await;
    assert_eq!((status, text.as_str()), (StatusCode::SERVICE_UNAVAILABLE, headers["x-request-id"].to_str().unwrap()));
    assert_eq!(ask(door, Method::GET, "/slow").await.0, StatusCode::OK, "merged in afterwards, so not limited");
}

#[tokio::test]
async fn the_log_has_the_path_and_no_secrets() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    let subscriber = subscriber.with_writer(log.clone()).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    ask(door(Paths::Tidied), Method::GET, "//info/?signature=geheim").await;
    drop(guard);
    let text = log.text();
    assert!(text.contains("a request was answered") && text.contains("/info") && text.contains("status=200"), "{text}");
    assert!(!text.contains("geheim") && !text.contains("text/x"), "{text}");
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl tracing_subscriber::fmt::MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
