//! `DELETE …/files/:id` (section 5.7).

use crate::scene::{Scene, text};
use domain::event::EventKind;
use std::time::Duration;

#[tokio::test]
async fn by_its_own_token_32_33() {
    let scene = Scene::new().await;
    let file = scene.upload(&[]).await;
    let path = format!("/files/{}.json", text(&file["id"]));
    scene.test.clock.advance(Duration::from_secs(5));
    let token = text(&file["authentication"]["access_token"]);
    let removed = scene.call("DELETE", &path, Some(token), ("", "")).await.data();
    assert_eq!(removed["attributes"]["status"], "removed");
    assert_eq!(removed["attributes"]["removed_at"], "2026-03-03T10:20:05.000000Z");
    assert_eq!(removed["attributes"]["uuid"], file["attributes"]["uuid"]);
    assert_eq!(scene.get(&path).await.data(), removed);
    assert_eq!(scene.call("GET", &path, Some(token), ("", "")).await.data(), removed);
}

#[tokio::test]
async fn a_second_time_changes_nothing_c30() {
    let scene = Scene::new().await;
    let path = format!("/files/{}", text(&scene.upload(&[]).await["id"]));
    let removed = scene.send("DELETE", &path, ("", "")).await.data();
    scene.test.clock.advance(Duration::from_secs(5));
    assert_eq!(scene.send("DELETE", &path, ("", "")).await.data(), removed);
    assert_eq!(scene.log().await, [EventKind::FileUploaded, EventKind::FileRemoved]);
    scene.send("DELETE", "/files/f-0000000000000000000000", ("", "")).await.error(404);
}
