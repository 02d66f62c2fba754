//! `PUT`, `POST` and `DELETE /files/{uuid}/storage/`.

use crate::scene::{JSON, NOBODY, Scene};
use http::Method;
use std::time::Duration;

#[tokio::test]
async fn stored_once_removed_and_brought_back() {
    let scene = Scene::new().await;
    let target = format!("/files/{}/storage/", scene.upload("a.txt", b"a").await.id);
    let dates = async |method: Method| {
        scene.test.clock.advance(Duration::from_secs(1));
        let answer = scene.send(method, &target, JSON, "").await;
        assert_eq!(answer.status, 200);
        let json = answer.json();
        let second = |name: &str| json[name].as_str().map(|date| date[17..19].to_owned());
        (second("datetime_stored"), second("datetime_removed"), json["original_file_url"].is_null())
    };
    let at = |second: &str| Some(second.to_owned());
    assert_eq!(dates(Method::PUT).await, (at("01"), None, false));
    assert_eq!(dates(Method::POST).await, (at("01"), None, false), "already stored");
    assert_eq!(dates(Method::DELETE).await, (None, at("03"), true));
    assert_eq!(dates(Method::DELETE).await, (None, at("03"), true), "already removed");
    assert_eq!(dates(Method::PUT).await, (at("05"), None, false));
    assert_eq!(scene.events().await, ["file_uploaded", "file_stored", "file_removed", "file_stored"]);
}

#[tokio::test]
async fn files_of_nobody() {
    let scene = Scene::new().await;
    for id in [NOBODY, "nope"] {
        scene.put(&format!("/files/{id}/storage/")).await.expect_detail(404, "Not found.");
        scene.delete(&format!("/files/{id}/storage/")).await.expect_detail(404, "Not found.");
    }
}

#[tokio::test]
async fn the_media_type_of_no_body_does_not_matter() {
    let scene = Scene::new().await;
    let target = format!("/files/{}/storage/", scene.upload("a.txt", b"a").await.id);
    for content_type in [JSON, "null", "text/plain"] {
        assert_eq!(scene.send(Method::PUT, &target, content_type, "").await.status, 200);
    }
}
