//! `GET …/events/:id/explain`: why, why not, why not yet: an addition of ours.

use crate::scene::{JSON, Scene, text};
use domain::attempt::Attempt;
use domain::clock::Timestamp;
use domain::delivery::{Dead, DeadReason, Retry};
use domain::id::WebhookNumber;
use serde_json::{Value, json};
use std::time::Duration;
use store::{attempts, dead, retries};

async fn webhook(scene: &Scene, attributes: Value) -> Value {
    let mut webhook = json!({"target_url": "https://hooks.example.test/", "events": ["file.*"]});
    webhook.as_object_mut().unwrap().extend(attributes.as_object().unwrap().clone());
    scene.send("POST", "/webhooks", (JSON, json!({"webhook": webhook}).to_string())).await.data()
}

async fn explained(scene: &Scene, query: &str) -> Vec<Value> {
    let explanation = scene.get(&format!("/events/{query}")).await.data();
    explanation["attributes"]["webhooks"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_is_not_owed_says_why() {
    let scene = Scene::new().await;
    webhook(&scene, json!({"events": ["file.deleted"]})).await;
    webhook(&scene, json!({"is_active": false})).await;
    webhook(&scene, json!({"delivery": {"filter": "is_image and size > 1MB"}})).await;
    scene.upload(&[]).await;
    webhook(&scene, json!({})).await;
    let told = explained(&scene, "1/explain").await;
    let reasons: Vec<_> = told.iter().map(|one| (one["state"].clone(), one["reason"].clone())).collect();
    let expected = ["not_asked", "inactive_then", "filtered", "made_later"];
    assert_eq!(reasons, expected.map(|reason| (json!("not_owed"), json!(reason))));
    assert!(told.iter().all(|one| one["matched"] == false && one["event"] == "file.created"));
    let filter = json!({
        "text": "is_image = true and size > 1MB", "matched": false,
        "clauses": [{"text": "is_image = true", "holds": true}, {"text": "size > 1MB", "holds": false}]
    });
    assert_eq!(told[2]["filter"], filter);
}

#[tokio::test]
async fn what_is_owed_says_how_it_stands() {
    let scene = Scene::new().await;
    let mut numbers = Vec::new();
    for n in 1..=4 {
        webhook(&scene, json!({})).await;
        numbers.push(WebhookNumber::new(n));
    }
    scene.upload(&[]).await;
    let states = async || {
        let told = explained(&scene, "1/explain.json").await;
        told.iter().map(|one| [&one["state"], &one["reason"], &one["held_by"]].map(Value::clone)).collect::<Vec<_>>()
    };
    assert_eq!(states().await, vec![[json!("waiting"), Value::Null, json!("not_reached")]; 4]);

    scene.send("POST", "/webhooks/1/pause", ("", "")).await.data();
    let project = scene.project.id;
    let attempt = move |webhook, class: Option<&str>| Attempt {
        project,
        webhook,
        sequence: 1,
        number: 1,
        at: Timestamp::from_micros(5_000_000),
        duration: Duration::from_millis(20),
        status: Some(if class.is_none() { 200 } else { 500 }),
        class: class.map(str::to_owned),
        remote_address: None,
        response: b"hm".to_vec(),
    };
    let retry = Retry {
        webhook: numbers[1],
        sequence: 1,
        previous_sequence: 0,
        attempts: 1,
        first_at: Timestamp::default(),
        due_at: Timestamp::from_micros(9_000_000),
    };
    let range = Dead {
        webhook: numbers[2],
        from_sequence: 1,
        to_sequence: 1,
        reason: DeadReason::Refused,
        at: Timestamp::default(),
    };
    let write = scene.test.store.write::<_, store::Error, _>(move |tx| {
        retries::save_many(tx, std::slice::from_ref(&retry))?;
        dead::append_many(tx, std::slice::from_ref(&range))?;
        let made = [(1, Some("server_error")), (2, Some("client_error")), (3, None)];
        attempts::append_many(tx, &made.map(|(index, class)| attempt(numbers[index], class)))
    });
    write.await.unwrap();
    let expected = [
        [json!("waiting"), Value::Null, json!("paused")],
        [json!("retrying"), Value::Null, Value::Null],
        [json!("dead"), json!("refused"), Value::Null],
        [json!("delivered"), Value::Null, Value::Null],
    ];
    assert_eq!(states().await, expected);
    let second = &explained(&scene, "1/explain?webhook=2").await[0];
    assert_eq!(
        (&second["due_at"], &second["attempts"][0]["response"]),
        (&json!("1970-01-01T00:00:09.000000Z"), &json!("hm"))
    );
}

#[tokio::test]
async fn an_event_is_named_by_sequence_by_id_and_by_delivery() {
    let scene = Scene::new().await;
    let made = webhook(&scene, json!({})).await;
    scene.upload(&[]).await;
    let expected = scene.get("/events/1/explain").await.data();
    let delivery = text(&expected["attributes"]["webhooks"][0]["delivery"]).to_owned();
    let logged = scene.get("/events").await.data();
    assert_eq!(logged[0]["data"]["id"], expected["id"]);
    for name in [text(&expected["id"]), &delivery] {
        assert_eq!(scene.get(&format!("/events/{name}/explain")).await.data(), expected, "{name}");
    }
    let only = format!("/events/1/explain?webhook={}", text(&made["id"]));
    assert_eq!(scene.get(&only).await.data(), expected);
    for unknown in ["2", "0", "we-0000000000000000000000", "x"] {
        assert_eq!(scene.get(&format!("/events/{unknown}/explain")).await.error(404), "Event not found");
    }
    assert_eq!(scene.get("/events/1/explain?webhook=99").await.error(404), "Webhook not found");
    scene.call("GET", "/events/1/explain", None, ("", "")).await.error(401);
}
