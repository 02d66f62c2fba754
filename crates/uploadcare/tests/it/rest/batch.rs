//! `PUT` and `DELETE /files/storage/`.

use crate::scene::{FORM, JSON, NOBODY, Scene};
use http::Method;
use std::time::Duration;

#[tokio::test]
async fn found_files_by_upload_and_problems_by_id() {
    let scene = Scene::new().await;
    let first = scene.upload("a.txt", b"a").await.id;
    scene.test.clock.advance(Duration::from_secs(1));
    let second = scene.upload("b.txt", b"b").await.id;
    let body = format!(r#"["{second}","nope","{first}","{NOBODY}","{second}"]"#);
    let answer = scene.send(Method::PUT, "/files/storage/", JSON, body).await;
    let file = |id: &str, name: &str, second: u8| {
        format!(
            r#"{{"datetime_removed":null,"datetime_stored":"2026-03-03T10:20:01.000000Z","datetime_uploaded":"2026-03-03T10:20:0{second}.000000Z","is_image":false,"is_ready":true,"mime_type":"application/octet-stream","original_file_url":"https://cdn.example.test/{id}/{name}","original_filename":"{name}","size":1,"url":"https://api.example.test/files/{id}/","uuid":"{id}","variations":null,"content_info":{{"mime":{{"mime":"text/plain","type":"text","subtype":"plain"}}}},"metadata":{{}},"tags":[]}}"#
        )
    };
    let (a, b) = (file(&first.to_string(), "a.txt", 0), file(&second.to_string(), "b.txt", 1));
    let problems = format!(r#"{{"nope":"Invalid","{NOBODY}":"Missing in the project"}}"#);
    answer.expect(200, &format!(r#"{{"status":"ok","result":[{a},{b}],"problems":{problems}}}"#));
    assert_eq!(scene.events().await, ["file_uploaded", "file_uploaded", "file_stored", "file_stored"]);
}

#[tokio::test]
async fn removal_is_one_instant_and_tells_each_file_once() {
    let scene = Scene::new().await;
    let ids = [scene.upload("a.txt", b"a").await.id, scene.upload("b.txt", b"b").await.id];
    let body = format!(r#"["{}","{}"]"#, ids[0], ids[1]);
    for _ in 0..2 {
        let answer = scene.send(Method::DELETE, "/files/storage/", JSON, body.clone()).await.json();
        let removed: Vec<_> = (0..2).map(|n| answer["result"][n]["datetime_removed"].clone()).collect();
        assert_eq!(removed, ["2026-03-03T10:20:00.000000Z"; 2]);
        scene.test.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(scene.events().await, ["file_uploaded", "file_uploaded", "file_removed", "file_removed"]);
}

#[tokio::test]
async fn nothing_that_is_any_good_is_still_ok() {
    let scene = Scene::new().await;
    let answer = scene.send(Method::PUT, "/files/storage/", JSON, r#"["nope"]"#).await;
    answer.expect(200, r#"{"status":"ok","result":[],"problems":{"nope":"Invalid"}}"#);
    let mut request = scene.rest(Method::PUT, "/files/storage/").body(r#"["nope"]"#.into()).unwrap();
    let edition = "application/vnd.uploadcare-v0.5+json".parse().unwrap();
    request.headers_mut().insert(http::header::ACCEPT, edition);
    let answer = scene.ask(request).await;
    assert_eq!(answer.body, r#"{"status":"ok","problems":{"nope":"Invalid"},"result":[]}"#);
}

#[tokio::test]
async fn bodies_that_are_no_batch() {
    let scene = Scene::new().await;
    for (body, sentence) in [
        (String::new(), "Expected list of UUIDs"),
        (r#"{"a":1}"#.to_owned(), "Expected list of UUIDs"),
        ("[1]".to_owned(), "Expected list of UUIDs"),
        ("[]".to_owned(), "List of UUIDs can not be empty"),
        (serde_json::to_string(&vec![NOBODY; 101]).unwrap(), "Maximum UUIDs per request is exceeded. The limit is 100"),
    ] {
        scene.send(Method::DELETE, "/files/storage/", JSON, body).await.expect_detail(400, sentence);
    }
    let answer = scene.send(Method::PUT, "/files/storage/", FORM, "a=b").await;
    answer.expect_detail(415, &format!("Unsupported media type \"{FORM}\" in request."));
    let long = vec![b' '; 1024 * 1024 + 1];
    let answer = scene.send(Method::PUT, "/files/storage/", JSON, long).await;
    answer.expect_detail(413, "The request body can not be more than 1048576 bytes.");
}
