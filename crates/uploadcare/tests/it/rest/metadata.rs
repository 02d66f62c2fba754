//! `/files/{uuid}/metadata/` and its keys.

use crate::scene::{Answer, JSON, NOBODY, Scene};
use http::Method;

async fn set(scene: &Scene, target: &str, body: &str) -> Answer {
    scene.send(Method::PUT, target, JSON, body.to_owned()).await
}

#[tokio::test]
async fn a_key_from_its_beginning_to_its_end() {
    let scene = Scene::new().await;
    let all = format!("/files/{}/metadata/", scene.upload("a.txt", b"a").await.id);
    let key = format!("{all}subsystem/");
    scene.get(&all).await.expect(200, "{}");
    set(&scene, &key, r#""uploader""#).await.expect(201, r#""uploader""#);
    set(&scene, &key, r#""cms""#).await.expect(200, r#""cms""#);
    set(&scene, &key, r#""cms""#).await.expect(200, r#""cms""#);
    scene.get(&key).await.expect(200, r#""cms""#);
    set(&scene, &format!("{all}album/"), r#""sea""#).await.expect(201, r#""sea""#);
    scene.get(&all).await.expect(200, r#"{"album":"sea","subsystem":"cms"}"#);
    scene.delete(&key).await.expect(204, "");
    scene.delete(&key).await.expect_detail(404, "Not found.");
    scene.get(&key).await.expect_detail(404, "Not found.");
    let mut expected = vec!["file_uploaded"];
    expected.extend(["file_info_updated"; 4]);
    assert_eq!(scene.events().await, expected, "the same value again tells nobody");
}

#[tokio::test]
async fn values_as_clients_write_them() {
    let scene = Scene::new().await;
    let key = format!("/files/{}/metadata/k/", scene.upload("a.txt", b"a").await.id);
    set(&scene, &key, r#""he said "hi"""#).await.expect(201, r#""he said \"hi\"""#);
    set(&scene, &key, r#""\u00e9""#).await.expect(200, r#""é""#);
    let request = scene.rest(Method::PUT, &key).body(r#""untyped""#.into()).unwrap();
    scene.ask(request).await.expect(200, r#""untyped""#);
    let answer = scene.send(Method::PUT, &key, "application/json; charset=utf-8", r#""typed""#).await;
    answer.expect(200, r#""typed""#);
}

#[tokio::test]
async fn values_that_are_refused() {
    let scene = Scene::new().await;
    let key = format!("/files/{}/metadata/k/", scene.upload("a.txt", b"a").await.id);
    let empty = "Value of the file metadata key `k` can not be empty.";
    set(&scene, &key, "").await.expect_detail(400, empty);
    set(&scene, &key, r#""""#).await.expect_detail(400, empty);
    let long = format!("\"{}\"", "x".repeat(513));
    let sentence = "Value of file metadata's key `k` can not be more than 512 symbols in length.";
    set(&scene, &key, &long).await.expect_detail(400, sentence);
    let nul = "Value of file metadata key `k` contains symbols not allowed by the metadata value format.";
    set(&scene, &key, r#""\u0000""#).await.expect_detail(400, nul);
    let no_string = "Expected a JSON string of 1 to 512 symbols as the value of the metadata key.";
    set(&scene, &key, r#"{"a":1}"#).await.expect_detail(400, no_string);
    let answer = scene.send(Method::PUT, &key, "text/plain", "x").await;
    answer.expect_detail(415, "Unsupported media type \"text/plain\" in request.");
    assert_eq!(scene.events().await, ["file_uploaded"]);
}

#[tokio::test]
async fn keys() {
    let scene = Scene::new().await;
    let all = format!("/files/{}/metadata/", scene.upload("a.txt", b"a").await.id);
    for (escaped, key) in [("%2E", "."), ("%2E%2E", ".."), ("a-B_1.:x", "a-B_1.:x")] {
        set(&scene, &format!("{all}{escaped}/"), r#""v""#).await.expect(201, r#""v""#);
        assert_eq!(scene.get(&all).await.json()[key], "v");
    }
    let sentence = "File's metadata key `a b` contains symbols not allowed by the metadata key format.";
    set(&scene, &format!("{all}a%20b/"), r#""v""#).await.expect_detail(400, sentence);
    for n in 3..50 {
        assert_eq!(set(&scene, &format!("{all}k{n}/"), r#""v""#).await.status, 201);
    }
    let full = "A file can not have more than 50 metadata keys.";
    set(&scene, &format!("{all}k50/"), r#""v""#).await.expect_detail(400, full);
}

#[tokio::test]
async fn files_of_nobody_and_editions_without_metadata() {
    let scene = Scene::new().await;
    for id in [NOBODY, "nope"] {
        let all = format!("/files/{id}/metadata/");
        scene.get(&all).await.expect_detail(404, "Not found.");
        scene.get(&format!("{all}k/")).await.expect_detail(404, "Not found.");
        set(&scene, &format!("{all}k/"), r#""v""#).await.expect_detail(404, "Not found.");
        scene.delete(&format!("{all}k/")).await.expect_detail(404, "Not found.");
    }
    let id = scene.upload("a.txt", b"a").await.id;
    let answer = scene.get_in("0.6", &format!("/files/{id}/metadata/")).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (404, r#"{"detail":"Not found."}"#));
    scene.delete(&format!("/files/{id}/storage/")).await;
    set(&scene, &format!("/files/{id}/metadata/k/"), r#""v""#).await.expect_detail(404, "Not found.");
}
