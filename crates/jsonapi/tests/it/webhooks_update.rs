//! `PUT` and `PATCH …/webhooks/:id` (section 9.2).

use crate::scene::{FORM, JSON, Scene, text};
use serde_json::{Value, json};

#[tokio::test]
async fn only_what_is_given_changes_67_68() {
    let scene = Scene::new().await;
    let mut expected = scene.webhook().await;
    let path = format!("/webhooks/{}.json", text(&expected["id"]));
    for (method, content_type, body, attribute, value) in [
        ("PUT", FORM, "webhook[is_active]=false", "is_active", json!(false)),
        ("PATCH", JSON, r#"{"is_active": true}"#, "is_active", json!(true)),
        ("PUT", JSON, r#"{"webhook": {"events": ["file.deleted"]}}"#, "events", json!(["file.deleted"])),
        ("PUT", FORM, "target_url=https://other.example.test/", "target_url", json!("https://other.example.test/")),
        ("PATCH", FORM, "webhook[version]=2&webhook[signing_secret]=mine", "version", json!("2")),
    ] {
        expected["attributes"][attribute] = value;
        assert_eq!(scene.send(method, &path, (content_type, body)).await.data(), expected, "{body}");
        assert_eq!(scene.get(&path).await.data(), expected);
    }
}

#[tokio::test]
async fn what_is_wrong_changes_nothing_93() {
    let scene = Scene::new().await;
    let webhook = scene.webhook().await;
    let path = format!("/webhooks/{}", text(&webhook["id"]));
    for (content_type, body, status) in [
        (JSON, r#"{"is_active": false, "events": ["file.renamed"]}"#, 422),
        (JSON, r#"{"is_active": false, "events": []}"#, 422),
        (JSON, r#"{"is_active": false, "target_url": "http://10.0.0.1/"}"#, 422),
        (JSON, r#"{"webhook": []}"#, 422),
        (JSON, "{}", 400),
        (JSON, "{", 400),
        (FORM, "a=b", 400),
        ("", "", 400),
    ] {
        scene.send("PUT", &path, (content_type, body)).await.error(status);
    }
    assert_eq!(scene.get(&path).await.data(), webhook);
    let unknown = "/webhooks/wh-0000000000000000000000";
    assert_eq!(scene.send("PUT", unknown, (JSON, "{}")).await.error(404), "Webhook not found");
}

#[tokio::test]
async fn the_same_again_makes_no_new_revision() {
    let scene = Scene::new().await;
    let webhook = scene.webhook().await;
    let path = format!("/webhooks/{}", text(&webhook["id"]));
    let body: Value = json!({"webhook": webhook["attributes"]});
    assert_eq!(scene.send("PUT", &path, (JSON, body.to_string())).await.data(), webhook);
    let owner = scene.test.principal(&scene.project, domain::project::Grant::Secret);
    let (rows, _) = scene.test.platform.list_webhooks(&owner, "uc", 0, 10).await.unwrap();
    assert_eq!(rows[0].revision, 1);
}
