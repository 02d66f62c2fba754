//! What operators ask and do about one webhook's deliveries: additions of ours.

use crate::scene::{FORM, JSON, Scene, text};
use domain::attempt::Attempt;
use domain::clock::Timestamp;
use domain::delivery::{Dead, DeadReason, Retry};
use domain::id::WebhookNumber;
use domain::project::Grant;
use domain::webhook::{Limits, Wish};
use platform::webhooks::NewWebhook;
use serde_json::{Value, json};
use std::time::Duration;
use store::{attempts, dead, retries};

/// The number of the one webhook there is.
async fn number(scene: &Scene) -> WebhookNumber {
    let owner = scene.test.principal(&scene.project, Grant::Secret);
    scene.test.platform.list_webhooks(&owner, "uc", 0, 1).await.unwrap().0[0].number
}

#[tokio::test]
async fn health_pause_and_resume() {
    let scene = Scene::new().await;
    let webhook = scene.webhook().await;
    let path = |rest: &str| format!("/webhooks/{}/{rest}", text(&webhook["id"]));
    scene.upload(&[]).await;
    scene.test.clock.advance(Duration::from_mins(1));
    let expected = json!({
        "type": "webhook_health",
        "id": webhook["id"],
        "attributes": {
            "number": 1, "wire": "uc", "is_active": true,
            "state": "active", "reason": null, "state_since": null, "last_success_at": null, "failing_since": null, "failures": 0,
            "cursor": 0, "head": 1, "behind": 1, "retries": 0, "oldest_at": "2026-03-03T10:20:00.000000Z", "oldest_age": 60
        },
        "relationships": {"webhook": {"data": {"type": "webhooks", "id": webhook["id"]}}}
    });
    assert_eq!(scene.get(&path("health.json")).await.data().to_string(), expected.to_string());
    let paused = scene.send("POST", &path("pause"), ("", "")).await.data();
    assert_eq!(paused["attributes"]["state"], "paused");
    assert_eq!(paused["attributes"]["state_since"], "2026-03-03T10:21:00.000000Z");
    assert_eq!(scene.get(&path("health")).await.data(), paused);

    let resume = async |body| scene.send("POST", &path("resume"), body).await;
    for body in [(JSON, r#"{"from": "yesterday"}"#), (JSON, r#"{"from": []}"#), (FORM, "from=2027-01-01T00:00:00Z")] {
        let sentence = resume(body).await.error(422);
        assert!(sentence.starts_with("from: "), "{sentence}");
    }
    for (body, cursor, skipped) in [
        (("", ""), 0, 0),
        ((JSON, r#"{"from": "cursor"}"#), 0, 0),
        ((JSON, r#"{"from": "2026-03-03T10:20:00Z"}"#), 0, 0),
        ((FORM, "from=now"), 1, 1),
        ((JSON, r#"{"from": "now"}"#), 1, 0),
    ] {
        let resumed = resume(body).await.data();
        let attributes = &resumed["attributes"];
        assert_eq!((&attributes["state"], &attributes["cursor"]), (&json!("active"), &json!(cursor)), "{body:?}");
        assert_eq!(attributes["skipped"], skipped, "{body:?}");
    }
    let dead = scene.get(&path("undelivered")).await.data();
    assert_eq!((&dead[0]["id"], &dead[0]["attributes"]["reason"]), (&json!("1-1"), &json!("skipped")));
}

#[tokio::test]
async fn attempts_are_read_on_page_by_page() {
    let scene = Scene::new().await;
    let webhook = scene.webhook().await;
    let (project, number) = (scene.project.id, number(&scene).await);
    let attempt = |sequence, seconds: i64, status: Option<u16>, class: Option<&str>| Attempt {
        project,
        webhook: number,
        sequence,
        number: 1,
        at: Timestamp::from_micros(seconds * 1_000_000),
        duration: Duration::from_millis(1500),
        status,
        class: class.map(str::to_owned),
        remote_address: Some("192.0.2.1:443".into()),
        response: b"ok \xff".to_vec(),
    };
    let made =
        [attempt(1, 10, Some(200), None), attempt(2, 20, None, Some("timeout")), attempt(3, 30, Some(200), None)];
    scene.test.store.write(move |tx| attempts::append_many(tx, &made)).await.unwrap();
    let path = format!("/webhooks/{}/attempts", text(&webhook["id"]));
    let first = scene.get(&format!("{path}?limit=2")).await;
    let expected = json!({
        "type": "webhook_attempts",
        "id": "30000000-3-1",
        "attributes": {
            "sequence": 3, "number": 1, "created_at": "1970-01-01T00:00:30.000000Z", "duration": 1.5, "status": 200,
            "class": "success", "remote_address": "192.0.2.1:443", "response": "ok \u{fffd}"
        },
        "relationships": {"webhook": {"data": {"type": "webhooks", "id": webhook["id"]}}}
    });
    assert_eq!(first.data()[0].to_string(), expected.to_string());
    assert_eq!(first.json()["pagination"], json!({"limit": 2, "before": "20000000-2-1"}));
    let sequences = async |query: &str| {
        let list = scene.get(&format!("{path}?{query}")).await.data();
        list.as_array().unwrap().iter().map(|one| one["attributes"]["sequence"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(sequences("before=20000000-2-1").await, [1]);
    assert_eq!(sequences("class=timeout").await, [2]);
    assert_eq!(sequences("class=success").await, [3, 1]);
    assert_eq!(sequences("sequence=2").await, [2]);
    scene.get(&format!("{path}?sequence=x")).await.error(400);
    scene.get(&format!("{path}?before=x")).await.error(422);
}

#[tokio::test]
async fn what_is_undelivered_is_listed_with_its_reason() {
    let scene = Scene::new().await;
    let webhook = scene.webhook().await;
    let number = number(&scene).await;
    let retry = Retry {
        webhook: number,
        sequence: 2,
        previous_sequence: 1,
        attempts: 3,
        first_at: Timestamp::from_micros(1_000_000),
        due_at: Timestamp::from_micros(2_000_000),
    };
    let range = Dead {
        webhook: number,
        from_sequence: 5,
        to_sequence: 9,
        reason: DeadReason::Expired,
        at: Timestamp::from_micros(3_000_000),
    };
    let write = scene.test.store.write::<_, store::Error, _>(move |tx| {
        retries::save_many(tx, std::slice::from_ref(&retry))?;
        dead::append_many(tx, std::slice::from_ref(&range))
    });
    write.await.unwrap();
    let path = format!("/webhooks/{}/undelivered.json", text(&webhook["id"]));
    let list = scene.get(&path).await;
    let attributes: Vec<Value> = list.data().as_array().unwrap().iter().map(|one| one["attributes"].clone()).collect();
    let expected = json!([
        {
            "state": "retrying", "sequence": 2, "attempts": 3,
            "first_at": "1970-01-01T00:00:01.000000Z", "due_at": "1970-01-01T00:00:02.000000Z"
        },
        {"state": "dead", "from_sequence": 5, "to_sequence": 9, "reason": "expired", "since": "1970-01-01T00:00:03.000000Z"}
    ]);
    assert_eq!(json!(attributes), expected);
    assert_eq!(list.json()["pagination"], json!({"limit": 20, "after": null, "cursor": 0, "head": 0}));
    let first = scene.get(&format!("{path}?limit=1")).await.json();
    assert_eq!((first["data"].as_array().unwrap().len(), &first["pagination"]["after"]), (1, &json!(2)));
    assert_eq!(scene.get(&format!("{path}?after=2")).await.data()[0]["id"], "5-9");
}

#[tokio::test]
async fn webhooks_of_the_other_wire_are_answered_for_by_number() {
    let scene = Scene::new().await;
    let new = NewWebhook {
        dialect: "uploadcare",
        wish: Wish {
            target_url: "https://hooks.example.test/".into(),
            events: vec!["file.uploaded".into()],
            is_active: true,
            version: "0.7".into(),
            policy: domain::policy::Policy::default(),
            is_exclusive: true,
        },
        secret: None,
        limits: Limits { target_chars_max: 255, secret_chars_max: 32 },
    };
    let owner = scene.test.principal(&scene.project, Grant::Secret);
    let made = scene.test.platform.create_webhook(&owner, new).await.unwrap();
    let by_number = scene.get(&format!("/webhooks/{}/health", made.number)).await.data();
    assert_eq!(by_number["attributes"]["wire"], "uploadcare");
    assert_eq!(scene.get(&format!("/webhooks/{}/health", text(&by_number["id"]))).await.data(), by_number);
    assert_eq!(scene.get(&format!("/webhooks/{}", made.number)).await.error(404), "Webhook not found");
}

#[tokio::test]
async fn without_the_secret_key_there_is_no_answer() {
    let scene = Scene::new().await;
    let webhook = scene.webhook().await;
    for (method, rest) in
        [("GET", "health"), ("POST", "pause"), ("POST", "resume"), ("GET", "attempts"), ("GET", "undelivered")]
    {
        let path = format!("/webhooks/{}/{rest}", text(&webhook["id"]));
        assert_eq!(scene.call(method, &path, None, ("", "")).await.error(401), "Unauthorized");
        scene.call(method, &path, Some("wrong"), ("", "")).await.error(401);
        for unknown in ["wh-0000000000000000000000", "99", "x"] {
            let path = format!("/webhooks/{unknown}/{rest}");
            assert_eq!(scene.send(method, &path, ("", "")).await.error(404), "Webhook not found");
        }
        let wrong = if method == "GET" { "POST" } else { "GET" };
        assert_eq!(scene.send(wrong, &path, ("", "")).await.error(404), "Not found");
    }
}
