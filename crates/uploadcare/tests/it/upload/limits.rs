//! How much an upload may be, and how often.

use crate::scene::{Answer, Form, Scene};
use axum::body::Body;
use http::Method;
use std::num::NonZeroU32;
use std::time::Duration;
use uploadcare::Settings;

const KEY: &str = "UPLOADCARE_PUB_KEY";

async fn scene_with_room_for(bytes: u64) -> Scene {
    let limits = platform::Settings { direct_upload_bytes_max: bytes, ..platform::Settings::default() };
    Scene::with(Settings::default(), limits).await
}

#[tokio::test]
async fn a_file_beyond_the_limit() {
    let scene = scene_with_room_for(10).await;
    let form = |bytes| Form::new().file("file", "a.bin", "text/plain", bytes).text(KEY, &scene.project.public_key);
    assert_eq!(scene.base("", form(b"0123456789")).await.status, 200);
    scene.base("", form(b"0123456789a")).await.expect_plain(400, "File is too large.");
    let keyless = Form::new().file("file", "a.bin", "text/plain", b"0123456789a");
    scene.base("", keyless).await.expect_plain(403, "UPLOADCARE_PUB_KEY is required.");
    assert_eq!(scene.events().await.len(), 1);
}

#[tokio::test]
async fn one_bad_file_spoils_the_form() {
    let scene = scene_with_room_for(10).await;
    let form = Form::new()
        .text(KEY, &scene.project.public_key)
        .file("a", "a.bin", "text/plain", b"a")
        .file("b", "b.bin", "text/plain", b"0123456789a")
        .file("c", "c.bin", "text/plain", b"c");
    scene.base("", form).await.expect_plain(400, "File is too large.");
    assert!(scene.events().await.is_empty());
}

#[tokio::test]
async fn a_request_beyond_the_limit() {
    let scene = scene_with_room_for(10).await;
    let form = Form::new().text(KEY, &scene.project.public_key).file("a", "a", "text/plain", &vec![0; 6_000_000]);
    scene.base("", form).await.expect_plain(413, "The size of the request is too large.");
    let form = Form::new().text(KEY, &scene.project.public_key).text("note", &"x".repeat(3_000_000));
    scene.base("", form).await.expect_plain(413, "The size of the request is too large.");
}

#[tokio::test]
async fn more_fields_or_files_than_are_taken() {
    let scene = Scene::new().await;
    let key = || Form::new().text(KEY, &scene.project.public_key);
    let fields = (0..1000).fold(key(), |form, _| form.text("a", "b"));
    scene.base("", fields).await.expect_plain(400, "The request contains too many HTTP POST fields.");
    let files = (0..101).fold(key(), |form, _| form.file("a", "b", "text/plain", b"c"));
    scene.base("", files).await.expect_plain(400, "The request contains too many files.");
    assert!(scene.events().await.is_empty());
}

#[tokio::test]
async fn too_often() {
    let one = NonZeroU32::MIN;
    let throttle = web::throttle::Settings { requests: one, per: Duration::from_hours(1), burst: one, keys_max: 10 };
    let settings = Settings { throttle: Some(throttle), ..Settings::default() };
    let scene = Scene::with(settings, platform::Settings::default()).await;
    let ask = |target| scene.plain(Method::GET, target, None, Body::empty());
    ask("/info/").await.expect_plain(403, "pub_key is required.");
    let answer = ask("/info/").await;
    answer.expect_plain(429, "Request was throttled.");
    assert!(retry_after_seconds(&answer).is_some());
    let answer = ask("/info/?jsonerrors=1").await;
    let expected =
        r#"{"error":{"status_code":429,"content":"Request was throttled.","error_code":"RequestThrottledError"}}"#;
    answer.expect_plain(200, expected);
    assert!(retry_after_seconds(&answer).is_some());
}

/// A whole number, at least one.
fn retry_after_seconds(answer: &Answer) -> Option<NonZeroU32> {
    answer.header("retry-after")?.parse().ok()
}
