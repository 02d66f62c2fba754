//! `/webhooks/{id}/`.

use super::webhooks::create;
use crate::scene::{Answer, FORM, JSON, Scene};
use http::Method;
use serde_json::Value;
use std::time::Duration;

async fn scene() -> Scene {
    let scene = Scene::new().await;
    let body = r#"{"target_url":"https://hooks.example.test/uc","event":"file.uploaded","signing_secret":"s3cret"}"#;
    assert_eq!(create(&scene, body).await.status, 201);
    scene.test.clock.advance(Duration::from_secs(1));
    scene
}

async fn update(scene: &Scene, body: &str) -> Answer {
    scene.send(Method::PUT, "/webhooks/1/", JSON, body.to_owned()).await
}

fn parts(answer: &Answer) -> (Value, Value, Value, Value) {
    let json = answer.json();
    let part = |name: &str| json[name].clone();
    (part("event"), part("is_active"), part("signing_secret"), part("updated"))
}

#[tokio::test]
async fn shown() {
    let scene = scene().await;
    let expected = scene.get("/webhooks/").await.body;
    let answer = scene.get("/webhooks/1/").await;
    assert_eq!((answer.status.as_u16(), format!("[{}]", answer.body)), (200, expected));
}

#[tokio::test]
async fn what_is_not_given_stays() {
    let scene = scene().await;
    let unchanged = "2026-03-03T10:20:00.000000Z";
    let answer = update(&scene, r#"{"id":9,"is_active":true,"event":null}"#).await;
    assert_eq!(parts(&answer), ("file.uploaded".into(), true.into(), "s3cret".into(), unchanged.into()));
    let changed = "2026-03-03T10:20:01.000000Z";
    let answer = update(&scene, r#"{"is_active":"false"}"#).await;
    assert_eq!(parts(&answer), ("file.uploaded".into(), false.into(), "s3cret".into(), changed.into()));
    let answer = update(&scene, r#"{"signing_secret":null,"event":"file.stored"}"#).await;
    assert_eq!(parts(&answer), ("file.stored".into(), false.into(), Value::Null, changed.into()));
    let body = "target_url=https%3A%2F%2Fother.example.test%2F&is_active=1";
    let answer = scene.send(Method::POST, "/webhooks/1/", FORM, body).await;
    assert_eq!(answer.json()["target_url"], "https://other.example.test/");
    assert_eq!(answer.json()["is_active"], true);
}

#[tokio::test]
async fn a_change_may_not_make_two_alike() {
    let scene = scene().await;
    let body = r#"{"target_url":"https://hooks.example.test/uc","event":"file.stored"}"#;
    assert_eq!(create(&scene, body).await.status, 201);
    let twice = r#"{"non_field_errors":["This project is already subscribed on this event."]}"#;
    update(&scene, r#"{"event":"file.stored"}"#).await.expect(400, twice);
    update(&scene, r#"{"event":"x"}"#).await.expect(400, r#"{"event":["\"x\" is not a valid choice."]}"#);
    update(&scene, r#"{"target_url":"http://10.0.0.1/"}"#)
        .await
        .expect(400, r#"{"target_url":["Only public IPs are allowed."]}"#);
}

#[tokio::test]
async fn a_version_must_know_the_event() {
    let scene = scene().await;
    assert_eq!(update(&scene, r#"{"version":"0.6"}"#).await.json()["version"], "0.6");
    let refused = r#"{"event":["\"file.stored\" is not a valid choice."]}"#;
    update(&scene, r#"{"event":"file.stored"}"#).await.expect(400, refused);
    assert_eq!(update(&scene, r#"{"event":"file.stored","version":"0.7"}"#).await.status, 200);
    update(&scene, r#"{"version":"0.5"}"#).await.expect(400, refused);
}

#[tokio::test]
async fn deleted() {
    let scene = scene().await;
    scene.delete("/webhooks/1/").await.expect(204, "");
    scene.delete("/webhooks/1/").await.expect_detail(404, "Not found.");
    scene.get("/webhooks/").await.expect(200, "[]");
}

#[tokio::test]
async fn ids_of_nothing() {
    let scene = scene().await;
    for id in ["2", "nope", "-1", "99999999999999999999"] {
        let target = format!("/webhooks/{id}/");
        scene.get(&target).await.expect_detail(404, "Not found.");
        scene.send(Method::PUT, &target, JSON, r#"{"is_active":false}"#).await.expect_detail(404, "Not found.");
        scene.delete(&target).await.expect_detail(404, "Not found.");
    }
}
