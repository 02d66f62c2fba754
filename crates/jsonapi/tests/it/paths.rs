//! Paths with and without `.json`, and those that lead nowhere (sections 2.1, 4).

use crate::scene::Scene;
use axum::body::Body;
use http::Request;

#[tokio::test]
async fn up_91() {
    let scene = Scene::new().await;
    let answer = scene.request(Request::get("/up").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 200);
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/html"));
}

#[tokio::test]
async fn what_is_not_routed_is_404_in_json_92() {
    let scene = Scene::new().await;
    let project = scene.project.public_key.clone();
    let id = "f-0000000000000000000000";
    for (method, path) in [
        ("GET", "/api/v1".to_owned()),
        ("GET", "/api/v1/".to_owned()),
        ("GET", "/api/v1/projects".to_owned()),
        ("GET", "/api/v1/projects.json".to_owned()),
        ("POST", "/api/v1/projects.json".to_owned()),
        ("GET", format!("/api/v1/projects/{project}")),
        ("GET", format!("/api/v1/projects/{project}.json")),
        ("GET", format!("/api/v1/projects/{project}/transfer_accelerations.json")),
        ("POST", format!("/api/v1/projects/{project}/files/{id}/complete")),
        ("POST", format!("/api/v1/projects/{project}/webhooks/incoming")),
        ("DELETE", format!("/api/v1/projects/{project}/files.json")),
        ("POST", format!("/api/v1/projects/{project}/files/{id}.json")),
        ("PATCH", format!("/api/v1/projects/{project}/webhooks")),
        ("OPTIONS", format!("/api/v1/projects/{project}/files")),
        ("GET", format!("/api/v1/projects/{project}/%FF%00/x")),
    ] {
        let request = Request::builder().method(method).uri(&path).header("authorization", &scene.key);
        let answer = scene.request(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.error(404), "Not found", "{method} {path}");
    }
}

#[tokio::test]
async fn new_and_edit_are_no_resources() {
    let scene = Scene::new().await;
    for path in ["/files/new", "/webhooks/new", "/files/f-0000000000000000000000/edit"] {
        scene.get(path).await.error(404);
    }
}
