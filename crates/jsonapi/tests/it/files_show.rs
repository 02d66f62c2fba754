//! `GET …/files/:id` (section 5.5).

use crate::scene::{Scene, text};

#[tokio::test]
async fn with_and_without_the_suffix() {
    let scene = Scene::new().await;
    let file = scene.upload(&[]).await;
    for suffix in ["", ".json", "/"] {
        assert_eq!(scene.get(&format!("/files/{}{suffix}", text(&file["id"]))).await.data(), file);
    }
}

#[tokio::test]
async fn an_unknown_file_is_not_found_35() {
    let scene = Scene::new().await;
    for id in [
        "f-0000000000000000000000",
        "f-zzzzzzzzzzzzzzzzzzzzzz",
        "f-1",
        "nonsense",
        "%FF",
        "%00",
        "11111111-aaaa-4bbb-8ccc-222222222222",
        ".json",
    ] {
        let answer = scene.get(&format!("/files/{id}.json")).await;
        assert_eq!(answer.status, 404, "{id}");
        assert!(answer.json()["errors"].is_array());
    }
    assert_eq!(scene.get("/files/f-0000000000000000000000.json").await.error(404), "File not found");
}
