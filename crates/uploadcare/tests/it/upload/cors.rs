//! What browsers need: CORS on every answer, and no redirects.

use crate::scene::Scene;
use axum::body::Body;
use http::Method;

#[track_caller]
fn check(answer: &crate::scene::Answer, methods: &str) {
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", methods),
        ("access-control-allow-headers", "X-UC-User-Agent, X-PINGOTHER, DNT, Authorization, Content-Type"),
        ("access-control-allow-credentials", "true"),
        ("access-control-max-age", "1"),
        ("access-control-expose-headers", "Warning, Retry-After"),
        ("vary", "Accept-Encoding, Origin"),
        ("x-content-type-options", "nosniff"),
        ("x-xss-protection", "1; mode=block"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert_eq!(answer.header("x-uploadcare-request-id").map(str::len), Some(36));
}

#[tokio::test]
async fn preflights() {
    let scene = Scene::new().await;
    for (target, methods) in [
        ("/base/?jsonerrors=1", "POST, OPTIONS"),
        ("/info/", "GET, HEAD, OPTIONS"),
        ("//info", "GET, HEAD, OPTIONS"),
        ("/group/", "OPTIONS, GET, POST"),
    ] {
        let answer = scene.plain(Method::OPTIONS, target, None, Body::empty()).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""), "{target}");
        check(&answer, methods);
    }
}

#[tokio::test]
async fn errors_too() {
    let scene = Scene::new().await;
    let answer = scene.plain(Method::GET, "/info", None, Body::empty()).await;
    answer.expect_plain(403, "pub_key is required.");
    check(&answer, "GET, HEAD, OPTIONS");
    let answer = scene.plain(Method::GET, "/base", None, Body::empty()).await;
    assert_eq!(answer.status, 405);
    check(&answer, "POST, OPTIONS");
}

#[tokio::test]
async fn endpoints_not_served_yet() {
    let scene = Scene::new().await;
    for target in ["/multipart/start/", "/from_url/", "/from_url/status/", "/group/info/", "/base/more/"] {
        let answer = scene.plain(Method::POST, target, None, Body::empty()).await;
        answer.expect_plain(404, "Not found.");
        check(&answer, "OPTIONS, GET, POST");
    }
}
