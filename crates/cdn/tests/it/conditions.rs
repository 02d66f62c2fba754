//! Ranges and conditional requests on originals.

use crate::scene::{Answer, Scene, TEXT};
use http::Method;

async fn ask(scene: &Scene, path: &str, headers: &[(&str, &str)]) -> Answer {
    scene.call(Method::GET, path, headers).await
}

#[tokio::test]
async fn one_range_is_served() {
    let scene = Scene::new().await;
    let path = format!("/{}/", scene.upload("pier.txt", TEXT).await.id);
    for (range, expected, told) in [
        ("bytes=0-2", &TEXT[..3], "bytes 0-2/36"),
        ("bytes=4-", &TEXT[4..], "bytes 4-35/36"),
        ("bytes=-6", &TEXT[30..], "bytes 30-35/36"),
    ] {
        let answer = ask(&scene, &path, &[("range", range)]).await;
        assert_eq!((answer.status, answer.body.as_slice()), (206, expected), "{range}");
        assert_eq!(answer.header("content-range"), told);
        assert_eq!(answer.header("content-length"), expected.len().to_string());
        assert_eq!(answer.header("content-type"), "text/plain");
    }
    let several = ask(&scene, &path, &[("range", "bytes=0-1,3-4")]).await;
    assert_eq!((several.status, several.body.as_slice()), (200, TEXT));
}

#[tokio::test]
async fn a_range_beyond_the_end_is_416() {
    let scene = Scene::new().await;
    let path = format!("/{}/", scene.upload("pier.txt", TEXT).await.id);
    let answer = ask(&scene, &path, &[("range", "bytes=36-")]).await;
    assert_eq!((answer.status, answer.header("content-range"), answer.body.len()), (416, "bytes */36", 0));
}

#[tokio::test]
async fn who_has_it_is_told_so() {
    let scene = Scene::new().await;
    let path = format!("/{}/", scene.upload("pier.txt", TEXT).await.id);
    let etag = scene.get(&path).await.header("etag").to_owned();
    for (name, value) in [("if-none-match", etag.as_str()), ("if-modified-since", "Tue, 03 Mar 2026 10:20:00 GMT")] {
        let answer = ask(&scene, &path, &[(name, value)]).await;
        assert_eq!((answer.status, answer.body.len()), (304, 0), "{name}");
        assert_eq!(answer.header("etag"), etag);
        assert_eq!(answer.header("cache-control"), "public, max-age=3600");
        assert_eq!(answer.header("content-type"), "");
    }
    assert_eq!(ask(&scene, &path, &[("if-none-match", "\"other\"")]).await.status, 200);
    assert_eq!(ask(&scene, &path, &[("if-match", "\"other\"")]).await.status, 412);
}

#[tokio::test]
async fn a_part_belongs_to_the_whole_it_was_part_of() {
    let scene = Scene::new().await;
    let path = format!("/{}/", scene.upload("pier.txt", TEXT).await.id);
    let etag = scene.get(&path).await.header("etag").to_owned();
    assert_eq!(ask(&scene, &path, &[("range", "bytes=0-2"), ("if-range", &etag)]).await.status, 206);
    assert_eq!(ask(&scene, &path, &[("range", "bytes=0-2"), ("if-range", "\"other\"")]).await.status, 200);
}
