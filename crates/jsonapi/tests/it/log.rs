//! `GET …/events`: the log read on, waited for, streamed: additions of ours.

use crate::scene::{Scene, text};
use axum::body::Body;
use http::{Request, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};

fn sequences(page: &Value) -> Vec<i64> {
    let list = page["data"].as_array().unwrap().iter();
    list.map(|document| document["data"]["attributes"]["sequence"].as_i64().unwrap()).collect()
}

fn stream(scene: &Scene, rest: &str, last: Option<&str>) -> Request<Body> {
    let mut request = Request::get(scene.path(rest))
        .header(header::AUTHORIZATION, format!("Bearer {}", scene.key))
        .header(header::ACCEPT, "text/event-stream");
    if let Some(last) = last {
        request = request.header("Last-Event-ID", last);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn each_event_is_the_document_that_is_pushed_but_for_the_webhook() {
    let scene = Scene::new().await;
    let file = scene.upload(&[]).await;
    let page = scene.get("/events.json").await.json();
    let document = &page["data"][0];
    let expected = json!({
        "data": {
            "type": "webhook_events",
            "id": document["data"]["id"],
            "attributes": {"event": "file.created", "sequence": 1, "created_at": "2026-03-03T10:20:00.000000Z"},
            "relationships": {"resource": {"data": {"type": "files", "id": file["id"]}}}
        },
        "included": [file]
    });
    assert_eq!(document.to_string(), expected.to_string());
    assert_eq!(page["pagination"], json!({"limit": 20, "after": 1, "head": 1}));
}

#[tokio::test]
async fn the_log_is_read_on_by_sequence_and_by_type() {
    let scene = Scene::new().await;
    let file = scene.upload(&[]).await;
    scene.send("DELETE", &format!("/files/{}", text(&file["id"])), ("", "")).await.data();
    scene.upload(&[]).await;
    for (query, expected, after) in [
        ("limit=2", vec![1, 2], 2),
        ("after=2&limit=2", vec![3], 3),
        ("types=file.created", vec![1, 3], 3),
        ("types=file.deleted,webhook.*", vec![2], 3),
        ("types=group.*&wait=0", vec![], 3),
        ("after=3", vec![], 3),
    ] {
        let page = scene.get(&format!("/events?{query}")).await.json();
        assert_eq!((sequences(&page), &page["pagination"]["after"]), (expected, &json!(after)), "{query}");
    }
    for (query, status) in [("after=x", 400), ("limit=-1", 400), ("wait=31", 422), ("types=file.renamed", 422)] {
        scene.get(&format!("/events?{query}")).await.error(status);
    }
    scene.call("GET", "/events", None, ("", "")).await.error(401);
    scene.send("POST", "/events", ("", "")).await.error(404);
}

#[tokio::test]
async fn whoever_waits_is_answered_when_something_happens() {
    let scene = Scene::new().await;
    let (page, _) = tokio::join!(scene.get("/events?wait=30&types=file.created"), scene.upload(&[]));
    assert_eq!(sequences(&page.json()), [1]);
}

#[tokio::test]
async fn a_stream_tells_what_was_and_what_comes_and_is_taken_up_again() {
    let scene = Scene::new().await;
    scene.upload(&[]).await;
    let response = scene.open(stream(&scene, "/events", None)).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    let mut body = response.into_body();
    let mut next = async || {
        let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
        String::from_utf8(frame.to_vec()).unwrap()
    };
    let first = next().await;
    assert!(first.starts_with("id: 1\nevent: file.created\ndata: {\"data\":{") && first.ends_with("}\n\n"), "{first}");
    let (second, _) = tokio::join!(next(), scene.upload(&[]));
    assert!(second.starts_with("id: 2\n"), "{second}");

    let mut again = scene.open(stream(&scene, "/events?after=0", Some("1"))).await.into_body();
    let frame = again.frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(frame.starts_with(b"id: 2\n"));
    assert_eq!(scene.request(stream(&scene, "/events", Some("x"))).await.status, 400);
}

#[tokio::test]
async fn there_is_a_most_of_streams() {
    let scene = Scene::new().await;
    let mut open = Vec::new();
    for _ in 0..256 {
        open.push(scene.open(stream(&scene, "/events", None)).await);
    }
    let refused = scene.request(stream(&scene, "/events", None)).await;
    assert!(refused.error(503).starts_with("256 streams"));
    assert_eq!(refused.headers[header::RETRY_AFTER], "1");
    open.pop();
    assert_eq!(scene.open(stream(&scene, "/events", None)).await.status(), 200);
}
