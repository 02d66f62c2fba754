//! `GET …/files`: pages, oldest first (sections 2.4, 5.3).

use crate::scene::{Scene, text};
use serde_json::{Value, json};
use std::time::Duration;

async fn upload(scene: &Scene, count: usize) -> Vec<Value> {
    let mut ids = Vec::new();
    for _ in 0..count {
        scene.test.clock.advance(Duration::from_millis(1));
        ids.push(scene.upload(&[]).await["id"].clone());
    }
    ids
}

async fn page(scene: &Scene, query: &str) -> (Vec<Value>, Value) {
    let answer = scene.get(&format!("/files.json{query}")).await;
    let ids = answer.data().as_array().unwrap().iter().map(|file| file["id"].clone()).collect();
    (ids, answer.json()["pagination"].clone())
}

#[tokio::test]
async fn an_empty_project_has_one_page_37() {
    let scene = Scene::new().await;
    let expected = json!({"count": 0, "page": 1, "items": 20, "pages": 1});
    assert_eq!(page(&scene, "").await, (vec![], expected));
}

#[tokio::test]
async fn pages_of_two_oldest_first_38_40_41() {
    let scene = Scene::new().await;
    let ids = upload(&scene, 3).await;
    let all = json!({"count": 3, "page": 1, "items": 20, "pages": 1});
    assert_eq!(page(&scene, "").await, (ids.clone(), all));
    let second = json!({"count": 3, "page": 2, "items": 2, "pages": 2});
    assert_eq!(page(&scene, "?items=2&page=2").await, (ids[2..].to_vec(), second));
    let beyond = json!({"count": 3, "page": 999, "items": 20, "pages": 1});
    assert_eq!(page(&scene, "?page=999").await, (vec![], beyond));
    assert_eq!(page(&scene, "?items=1000").await.1["items"], 100);
    assert_eq!(page(&scene, "?page=99999999999999999999&items=100").await.0, [] as [Value; 0]);
    for query in ["?page=0", "?page=-1", "?page=x", "?items=0"] {
        scene.get(&format!("/files.json{query}")).await.error(400);
    }
}

#[tokio::test]
async fn twenty_are_a_page_39() {
    let scene = Scene::new().await;
    let ids = upload(&scene, 21).await;
    let (first, pagination) = page(&scene, "").await;
    assert_eq!((first.len(), &pagination["pages"]), (20, &json!(2)));
    let (second, pagination) = page(&scene, "?page=2").await;
    assert_eq!((second, &pagination["items"]), (ids[20..].to_vec(), &json!(20)));
}

#[tokio::test]
async fn removed_files_stay_in_the_list_and_other_projects_files_never_were() {
    let scene = Scene::new().await;
    let ids = upload(&scene, 2).await;
    let (neighbour, _) = scene.test.project("neighbour").await;
    let stranger = scene.test.principal(&neighbour, domain::project::Grant::Public);
    scene.test.upload(&stranger, "theirs.txt", b"theirs").await;
    let path = format!("/files/{}", text(&ids[0]));
    scene.send("DELETE", &path, ("", "")).await.data();
    let answer = scene.get("/files").await;
    let listed = answer.data();
    let seen: Vec<(&Value, &str)> =
        listed.as_array().unwrap().iter().map(|file| (&file["id"], text(&file["attributes"]["status"]))).collect();
    assert_eq!(seen, [(&ids[0], "removed"), (&ids[1], "ready")]);
    assert_eq!(answer.json()["pagination"]["count"], 2);
    assert_eq!(listed[0], scene.get(&path).await.data());
}
