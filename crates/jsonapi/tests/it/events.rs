//! `webhook_events` documents, as the engine would send them (section 10).

use crate::scene::{JSON, Scene, bases, is_spelled, text};
use delivery::Dialect;
use domain::event::Event;
use domain::project::Grant;
use domain::webhook::Webhook;
use jsonapi::webhook::{NAME, Settings, Uc};
use platform::webhooks::WebhookRef;
use serde_json::{Value, json};

const UC: fn() -> Uc = || Uc { bases: bases(), settings: Settings::default() };

async fn row(scene: &Scene, webhook: &Value) -> Webhook {
    let id = jsonapi::id::parse_webhook(text(&webhook["id"])).unwrap();
    let owner = scene.test.principal(&scene.project, Grant::Secret);
    let found = scene.test.platform.find_webhook(&owner, NAME, &WebhookRef::Id(id)).await;
    found.unwrap()
}

fn body(uc: &Uc, scene: &Scene, event: &Event, webhook: &Webhook) -> Value {
    let body = uc.render(event, webhook, &scene.project).unwrap();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn each_change_is_told_with_the_resources_as_get_gives_them_72_to_78() {
    let scene = Scene::new().await;
    let webhook = scene.webhook().await;
    let webhook_row = row(&scene, &webhook).await;
    let created = scene.upload(&[]).await;
    let path = format!("/files/{}", text(&created["id"]));
    let change = r#"{"file": {"metadata": {"color": "red"}}}"#;
    let updated = scene.send("PUT", &path, (JSON, change)).await.data();
    let amended = scene.send("PUT", &path, (JSON, r#"{"original_protected": false}"#)).await.data();
    let deleted = scene.send("DELETE", &path, ("", "")).await.data();

    let log = scene.test.log(&scene.project).await;
    let expected =
        [("file.created", created), ("file.updated", updated), ("file.updated", amended), ("file.deleted", deleted)];
    assert_eq!(log.len(), expected.len());
    for (event, (word, file)) in log.iter().zip(expected) {
        let told = body(&UC(), &scene, event, &webhook_row);
        assert_eq!(UC().word(event.kind()), Some(word));
        assert!(is_spelled("we-", &told["data"]["id"]), "{told}");
        let expected = json!({
            "data": {
                "type": "webhook_events",
                "id": told["data"]["id"],
                "attributes": {"event": word},
                "relationships": {
                    "webhook": {"data": {"type": "webhooks", "id": webhook["id"]}},
                    "resource": {"data": {"type": "files", "id": file["id"]}}
                }
            },
            "included": [file, webhook]
        });
        assert_eq!(told.to_string(), expected.to_string());
    }
}

#[tokio::test]
async fn two_webhooks_are_told_under_two_ids_83() {
    let scene = Scene::new().await;
    let (one, other) = (scene.webhook().await, scene.webhook().await);
    scene.upload(&[]).await;
    let event = &scene.test.log(&scene.project).await[0];
    let one = body(&UC(), &scene, event, &row(&scene, &one).await);
    let other = body(&UC(), &scene, event, &row(&scene, &other).await);
    assert_ne!(one["data"]["id"], other["data"]["id"]);
    assert_ne!(
        one["included"][1]["attributes"]["signing_secret"],
        other["included"][1]["attributes"]["signing_secret"]
    );
}

#[tokio::test]
async fn secrets_may_be_left_out_c27() {
    let scene = Scene::new().await;
    let webhook = scene.webhook().await;
    let file = scene.upload(&[]).await;
    let event = &scene.test.log(&scene.project).await[0];
    let uc = Uc { settings: Settings { hides_secrets: true, ..Settings::default() }, ..UC() };
    let told = body(&uc, &scene, event, &row(&scene, &webhook).await);
    assert_eq!(told["included"][0]["authentication"], json!({"access_token": null}));
    assert_eq!(told["included"][1]["attributes"]["signing_secret"], Value::Null);
    let bytes = told.to_string();
    assert!(!bytes.contains(text(&file["authentication"]["access_token"])));
    assert!(!bytes.contains(text(&webhook["attributes"]["signing_secret"])));
}

#[tokio::test]
async fn the_id_is_spelled_the_same_in_header_and_body() {
    let scene = Scene::new().await;
    let webhook = row(&scene, &scene.webhook().await).await;
    scene.upload(&[]).await;
    let event = &scene.test.log(&scene.project).await[0];
    let id = domain::delivery::DeliveryId::of(event.fact.id, webhook.id);
    assert_eq!(body(&UC(), &scene, event, &webhook)["data"]["id"], UC().spell(id));
}
