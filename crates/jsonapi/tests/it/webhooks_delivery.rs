//! The attribute `delivery`, and patterns among `events`: additions of ours.

use crate::scene::{FORM, JSON, Scene, text};
use serde_json::{Value, json};

const TARGET: &str = "https://hooks.example.test/uc";

fn with(delivery: &Value) -> (&'static str, String) {
    (JSON, json!({"webhook": {"target_url": TARGET, "events": ["file.created"], "delivery": delivery}}).to_string())
}

#[tokio::test]
async fn how_a_webhook_is_served_is_kept_and_shown_when_asked_for() {
    let scene = Scene::new().await;
    let body = with(&json!({
        "order": "fifo", "retry_schedule": [1, 2.5], "retry_for": 3600, "timeout": 5, "stop_on_4xx": true,
        "filter": "size>20mb and mime like 'image/*'", "headers": {"X-Team": "harbour"}, "never_disable": true
    }));
    let made = scene.send("POST", "/webhooks", body).await.data();
    let expected = json!({
        "order": "fifo", "retry_schedule": [1, 2.5], "retry_for": 3600, "timeout": 5, "stop_on_4xx": true,
        "filter": "size > 20MB and mime like \"image/*\"", "headers": {"x-team": "harbour"}, "never_disable": true
    });
    assert_eq!(made["attributes"]["delivery"].to_string(), expected.to_string());

    let path = format!("/webhooks/{}", text(&made["id"]));
    assert_eq!(scene.get(&path).await.data()["attributes"].get("delivery"), None, "the reference's shape");
    assert_eq!(scene.get(&format!("{path}?delivery=1")).await.data(), made);
    assert_eq!(scene.get("/webhooks?delivery=1").await.data(), json!([made]));

    let change = r#"{"delivery": {"order": null, "retry_schedule": null, "filter": "", "headers": {}}}"#;
    let changed = scene.send("PATCH", &path, (JSON, change)).await.data();
    let expected = json!({
        "order": "key", "retry_schedule": null, "retry_for": 3600, "timeout": 5, "stop_on_4xx": true,
        "filter": null, "headers": {}, "never_disable": true
    });
    assert_eq!(changed["attributes"]["delivery"], expected);
}

#[tokio::test]
async fn forms_can_say_it_too() {
    let scene = Scene::new().await;
    let body = "webhook[target_url]=https://hooks.example.test&webhook[events][]=file.created\
        &webhook[delivery][order]=any&webhook[delivery][retry_schedule][]=5&webhook[delivery][stop_on_4xx]=false\
        &webhook[delivery][headers][x-team]=harbour&webhook[delivery][timeout]=20";
    let made = scene.send("POST", "/webhooks", (FORM, body)).await.data();
    let delivery = &made["attributes"]["delivery"];
    assert_eq!((&delivery["order"], &delivery["retry_schedule"]), (&json!("any"), &json!([5])));
    assert_eq!((&delivery["stop_on_4xx"], &delivery["timeout"]), (&json!(false), &json!(20)));
    assert_eq!(delivery["headers"], json!({"x-team": "harbour"}));
}

#[tokio::test]
async fn every_limit_is_named() {
    let scene = Scene::new().await;
    for (delivery, named) in [
        (json!("fast"), "delivery: "),
        (json!({"odrer": "any"}), "\"odrer\""),
        (json!({"order": "random"}), "delivery.order: "),
        (json!({"retry_schedule": []}), "delivery.retry_schedule: a schedule has 1 to 30 waits"),
        (json!({"retry_schedule": vec![1; 31]}), "delivery.retry_schedule: "),
        (json!({"retry_schedule": 5}), "delivery.retry_schedule: "),
        (json!({"retry_schedule": [-5]}), "delivery.retry_schedule: "),
        (json!({"retry_for": 0}), "30 days"),
        (json!({"retry_for": 2_592_001}), "30 days"),
        (json!({"retry_for": "long"}), "delivery.retry_for: "),
        (json!({"timeout": 31}), "delivery.timeout: "),
        (json!({"timeout": 0.5}), "delivery.timeout: "),
        (json!({"stop_on_4xx": []}), "delivery.stop_on_4xx: "),
        (json!({"filter": "size >"}), "delivery.filter: at character 7: "),
        (json!({"filter": "colour = 'red'"}), "delivery.filter: at character 1: no field is called `colour`"),
        (json!({"headers": {"Host": "a"}}), "delivery.headers: the header \"host\""),
        (json!({"headers": {"x-a": "1", "X-A": "2"}}), "delivery.headers: the header \"x-a\" is given twice"),
        (json!({"headers": {"x-a": "a\r\nb"}}), "delivery.headers: "),
        (json!({"headers": ["x-a"]}), "delivery.headers: "),
        (json!({"never_disable": {}}), "delivery.never_disable: "),
    ] {
        let sentence = scene.send("POST", "/webhooks", with(&delivery)).await.error(422);
        assert!(sentence.contains(named), "{delivery}: {sentence}");
    }
    assert_eq!(scene.get("/webhooks").await.json()["pagination"]["count"], 0);
}

#[tokio::test]
async fn events_take_patterns_but_no_unknown_names() {
    let scene = Scene::new().await;
    let body = |event: &str| (JSON, json!({"target_url": TARGET, "events": [event]}).to_string());
    for event in ["*", "file.*", "webhook.*", "file.created"] {
        let made = scene.send("POST", "/webhooks", body(event)).await.data();
        assert_eq!(made["attributes"]["events"], json!([event]));
    }
    for event in ["file*", "files.*", "*.created", "file.created.*", ""] {
        let sentence = scene.send("POST", "/webhooks", body(event)).await.error(422);
        assert!(sentence.starts_with("events: "), "{sentence}");
    }
}
