//! `GET /info/`.

use crate::scene::{Form, NOBODY, PNG, Scene};
use axum::body::Body;
use http::Method;

async fn info(scene: &Scene, query: &str) -> crate::scene::Answer {
    scene.plain(Method::GET, &format!("/info/?{query}"), None, Body::empty()).await
}

#[tokio::test]
async fn an_image() {
    let scene = Scene::new().await;
    let form = Form::new()
        .text("UPLOADCARE_PUB_KEY", &scene.project.public_key)
        .text("UPLOADCARE_STORE", "1")
        .text("metadata[subsystem]", "uploader")
        .file("file", "my pic (1).png", "image/png", PNG);
    let uuid = scene.base("", form).await.json()["file"].as_str().unwrap().to_owned();
    let answer = info(&scene, &format!("pub_key={}&file_id={uuid}", scene.project.public_key)).await;
    let image = r#"{"dpi":null,"width":1,"format":"PNG","height":1,"sequence":false,"color_mode":"RGBA","orientation":null,"geo_location":null,"datetime_original":null}"#;
    answer.expect_plain(
        200,
        &format!(
            r#"{{"size":70,"total":70,"done":70,"uuid":"{uuid}","file_id":"{uuid}","original_filename":"my pic (1).png","is_image":true,"is_stored":true,"image_info":{image},"video_info":null,"content_info":{{"mime":{{"mime":"image/png","type":"image","subtype":"png"}},"image":{image}}},"is_ready":true,"filename":"mypic1.png","mime_type":"image/png","metadata":{{"subsystem":"uploader"}}}}"#
        ),
    );
}

#[tokio::test]
async fn no_image() {
    let scene = Scene::new().await;
    let file = scene.upload("a b.txt", b"plain words").await;
    let answer = info(&scene, &format!("pub_key={}&file_id={}", scene.project.public_key, file.id)).await;
    let json = answer.json();
    assert_eq!((&json["is_image"], &json["image_info"]), (&false.into(), &serde_json::Value::Null));
    assert_eq!(
        (&json["is_stored"], &json["is_ready"], &json["filename"]),
        (&false.into(), &true.into(), &"ab.txt".into())
    );
    assert_eq!(json["metadata"], serde_json::json!({}));
}

#[tokio::test]
async fn what_is_asked_must_be_whole() {
    let scene = Scene::new().await;
    let key = &scene.project.public_key;
    info(&scene, "").await.expect_plain(403, "pub_key is required.");
    info(&scene, "pub_key=nope&file_id=nope").await.expect_plain(403, "pub_key is invalid.");
    info(&scene, &format!("pub_key={key}")).await.expect_plain(400, "file_id is required.");
    info(&scene, &format!("pub_key={key}&file_id=nope")).await.expect_plain(400, "file_id is invalid.");
    info(&scene, &format!("pub_key={key}&file_id=%00")).await.expect_plain(400, "Null characters are not allowed.");
    info(&scene, &format!("pub_key={key}&file_id={NOBODY}")).await.expect_plain(404, "File is not found.");
    info(&scene, &format!("jsonerrors=1&pub_key={key}&file_id={NOBODY}")).await.expect_plain(
        200,
        r#"{"error":{"status_code":404,"content":"File is not found.","error_code":"FileNotFoundError"}}"#,
    );
}

#[tokio::test]
async fn removed_and_foreign_files_are_not_found() {
    let scene = Scene::new().await;
    let file = scene.upload("a.txt", b"a").await;
    let (other, _) = scene.test.project("other").await;
    let answer = info(&scene, &format!("pub_key={}&file_id={}", other.public_key, file.id)).await;
    answer.expect_plain(404, "File is not found.");
    scene.delete(&format!("/files/{}/storage/", file.id)).await;
    let answer = info(&scene, &format!("pub_key={}&file_id={}", scene.project.public_key, file.id)).await;
    answer.expect_plain(404, "File is not found.");
}

#[tokio::test]
async fn the_head_alone() {
    let scene = Scene::new().await;
    let file = scene.upload("a.txt", b"a").await;
    let query = format!("pub_key={}&file_id={}", scene.project.public_key, file.id);
    let whole = info(&scene, &query).await;
    let head = scene.plain(Method::HEAD, &format!("/info/?{query}"), None, Body::empty()).await;
    assert_eq!((head.status, head.body.as_str()), (whole.status, ""));
    assert_eq!(head.header("content-length"), Some(whole.body.len().to_string().as_str()));
    let answer = scene.plain(Method::POST, "/info/", None, Body::empty()).await;
    answer.expect_plain(405, "HTTP method POST is not allowed for /info/");
}
