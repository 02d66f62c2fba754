//! `DELETE` and `POST /webhooks/unsubscribe/`.

use super::webhooks::create;
use crate::scene::{FORM, JSON, Scene};
use http::Method;

const ONE: &str = "https://one.example.test/uc";

async fn scene() -> Scene {
    let scene = Scene::new().await;
    for (target, event) in [(ONE, "file.uploaded"), (ONE, "file.stored"), ("https://two.example.test/", "file.stored")]
    {
        let body = format!(r#"{{"target_url":"{target}","event":"{event}"}}"#);
        assert_eq!(create(&scene, &body).await.status, 201);
    }
    scene
}

async fn left(scene: &Scene) -> Vec<i64> {
    let json = scene.get("/webhooks/").await.json();
    json.as_array().unwrap().iter().map(|webhook| webhook["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn every_webhook_with_that_target() {
    let scene = scene().await;
    let body = format!(r#"{{"target_url":"{ONE} "}}"#);
    scene.send(Method::DELETE, "/webhooks/unsubscribe/", JSON, body.clone()).await.expect(204, "");
    assert_eq!(left(&scene).await, [3]);
    scene.send(Method::DELETE, "/webhooks/unsubscribe/", JSON, body).await.expect(204, "");
}

#[tokio::test]
async fn or_the_one_for_an_event() {
    let scene = scene().await;
    let body = "target_url=https%3A%2F%2Fone.example.test%2Fuc&event=file.stored";
    scene.send(Method::POST, "/webhooks/unsubscribe/", FORM, body).await.expect(204, "");
    assert_eq!(left(&scene).await, [1, 3]);
}

#[tokio::test]
async fn the_query_will_do() {
    let scene = scene().await;
    scene.delete("/webhooks/unsubscribe/?target_url=https://two.example.test/").await.expect(204, "");
    assert_eq!(left(&scene).await, [1, 2]);
}

#[tokio::test]
async fn a_target_is_needed() {
    let scene = scene().await;
    scene.delete("/webhooks/unsubscribe/").await.expect_detail(400, "`target_url` is missing.");
    assert_eq!(left(&scene).await, [1, 2, 3]);
}

#[tokio::test]
async fn a_target_that_no_webhook_can_have() {
    let scene = scene().await;
    for (query, field) in
        [("target_url=%00", "target_url"), ("target_url=https://two.example.test/&event=%00", "event")]
    {
        let answer = scene.delete(&format!("/webhooks/unsubscribe/?{query}")).await;
        answer.expect(400, &format!(r#"{{"{field}":["Null characters are not allowed."]}}"#));
    }
    assert_eq!(left(&scene).await, [1, 2, 3]);
}
