//! Which paths name a file, and what the others are answered.

use crate::scene::{Scene, TEXT};
use domain::project::Grant;
use http::Method;

const UNKNOWN: &str = "/11111111-aaaa-4bbb-8ccc-222222222222";

#[tokio::test]
async fn what_is_not_there_is_404() {
    let scene = Scene::new().await;
    for path in [
        UNKNOWN,
        "/favicon.ico",
        "/%FF",
        "/%00/%00",
        "/a/b/c",
        "/cdn",
        "/11111111-aaaa-4bbb-8ccc-222222222222~2/",
        "/11111111-aaaa-4bbb-8ccc-222222222222/-/inline/no/",
    ] {
        let answer = scene.get(path).await;
        assert_eq!((answer.status, answer.body.as_slice()), (404, &b"There is no such file.\n"[..]), "{path}");
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
}

#[tokio::test]
async fn a_removed_file_is_not_there() {
    let scene = Scene::new().await;
    let file = scene.upload("pier.txt", TEXT).await;
    let owner = scene.test.principal(&scene.project, Grant::Secret);
    scene.test.platform.remove_file(&owner, file.id).await.unwrap();
    for path in [format!("/{}/", file.id), format!("/cdn/f-{}", file.id), format!("/cdn/f-{}/x", file.id)] {
        assert_eq!(scene.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn operations_are_refused_by_name() {
    let scene = Scene::new().await;
    let file = scene.upload("pier.txt", TEXT).await;
    for (rest, word) in [
        ("/-/preview/", "preview"),
        ("/-/resize/300x/pier.jpg", "resize"),
        ("/gif2video/", "gif2video"),
        ("/-/inline/maybe/", "inline"),
        ("/-/%FF%00/", "%FF%00"),
    ] {
        let answer = scene.get(&format!("/{}{rest}", file.id)).await;
        let sentence = String::from_utf8(answer.body).unwrap();
        assert_eq!(answer.status, 400, "{rest}");
        assert!(sentence.contains(word), "{sentence}");
    }
}

#[tokio::test]
async fn slashes_and_case_do_not_matter() {
    let scene = Scene::new().await;
    let id = scene.upload("pier.txt", TEXT).await.id.to_string();
    for path in [format!("/{id}"), format!("//{id}//"), format!("/{}/", id.to_uppercase()), format!("/{id}/?token=x")] {
        assert_eq!(scene.get(&path).await.body, TEXT, "{path}");
    }
}

#[tokio::test]
async fn only_reading_is_done_here() {
    let scene = Scene::new().await;
    for path in [UNKNOWN, "/11111111-aaaa-4bbb-8ccc-222222222222/x", "/cdn/f-1"] {
        let answer = scene.call(Method::POST, path, &[]).await;
        assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD, OPTIONS"), "{path}");
    }
    assert_eq!(scene.call(Method::POST, "/somewhere/else", &[]).await.status, 404);
    let preflight = scene.call(Method::OPTIONS, UNKNOWN, &[("origin", "https://app.example.test")]).await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, "*"));
    assert!(preflight.header("access-control-allow-headers").contains("Authorization"));
}
