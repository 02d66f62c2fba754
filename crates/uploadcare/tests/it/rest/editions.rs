//! Which edition is spoken, and what every answer bears whatever it says.

use crate::scene::{Answer, JSON, NOBODY, Scene};
use axum::body::Body;
use http::{Method, Request, header};

async fn accepting(scene: &Scene, accept: Option<&str>, target: &str) -> Answer {
    let mut request = Request::builder().uri(target).header(header::AUTHORIZATION, scene.simple());
    if let Some(accept) = accept {
        request = request.header(header::ACCEPT, accept);
    }
    scene.ask(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn answers_bear_the_media_type_of_their_edition() {
    let scene = Scene::new().await;
    for (accept, expected) in [
        (None, "application/vnd.uploadcare-v0.7+json"),
        (Some("*/*"), "application/vnd.uploadcare-v0.7+json"),
        (Some(JSON), "application/vnd.uploadcare-v0.7+json"),
        (Some("application/vnd.uploadcare-v0.6+json"), "application/vnd.uploadcare-v0.6+json"),
        (Some("application/vnd.uploadcare-v0.5+json"), "application/vnd.uploadcare-v0.5+json"),
    ] {
        for target in ["/project/", "/files/nope/", "/groups/"] {
            let answer = accepting(&scene, accept, target).await;
            assert_eq!(answer.header("content-type"), Some(expected), "{accept:?} {target}");
        }
    }
}

#[tokio::test]
async fn editions_that_are_not_spoken() {
    let scene = Scene::new().await;
    let newer =
        "Incorrect Accept header provided. Make sure to specify API version. Refer to REST API docs for details.";
    accepting(&scene, Some("application/vnd.uploadcare-v0.9+json"), "/files/").await.expect_detail(406, newer);
    accepting(&scene, Some("text/html"), "/files/").await.expect_detail(406, newer);
    let older = "Could not satisfy the request Accept header.";
    accepting(&scene, Some("application/vnd.uploadcare-v0.4+json"), "/files/").await.expect_detail(406, older);
    accepting(&scene, Some("text/html"), "/groups/").await.expect_detail(404, "Not found.");
}

#[tokio::test]
async fn methods() {
    let scene = Scene::new().await;
    let file = format!("/files/{NOBODY}");
    for (target, allowed) in [
        ("/files/".to_owned(), "GET, HEAD, OPTIONS"),
        (format!("{file}/"), "DELETE, GET, HEAD, OPTIONS"),
        (format!("{file}/storage/"), "DELETE, GET, HEAD, OPTIONS, POST, PUT"),
        ("/files/storage/".to_owned(), "DELETE, OPTIONS, PUT"),
        (format!("{file}/metadata/"), "GET, HEAD, OPTIONS"),
        (format!("{file}/metadata/key/"), "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("/project/".to_owned(), "GET, HEAD, OPTIONS"),
        ("/webhooks/".to_owned(), "GET, HEAD, OPTIONS, POST"),
        ("/webhooks/41/".to_owned(), "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("/webhooks/unsubscribe/".to_owned(), "DELETE, OPTIONS"),
    ] {
        let request = scene.rest(Method::PATCH, &target).body(Body::empty()).unwrap();
        let answer = scene.ask(request).await;
        answer.expect_detail(405, "Method \"PATCH\" not allowed.");
        assert_eq!(answer.header("allow"), Some(allowed), "{target}");
        let request = scene.rest(Method::OPTIONS, &target).body(Body::empty()).unwrap();
        let answer = scene.ask(request).await;
        answer.expect(
            200,
            r#"{"renders":["application/vnd.uploadcare-v0.7+json"],"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"]}"#,
        );
        assert_eq!(answer.header("allow"), Some(allowed), "{target}");
    }
}

#[tokio::test]
async fn who_asks_comes_before_the_method_and_the_path_before_both() {
    let scene = Scene::new().await;
    let ask = |method, target: &str| {
        let request = Request::builder().method(method).uri(target).body(Body::empty()).unwrap();
        scene.ask(request)
    };
    ask(Method::PATCH, "/files/").await.expect_detail(401, "Incorrect authentication credentials.");
    for target in ["/files/a/b/c/", "/groups/", "/convert/document/", "/addons/remove_bg/execute/", "/project/x/"] {
        ask(Method::GET, target).await.expect_detail(404, "Not found.");
    }
}

#[tokio::test]
async fn every_answer_is_dressed() {
    let scene = Scene::new().await;
    for target in ["/project/", "/files/nope/", "/groups/", "//files///"] {
        let answer = scene.get(target).await;
        for (name, value) in [
            ("vary", "Accept"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "SAMEORIGIN"),
            ("x-robots-tag", "noindex, nofollow, nosnippet, noarchive"),
            ("x-xss-protection", "1; mode=block"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{target}");
        }
        assert_eq!(answer.header("x-uploadcare-request-id").map(str::len), Some(36), "{target}");
    }
}

#[tokio::test]
async fn the_head_alone() {
    let scene = Scene::new().await;
    let whole = scene.get("/project/").await;
    let head = scene.ask(scene.rest(Method::HEAD, "/project/").body(Body::empty()).unwrap()).await;
    assert_eq!((head.status.as_u16(), head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), Some(whole.body.len().to_string().as_str()));
    assert_eq!(head.header("content-type"), whole.header("content-type"));
}
