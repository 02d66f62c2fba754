//! `POST …/webhooks` (section 9.2).

use crate::scene::{FORM, JSON, MULTIPART, Scene, is_spelled};
use serde_json::{Value, json};

/// The resource but for what chance has made.
fn check(scene: &Scene, webhook: &Value) {
    assert!(is_spelled("wh-", &webhook["id"]), "{webhook}");
    assert!(is_spelled("whsec-", &webhook["attributes"]["signing_secret"]), "{webhook}");
    let expected = json!({
        "type": "webhooks",
        "id": webhook["id"],
        "attributes": {
            "events": ["file.created", "group.updated"],
            "target_url": "https://hooks.example.test/uc",
            "is_active": true,
            "version": "1",
            "signing_secret": webhook["attributes"]["signing_secret"]
        },
        "relationships": {"project": {"data": {"type": "projects", "id": scene.project.public_key}}}
    });
    assert_eq!(webhook.to_string(), expected.to_string());
}

#[tokio::test]
async fn from_every_kind_of_body_63_64_65_69() {
    let scene = Scene::new().await;
    let part = |name: &str, value: &str| {
        format!("--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let multipart = part("webhook[target_url]", "https://hooks.example.test/uc")
        + &part("webhook[events][]", "file.created")
        + &part("webhook[events][]", "group.updated")
        + "--b0undary--\r\n";
    let target = "https%3A%2F%2Fhooks.example.test%2Fuc";
    let events = r#""events": ["file.created", "group.updated", "file.created"]"#;
    for (content_type, body) in [
        (FORM, format!("webhook[target_url]={target}&webhook[events][]=file.created&webhook[events][]=group.updated")),
        (FORM, format!("target_url={target}&events[]=file.created&events%5B%5D=group.updated")),
        (MULTIPART, multipart),
        (
            JSON,
            format!(r#"{{"webhook": {{"target_url": "https://hooks.example.test/uc", {events}, "is_active": true}}}}"#),
        ),
        (
            JSON,
            format!(
                r#"{{"target_url": "https://hooks.example.test/uc", {events}, "signing_secret": "mine", "version": null}}"#
            ),
        ),
    ] {
        let answer = scene.send("POST", "/webhooks.json", (content_type, body)).await;
        check(&scene, &answer.data());
    }
}

#[tokio::test]
async fn inactive_and_of_another_version() {
    let scene = Scene::new().await;
    let body = "webhook[target_url]=http://hooks.example.test&webhook[events][]=file.deleted\
        &webhook[is_active]=false&webhook[version]=2";
    let webhook = scene.send("POST", "/webhooks", (FORM, body)).await.data();
    assert_eq!(webhook["attributes"]["is_active"], false);
    assert_eq!(webhook["attributes"]["version"], "2");
}

#[tokio::test]
async fn what_is_wrong_is_named_93() {
    let scene = Scene::new().await;
    for (body, named) in [
        (r#"{"webhook": {}}"#, "target_url"),
        (r#"{"target_url": "https://hooks.example.test"}"#, "events"),
        (r#"{"events": ["file.created"]}"#, "target_url"),
        (r#"{"target_url": "", "events": ["file.created"]}"#, "target_url"),
        (r#"{"target_url": {"a": "b"}, "events": ["file.created"]}"#, "target_url"),
        (r#"{"target_url": "nonsense", "events": ["file.created"]}"#, "\"nonsense\""),
        (r#"{"target_url": "ftp://hooks.example.test", "events": ["file.created"]}"#, "\"ftp://hooks.example.test\""),
        (r#"{"target_url": "http://127.0.0.1/uc", "events": ["file.created"]}"#, "\"http://127.0.0.1/uc\""),
        (r#"{"target_url": "http://[::1]/uc", "events": ["file.created"]}"#, "\"http://[::1]/uc\""),
        (r#"{"target_url": "https://hooks.example.test", "events": []}"#, "event"),
        (r#"{"target_url": "https://hooks.example.test", "events": "file.created"}"#, "events"),
        (r#"{"target_url": "https://hooks.example.test", "events": [1]}"#, "events"),
        (r#"{"target_url": "https://hooks.example.test", "events": ["file.uploaded"]}"#, "\"file.uploaded\""),
        (r#"{"target_url": "https://hooks.example.test", "events": ["file.created"], "is_active": []}"#, "is_active"),
        (r#"{"target_url": "https://hooks.example.test", "events": ["file.created"], "version": "\u0000"}"#, "version"),
    ] {
        let sentence = scene.send("POST", "/webhooks.json", (JSON, body)).await.error(422);
        assert!(sentence.contains(named), "{sentence}");
    }
    let long =
        format!(r#"{{"target_url": "https://h.example.test/{}", "events": ["file.created"]}}"#, "x".repeat(2048));
    scene.send("POST", "/webhooks.json", (JSON, long)).await.error(422);
    for (content_type, body) in
        [(JSON, "{"), (JSON, "{}"), (JSON, "null"), (FORM, ""), (FORM, "a=b"), ("", ""), ("text/plain", "x")]
    {
        scene.send("POST", "/webhooks.json", (content_type, body)).await.error(400);
    }
    let huge = format!(r#"{{"a": "{}"}}"#, "x".repeat(100_000));
    scene.send("POST", "/webhooks.json", (JSON, huge)).await.error(413);
    assert_eq!(scene.get("/webhooks").await.json()["pagination"]["count"], 0);
}

#[tokio::test]
async fn there_is_a_most_of_them() {
    let scene = Scene::with(platform::Settings { webhooks_per_project_max: 1, ..platform::Settings::default() }).await;
    scene.webhook().await;
    let body = r#"{"target_url": "https://hooks.example.test", "events": ["file.created"]}"#;
    scene.send("POST", "/webhooks", (JSON, body)).await.error(422);
}
