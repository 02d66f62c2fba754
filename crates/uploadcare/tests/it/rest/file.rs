//! `GET` and `DELETE /files/{uuid}/`.

use crate::scene::{NOBODY, PNG, Scene};

#[tokio::test]
async fn a_file_in_0_7() {
    let scene = Scene::new().await;
    let id = scene.upload("old-pier (2).png", PNG).await.id;
    let expected = format!(
        r#"{{"datetime_removed":null,"datetime_stored":null,"datetime_uploaded":"2026-03-03T10:20:00.000000Z","is_image":true,"is_ready":true,"mime_type":"application/octet-stream","original_file_url":"https://cdn.example.test/{id}/oldpier2.png","original_filename":"old-pier (2).png","size":70,"url":"https://api.example.test/files/{id}/","uuid":"{id}","variations":null,"content_info":{{"mime":{{"mime":"image/png","type":"image","subtype":"png"}},"image":{{"dpi":null,"width":1,"format":"PNG","height":1,"sequence":false,"color_mode":"RGBA","orientation":null,"geo_location":null,"datetime_original":null}}}},"metadata":{{}},"tags":[]}}"#
    );
    scene.get(&format!("/files/{id}/")).await.expect(200, &expected);
    let with_appdata = format!(r#"{},"appdata":{{}}}}"#, expected.strip_suffix('}').unwrap());
    scene.get(&format!("/files/{id}/?include=appdata")).await.expect(200, &with_appdata);
    scene.get(&format!("/files/{id}/?include=other")).await.expect(200, &expected);
}

#[tokio::test]
async fn a_file_in_0_6_and_0_5() {
    let scene = Scene::new().await;
    let id = scene.upload("pier.png", PNG).await.id;
    let shared = format!(
        r#"{{"datetime_removed":null,"datetime_stored":null,"datetime_uploaded":"2026-03-03T10:20:00.000000Z","image_info":{{"width":1,"height":1,"format":"PNG","color_mode":"RGBA","geo_location":null,"orientation":null,"dpi":null,"datetime_original":null,"sequence":false}},"is_image":true,"is_ready":true,"mime_type":"application/octet-stream","original_file_url":"https://cdn.example.test/{id}/pier.png","original_filename":"pier.png","size":70,"url":"https://api.example.test/files/{id}/","uuid":"{id}""#
    );
    let answer = scene.get_in("0.6", &format!("/files/{id}/?include=appdata")).await;
    assert_eq!(answer.body, format!(r#"{shared},"variations":null,"video_info":null}}"#));
    let answer = scene.get_in("0.5", &format!("/files/{id}/")).await;
    assert_eq!(answer.body, format!(r#"{shared},"source":null}}"#));
    let text = scene.upload("a.txt", b"plain words").await.id;
    let answer = scene.get_in("0.6", &format!("/files/{text}/")).await.json();
    assert_eq!((&answer["image_info"], &answer["is_image"]), (&serde_json::Value::Null, &false.into()));
}

#[tokio::test]
async fn ids_of_nothing() {
    let scene = Scene::new().await;
    for id in [NOBODY, "nope", "8f1e2d3c", "%00"] {
        scene.get(&format!("/files/{id}/")).await.expect_detail(404, "Not found.");
        scene.delete(&format!("/files/{id}/")).await.expect_detail(404, "Not found.");
    }
    let (other, key) = scene.test.project("other").await;
    let id = scene.upload("a.txt", b"a").await.id;
    let mut request = scene.rest(http::Method::GET, &format!("/files/{id}/")).body(axum::body::Body::empty()).unwrap();
    let foreign = format!("Uploadcare.Simple {}:{}", other.public_key, key.secret.expose());
    request.headers_mut().insert(http::header::AUTHORIZATION, foreign.parse().unwrap());
    scene.ask(request).await.expect_detail(404, "Not found.");
}

#[tokio::test]
async fn delete_answers_the_removed_file() {
    let scene = Scene::new().await;
    let id = scene.upload("a.txt", b"a").await.id;
    let answer = scene.delete(&format!("/files/{id}/")).await;
    assert_eq!(answer.json()["datetime_removed"], "2026-03-03T10:20:00.000000Z");
    assert_eq!(scene.events().await, ["file_uploaded", "file_removed"]);
}
