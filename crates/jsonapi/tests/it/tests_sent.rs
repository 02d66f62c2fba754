//! `POST …/webhooks/:id/test`: an addition of ours, with the engine at work.

use crate::scene::{FORM, JSON, Scene, dialects, text};
use delivery::{Jitter, Settings, Setup};
use pulse::Stop;
use serde_json::json;
use testkit::receiver::{Answer, Receiver};

#[tokio::test]
async fn a_test_answers_what_the_receiver_said_even_of_a_paused_webhook() {
    let scene = Scene::allowing(platform::Settings::default(), &["127.0.0.1"]).await;
    let hooks = Receiver::start().await;
    hooks.answer(|received| Answer::Status(if received.header("webhook-event") == "file.deleted" { 500 } else { 202 }));
    let egress = egress::Settings { allow: vec!["127.0.0.1".parse().unwrap()], ..egress::Settings::default() };
    let setup = Setup {
        store: scene.test.store.clone(),
        egress: egress::Client::new(egress).unwrap(),
        dialects: dialects(),
        clock: scene.test.clock.clone(),
        jitter: Jitter::seeded(1),
        settings: Settings::default(),
    };
    let (stopper, stop) = Stop::new();
    let engine = tokio::spawn(delivery::run(setup, stop));

    let body = json!({"target_url": hooks.url("/uc"), "events": ["file.updated"]}).to_string();
    let made = scene.send("POST", "/webhooks", (JSON, body)).await.data();
    let path = |rest: &str| format!("/webhooks/{}/{rest}", text(&made["id"]));
    scene.send("POST", &path("pause"), ("", "")).await.data();

    let attempt = scene.send("POST", &path("test"), (JSON, r#"{"event": "file.created"}"#)).await.data();
    assert_eq!((&attempt["type"], &attempt["attributes"]["status"]), (&json!("webhook_attempts"), &json!(202)));
    assert_eq!(attempt["attributes"]["class"], "success");
    assert_eq!(attempt["attributes"]["response"], "answered 202");
    let received = hooks.wait_for(1, |one| one.path == "/uc").await;
    assert_eq!((received[0].header("webhook-test"), received[0].header("webhook-event")), ("true", "file.created"));
    assert_eq!(received[0].json()["included"][0]["attributes"]["original_name"], "sample.txt");

    let file = scene.upload(&[]).await;
    let attempt = scene.send("POST", &path("test.json"), (FORM, "event=file.deleted")).await.data();
    assert_eq!(
        (&attempt["attributes"]["status"], &attempt["attributes"]["class"]),
        (&json!(500), &json!("server_error"))
    );
    let attempt = scene.send("POST", &path("test"), (FORM, "event=webhook.failing")).await.data();
    assert_eq!(attempt["attributes"]["status"], 202);
    let received = hooks.received();
    assert_eq!(received[1].json()["included"][0]["id"], file["id"]);
    assert_eq!(received[2].json()["included"][0]["attributes"]["health"]["state"], "paused");

    let logged = scene.get("/events").await.data();
    assert_eq!(logged.as_array().unwrap().len(), 1, "tests are not part of what is fetched");
    assert_eq!(scene.get("/events/1/explain").await.data()["attributes"]["is_test"], true);
    stopper.stop();
    engine.await.unwrap();
}

#[tokio::test]
async fn only_events_that_there_are_can_be_tested() {
    let scene = Scene::new().await;
    let webhook = scene.webhook().await;
    let path = format!("/webhooks/{}/test", text(&webhook["id"]));
    for body in
        [(JSON, r#"{"event": "file.renamed"}"#), (JSON, "{}"), (JSON, r#"{"event": 5}"#), (FORM, "event=group.created")]
    {
        let sentence = scene.send("POST", &path, body).await.error(422);
        assert!(sentence.starts_with("event: ") && sentence.contains("file.created, file.updated"), "{sentence}");
    }
    assert_eq!(scene.log().await, []);
    scene.call("POST", &path, None, (FORM, "event=file.created")).await.error(401);
}
