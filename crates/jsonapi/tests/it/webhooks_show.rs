//! `GET …/webhooks/:id` (section 9.2).

use crate::scene::{Scene, text};

#[tokio::test]
async fn the_same_as_created_66() {
    let scene = Scene::new().await;
    let webhook = scene.webhook().await;
    for suffix in ["", ".json", "/"] {
        assert_eq!(scene.get(&format!("/webhooks/{}{suffix}", text(&webhook["id"]))).await.data(), webhook);
    }
}

#[tokio::test]
async fn an_unknown_webhook_is_not_found() {
    let scene = Scene::new().await;
    let webhook = scene.webhook().await;
    for id in ["wh-0000000000000000000000", "wh-1", "nonsense", "1", "%FF"] {
        assert_eq!(scene.get(&format!("/webhooks/{id}.json")).await.status, 404, "{id}");
    }
    let (neighbour, key) = scene.test.project("neighbour").await;
    let path = format!("/api/v1/projects/{}/webhooks/{}", neighbour.public_key, text(&webhook["id"]));
    let request = http::Request::get(path).header("authorization", key.secret.expose());
    let answer = scene.request(request.body("".into()).unwrap()).await;
    assert_eq!(answer.text, r#"{"errors":["Webhook not found"]}"#);
}
