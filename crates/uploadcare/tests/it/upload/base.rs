//! `POST /base/`.

use crate::scene::{FORM, Form, PNG, Scene};
use axum::body::Body;
use http::Method;

const KEY: &str = "UPLOADCARE_PUB_KEY";

#[tokio::test]
async fn one_file_with_the_key_after_it() {
    let scene = Scene::new().await;
    let form = Form::new().file("file", "pixel (1).png", "image/png", PNG).text(KEY, &scene.project.public_key);
    let answer = scene.base("", form).await;
    let log = scene.test.log(&scene.project).await;
    let file = log[0].fact.subject.file().unwrap();
    answer.expect_plain(200, &format!(r#"{{"file":"{}"}}"#, file.id));
    assert_eq!((file.name.as_str(), file.declared_mime.as_str()), ("pixel (1).png", "image/png"));
    assert_eq!((file.size_bytes, file.content.mime.as_str()), (PNG.len() as i64, "image/png"));
    assert!(file.stored_at.is_some(), "the project stores by default");
    assert!(!file.is_original_protected);
    assert_eq!(scene.events().await, ["file_uploaded"]);
}

#[tokio::test]
async fn an_event_bears_the_request_id_of_the_answer() {
    let scene = Scene::new().await;
    let form = Form::new().text(KEY, &scene.project.public_key).file("file", "a.txt", "text/plain", b"a");
    let answer = scene.base("", form).await;
    let log = scene.test.log(&scene.project).await;
    let domain::event::Initiator::Api(request) = log[0].fact.initiator else { panic!("a call is no chore") };
    assert_eq!(answer.header("x-uploadcare-request-id"), Some(request.to_string().as_str()));
}

#[tokio::test]
async fn several_files_are_told_by_field_and_all_kept() {
    let scene = Scene::new().await;
    let form = Form::new()
        .text(KEY, &scene.project.public_key)
        .file("a.txt", "tmp0001", "text/plain", b"first")
        .file("b.txt", "tmp0002", "text/plain", b"second")
        .file("a.txt", "tmp0003", "text/plain", b"third");
    let answer = scene.base("", form).await;
    let log = scene.test.log(&scene.project).await;
    let files: Vec<_> = log.iter().map(|event| event.fact.subject.clone()).collect();
    let ids = files.iter().map(|subject| subject.file().unwrap().id).collect::<Vec<_>>();
    answer.expect_plain(200, &format!(r#"{{"a.txt":"{}","b.txt":"{}"}}"#, ids[2], ids[1]));
    let names = files.iter().map(|subject| subject.file().unwrap().name.as_str()).collect::<Vec<_>>();
    assert_eq!(names, ["tmp0001", "tmp0002", "tmp0003"]);
}

#[tokio::test]
async fn what_the_form_asks_for_holds_for_all_files() {
    let scene = Scene::new().await;
    let form = Form::new()
        .file("a", "a.txt", "text/plain", b"a")
        .part("name=\"b\"; filename*=UTF-8''%D1%82%D1%80%D0%B8.txt", None, b"b")
        .text("metadata[subsystem]", "uploader")
        .text("UPLOADCARE_STORE", "0")
        .text("source", "local")
        .text("signature", "ignored")
        .text("expire", "60")
        .text("tags", "sea,boat");
    let answer = scene.base(&format!("?{KEY}={}", scene.project.public_key), form).await;
    assert_eq!(answer.status, 200);
    let log = scene.test.log(&scene.project).await;
    let files: Vec<_> = log.iter().map(|event| event.fact.subject.clone()).collect();
    for file in files.iter().filter_map(|subject| subject.file()) {
        assert_eq!(file.metadata.get("subsystem"), Some("uploader"));
        assert_eq!(file.stored_at, None);
    }
    let second = files[1].file().unwrap();
    assert_eq!((second.name.as_str(), second.declared_mime.as_str()), ("три.txt", "application/octet-stream"));
}

#[tokio::test]
async fn the_key_comes_first() {
    let scene = Scene::new().await;
    let file = || Form::new().file("file", "a.txt", "text/plain", b"a").text("metadata[]", "");
    scene.base("", file()).await.expect_plain(403, "UPLOADCARE_PUB_KEY is required.");
    scene.base("", file().text(KEY, " ")).await.expect_plain(403, "UPLOADCARE_PUB_KEY is required.");
    scene.base("", file().text(KEY, "nope")).await.expect_plain(403, "UPLOADCARE_PUB_KEY is invalid.");
    let unknown = file().text(KEY, "00000000000000000000");
    scene.base("?jsonerrors=1", unknown).await.expect_plain(
        200,
        r#"{"error":{"status_code":403,"content":"UPLOADCARE_PUB_KEY is invalid.","error_code":"ProjectPublicKeyInvalidError"}}"#,
    );
    assert!(scene.events().await.is_empty());
}

#[tokio::test]
async fn a_body_that_is_no_form() {
    let scene = Scene::new().await;
    let required = r#"{"error":{"status_code":403,"content":"UPLOADCARE_PUB_KEY is required.","error_code":"ProjectPublicKeyRequiredError"}}"#;
    let answer = scene.plain(Method::POST, "/base/?jsonerrors=1", Some("application/json"), "{}").await;
    answer.expect_plain(200, required);
    let answer = scene.plain(Method::POST, "/base/?jsonerrors=1", None, Body::empty()).await;
    answer.expect_plain(200, required);
    let body = format!("{KEY}={}", scene.project.public_key);
    let answer = scene.plain(Method::POST, "/base/", Some(FORM), body).await;
    answer.expect_plain(400, "Request does not contain files.");
}

#[tokio::test]
async fn no_files() {
    let scene = Scene::new().await;
    let form = || Form::new().text(KEY, &scene.project.public_key);
    scene.base("", form()).await.expect_plain(400, "Request does not contain files.");
    let unchosen = form().file("file", "", "application/octet-stream", b"");
    scene.base("", unchosen).await.expect_plain(400, "Request does not contain files.");
    let answer = scene.base("?jsonerrors=1", form()).await;
    let expected = r#"{"error":{"status_code":400,"content":"Request does not contain files.","error_code":"FilesRequiredError"}}"#;
    answer.expect_plain(200, expected);
}

#[tokio::test]
async fn bad_metadata() {
    let scene = Scene::new().await;
    for (name, value, sentence) in [
        ("metadata[]", "x", "File's metadata key can not be empty."),
        ("metadata[a b]", "x", "File's metadata key `a b` contains symbols not allowed by the metadata key format."),
        ("metadata[a]", "", "Value of the file metadata key `a` can not be empty."),
        ("metadata[a]", "\0", "Null characters are not allowed."),
        ("note", "a\0b", "Null characters are not allowed."),
    ] {
        let form = Form::new().text(KEY, &scene.project.public_key).file("f", "a", "text/plain", b"a");
        scene.base("", form.text(name, value)).await.expect_plain(400, sentence);
    }
    let form = Form::new().text(KEY, &scene.project.public_key).file("f", "a", "text/plain", b"a");
    let twice = form.text("metadata[a]", "1").text("metadata[a]", "2");
    scene.base("", twice).await.expect_plain(400, "File's metadata key `a` has a duplicate.");
    assert!(scene.events().await.is_empty());
}

#[tokio::test]
async fn a_form_that_breaks_off() {
    let scene = Scene::new().await;
    let sentence = "HTTP POST request parsing failed.";
    let with_key = Form::new().text(KEY, &scene.project.public_key).file("file", "a.txt", "text/plain", b"a");
    let without_key = Form::new().file("file", "a.txt", "text/plain", b"a");
    for body in [with_key.cut(), without_key.cut()] {
        let answer = scene.plain(Method::POST, "/base/", Some(Form::CONTENT_TYPE), body).await;
        answer.expect_plain(400, sentence);
    }
    let answer = scene.plain(Method::POST, "/base/", Some("multipart/form-data"), "--x--").await;
    answer.expect_plain(400, sentence);
    assert!(scene.events().await.is_empty());
}

#[tokio::test]
async fn other_methods() {
    let scene = Scene::new().await;
    let answer = scene.plain(Method::GET, "/base/", None, Body::empty()).await;
    answer.expect_plain(405, "HTTP method GET is not allowed for /base/");
    assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
    let answer = scene.plain(Method::PUT, "//base?jsonerrors=1", None, Body::empty()).await;
    let expected = r#"{"error":{"status_code":405,"content":"HTTP method PUT is not allowed for /base/","error_code":"MethodNotAllowedError"}}"#;
    answer.expect_plain(200, expected);
}
