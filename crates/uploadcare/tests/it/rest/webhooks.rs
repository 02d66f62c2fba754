//! `GET` and `POST /webhooks/`.

use crate::scene::{Answer, FORM, Form, JSON, Scene};
use http::Method;

const HOOK: &str = "https://hooks.example.test/uc";

pub(super) async fn create(scene: &Scene, body: &str) -> Answer {
    scene.send(Method::POST, "/webhooks/", JSON, body.to_owned()).await
}

fn webhook(id: u8, event: &str, secret: &str, project: i64) -> String {
    format!(
        r#"{{"id":{id},"created":"2026-03-03T10:20:00.000000Z","updated":"2026-03-03T10:20:00.000000Z","event":"{event}","target_url":"{HOOK}","project":{project},"is_active":true,"signing_secret":{secret},"version":"0.7"}}"#
    )
}

#[tokio::test]
async fn in_json_forms_and_multipart_forms() {
    let scene = Scene::new().await;
    let project = scene.project.id.get();
    scene.get("/webhooks/").await.expect(200, "[]");
    let body = format!(r#"{{"target_url":"{HOOK}","event":"file.uploaded","signing_secret":null,"is_active":"True"}}"#);
    let first = webhook(1, "file.uploaded", "null", project);
    create(&scene, &body).await.expect(201, &first);
    let body = "target_url=https%3A%2F%2Fhooks.example.test%2Fuc&event=file.stored&signing_secret=s3cret";
    let second = webhook(2, "file.stored", "\"s3cret\"", project);
    scene.send(Method::POST, "/webhooks/", FORM, body).await.expect(201, &second);
    let body = Form::new().text("target_url", HOOK).text("event", "file.deleted").end();
    let third = webhook(3, "file.deleted", "null", project);
    scene.send(Method::POST, "/webhooks/", Form::CONTENT_TYPE, body).await.expect(201, &third);
    scene.get("/webhooks/").await.expect(200, &format!("[{first},{second},{third}]"));
}

#[tokio::test]
async fn every_event_can_be_asked_for() {
    let scene = Scene::new().await;
    for event in [
        "file.uploaded",
        "file.infected",
        "file.stored",
        "file.deleted",
        "file.info_updated",
        "moderation.state_changed",
    ] {
        let body = format!(r#"{{"target_url":"{HOOK}","event":"{event}","version":"0.7"}}"#);
        let answer = create(&scene, &body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["event"]), (201, &event.into()));
    }
}

#[tokio::test]
async fn one_for_each_event_and_target() {
    let scene = Scene::new().await;
    let body = format!(r#"{{"target_url":"{HOOK}","event":"file.uploaded","is_active":false}}"#);
    assert_eq!(create(&scene, &body).await.status, 201);
    let twice = r#"{"non_field_errors":["This project is already subscribed on this event."]}"#;
    create(&scene, &body).await.expect(400, twice);
    let padded = body.replace(HOOK, &format!(" {HOOK} "));
    create(&scene, &padded).await.expect(400, twice);
}

#[tokio::test]
async fn what_is_missing_or_wrong() {
    let scene = Scene::new().await;
    let long_url = format!(r#"{{"event":"file.stored","target_url":"{HOOK}/{}"}}"#, "x".repeat(255));
    let long_secret =
        format!(r#"{{"event":"file.stored","target_url":"{HOOK}","signing_secret":"{}"}}"#, "x".repeat(33));
    for (body, expected) in [
        ("{}", r#"{"detail":"`target_url` is missing."}"#),
        (r#"{"event":"file.stored"}"#, r#"{"detail":"`target_url` is missing."}"#),
        (r#"{"target_url":"https://a.example.test/"}"#, r#"{"detail":"`event` is missing."}"#),
        (
            r#"{"target_url":"nope","event":"x"}"#,
            r#"{"target_url":["Enter a valid URL."],"event":["\"x\" is not a valid choice."]}"#,
        ),
        (
            r#"{"target_url":"http://127.0.0.1:9/","event":"file.stored"}"#,
            r#"{"target_url":["Only public IPs are allowed."]}"#,
        ),
        (
            r#"{"target_url":"https://user:word@a.example.test/","event":"file.stored"}"#,
            r#"{"target_url":["Enter a valid URL."]}"#,
        ),
        // PostgreSQL's text cannot hold these.
        (
            r#"{"target_url":"https://a.example.test/\u0000","event":"file.stored","signing_secret":"\u0000"}"#,
            r#"{"target_url":["Null characters are not allowed."],"signing_secret":["Null characters are not allowed."]}"#,
        ),
        (&long_url, r#"{"target_url":["Ensure this field has no more than 255 characters."]}"#),
        (&long_secret, r#"{"signing_secret":["Ensure this field has no more than 32 characters."]}"#),
        ("[]", r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#),
    ] {
        create(&scene, body).await.expect(400, expected);
    }
    let answer = create(&scene, "{").await;
    assert_eq!(answer.status, 400);
    assert!(answer.json()["detail"].as_str().unwrap().starts_with("JSON parse error - "), "{}", answer.body);
    let answer = scene.send(Method::POST, "/webhooks/", "text/plain", "x").await;
    answer.expect_detail(415, "Unsupported media type \"text/plain\" in request.");
    scene.get("/webhooks/").await.expect(200, "[]");
}

#[tokio::test]
async fn as_many_as_a_project_may_have() {
    let limits = platform::Settings { webhooks_per_project_max: 1, ..platform::Settings::default() };
    let scene = Scene::with(uploadcare::Settings::default(), limits).await;
    let body = |event| format!(r#"{{"target_url":"{HOOK}","event":"{event}"}}"#);
    assert_eq!(create(&scene, &body("file.stored")).await.status, 201);
    let answer = create(&scene, &body("file.deleted")).await;
    answer.expect_detail(400, "A project can not have more than 1 webhooks.");
}

#[tokio::test]
async fn older_editions_make_webhooks_of_their_version() {
    let scene = Scene::new().await;
    let ask = async |event: &str| {
        let body = format!(r#"{{"target_url":"{HOOK}","event":"{event}"}}"#);
        let mut request = scene.rest(Method::POST, "/webhooks/").body(body.into()).unwrap();
        let edition = "application/vnd.uploadcare-v0.6+json".parse().unwrap();
        request.headers_mut().insert(http::header::ACCEPT, edition);
        scene.ask(request).await
    };
    assert_eq!(ask("file.uploaded").await.json()["version"], "0.6");
    assert_eq!(ask("file.stored").await.body, r#"{"event":["\"file.stored\" is not a valid choice."]}"#);
}
