//! Who may do what: tokens, keys, and nothing at all (section 3).

use crate::scene::{JSON, MULTIPART, PNG, Scene, multipart, text};

const UNAUTHORIZED: &str = r#"{"errors":["Unauthorized"]}"#;

#[tokio::test]
async fn lists_are_for_secret_keys_1_2_3() {
    let scene = Scene::new().await;
    for list in ["/files.json", "/webhooks.json"] {
        let answer = scene.call("GET", list, None, ("", "")).await;
        assert_eq!((answer.status, answer.text.as_str()), (401, UNAUTHORIZED));
        for wrong in ["11111111111111111111", "nonsense", "fat-0000000000000000000000"] {
            let answer = scene.call("GET", list, Some(wrong), ("", "")).await;
            assert_eq!((answer.status, answer.text.as_str()), (401, UNAUTHORIZED));
        }
        let answer = scene.get(list).await;
        assert!(answer.data().is_array());
        assert!(answer.json()["pagination"].is_object());
    }
}

#[tokio::test]
async fn a_files_token_opens_that_file_alone_4_5_6() {
    let scene = Scene::new().await;
    let (one, other) = (scene.upload(&[]).await, scene.upload(&[]).await);
    let token = text(&one["authentication"]["access_token"]);
    let own = format!("/files/{}.json", text(&one["id"]));
    let others = format!("/files/{}.json", text(&other["id"]));
    for (method, path) in [
        ("GET", "/files.json"),
        ("GET", "/webhooks.json"),
        ("POST", "/webhooks.json"),
        ("GET", others.as_str()),
        ("PUT", others.as_str()),
        ("DELETE", others.as_str()),
        ("GET", "/files/f-0000000000000000000000.json"),
        ("GET", "/files/nonsense"),
    ] {
        let answer = scene.call(method, path, Some(token), ("", "")).await;
        assert_eq!((answer.status, answer.text.as_str()), (401, UNAUTHORIZED), "{method} {path}");
    }
    let shown = scene.call("GET", &own, Some(token), ("", "")).await;
    assert_eq!(shown.data(), one);
    let body = r#"{"file": {"original_protected": false}}"#;
    assert_eq!(scene.call("PUT", &own, Some(token), (JSON, body)).await.status, 200);
    assert_eq!(scene.call("DELETE", &own, Some(token), ("", "")).await.status, 200);
}

#[tokio::test]
async fn a_token_of_one_project_is_nothing_in_another() {
    let scene = Scene::new().await;
    let (neighbour, neighbours_key) = scene.test.project("neighbour").await;
    let file = scene.upload(&[]).await;
    let below = |rest: &str| format!("/api/v1/projects/{}{rest}", neighbour.public_key);
    let own = format!("/files/{}", text(&file["id"]));
    for (token, status) in [
        (text(&file["authentication"]["access_token"]), 401),
        (scene.key.as_str(), 401),
        (neighbours_key.secret.expose(), 404),
    ] {
        let request = http::Request::get(below(&own)).header("authorization", token);
        scene.request(request.body("".into()).unwrap()).await.error(status);
    }
}

#[tokio::test]
async fn the_scheme_does_not_matter() {
    let scene = Scene::new().await;
    for header in [scene.key.clone(), format!("Token {}", scene.key), format!("bearer  {} ", scene.key)] {
        let request = http::Request::get(scene.path("/files")).header("authorization", header);
        assert_eq!(scene.request(request.body("".into()).unwrap()).await.status, 200);
    }
}

#[tokio::test]
async fn webhooks_want_a_token_before_they_want_anything_8() {
    let scene = Scene::new().await;
    let body = r#"{"webhook": {"events": ["nonsense"]}}"#;
    assert_eq!(scene.call("POST", "/webhooks.json", None, (JSON, body)).await.text, UNAUTHORIZED);
    let path = "/webhooks/wh-0000000000000000000000";
    for method in ["GET", "PUT", "DELETE"] {
        assert_eq!(scene.call(method, path, None, ("", "")).await.text, UNAUTHORIZED);
    }
}

#[tokio::test]
async fn creating_without_a_token_is_the_projects_decision_9() {
    let scene = Scene::new().await;
    let upload = || (MULTIPART, multipart("a.png", PNG, &[]));
    let created = scene.call("POST", "/files.json", None, upload()).await.data();
    assert!(crate::scene::is_spelled("fat-", &created["authentication"]["access_token"]));
    for wrong in ["11111111111111111111", text(&created["authentication"]["access_token"])] {
        let answer = scene.call("POST", "/files.json", Some(wrong), upload()).await;
        assert_eq!((answer.status, answer.text.as_str()), (401, UNAUTHORIZED));
    }
}

#[tokio::test]
async fn an_unknown_project_is_not_found_but_only_by_who_holds_a_token() {
    let scene = Scene::new().await;
    for project in ["00000000000000000000", "nonsense", "%FF", "%00"] {
        for (list, status) in [("files", 404), ("webhooks", 404)] {
            let path = format!("/api/v1/projects/{project}/{list}.json");
            let keyed = http::Request::get(&path).header("authorization", &scene.key);
            scene.request(keyed.body("".into()).unwrap()).await.error(status);
        }
        let anonymous = http::Request::post(format!("/api/v1/projects/{project}/files.json"));
        scene.request(anonymous.body("".into()).unwrap()).await.error(404);
    }
    let anonymous = http::Request::get("/api/v1/projects/00000000000000000000/files.json");
    scene.request(anonymous.body("".into()).unwrap()).await.error(401);
}

#[tokio::test]
async fn a_revoked_key_opens_nothing() {
    let scene = Scene::new().await;
    let more = scene.test.platform.create_key(&scene.project).await.unwrap();
    assert_eq!(scene.call("GET", "/files", Some(more.secret.expose()), ("", "")).await.status, 200);
    scene.test.platform.revoke_key(&scene.project, more.number).await.unwrap();
    scene.call("GET", "/files", Some(more.secret.expose()), ("", "")).await.error(401);
    assert_eq!(scene.get("/files").await.status, 200);
}
