//! `DELETE …/webhooks/:id` (section 9.2).

use crate::scene::{Scene, text};

#[tokio::test]
async fn answers_the_webhook_and_then_it_is_gone_70() {
    let scene = Scene::new().await;
    let webhook = scene.webhook().await;
    let path = format!("/webhooks/{}.json", text(&webhook["id"]));
    assert_eq!(scene.send("DELETE", &path, ("", "")).await.data(), webhook);
    for method in ["GET", "PUT", "DELETE"] {
        let answer = scene.send(method, &path, ("", "")).await;
        assert_eq!((answer.status, answer.text.as_str()), (404, r#"{"errors":["Webhook not found"]}"#));
    }
    assert_eq!(scene.get("/webhooks").await.json()["pagination"]["count"], 0);
}
