//! `POST …/files`: direct upload (section 5.4).

use crate::scene::{FORM, JSON, MULTIPART, PNG, Scene, is_spelled, multipart, text};
use domain::event::EventKind;
use serde_json::{Value, json};

#[tokio::test]
async fn a_picture_11_12_13_14_15() {
    let scene = Scene::new().await;
    let file = scene.upload(&[]).await;
    let attributes = &file["attributes"];
    assert_eq!(file["type"], "files");
    assert!(is_spelled("f-", &file["id"]), "{file}");
    assert_eq!(attributes["status"], "ready");
    assert_eq!(text(&attributes["uuid"]).len(), 36);
    assert_eq!(attributes["is_image"], true);
    assert_eq!(attributes["mime"], json!({"mime": "image/png", "type": "image", "subtype": "png"}));
    assert_eq!(attributes["original_name"], "chart.png");
    let url = format!("https://cdn.example.test/cdn/{}/chart.png", text(&file["id"]));
    assert_eq!(attributes["original_url"], url);
    assert_eq!(attributes["content"]["image"]["width"], 1);
    assert_eq!(attributes["content"]["image"]["height"], 1);
    assert_eq!(attributes["content"]["image"]["format"], "PNG");
    assert_eq!(attributes["content"]["video"], Value::Null);
    assert_eq!(attributes["size"], PNG.len());
    assert_eq!(attributes["original_protected"], true);
    let chunked = json!({"is_chunked_upload": false, "chunk_size": null, "is_complete": false});
    assert_eq!(attributes["chunked_upload"], chunked);
    assert_eq!(file["chunked_upload_urls"], json!([]));
    assert_eq!(attributes["metadata"], json!({}));
    assert_eq!(attributes["created_at"], "2026-03-03T10:20:00.000Z");
    assert_eq!(attributes["uploaded_at"], "2026-03-03T10:20:00.000000Z");
    assert_eq!((&attributes["removed_at"], &attributes["expires_at"]), (&Value::Null, &Value::Null));
    assert_eq!(file["relationships"]["project"]["data"], json!({"type": "projects", "id": scene.project.public_key}));
    assert_eq!(scene.log().await, [EventKind::FileUploaded]);
}

#[tokio::test]
async fn the_suffix_and_slashes_do_not_matter_16() {
    let scene = Scene::new().await;
    for path in ["/files", "/files.json", "/files/", "//files.json//"] {
        let body = (MULTIPART, multipart("a.png", PNG, &[]));
        let created = scene.send("POST", path, body).await.data();
        let shown = scene.get(&format!("/files/{}", text(&created["id"]))).await;
        assert_eq!(shown.data(), created);
    }
}

#[tokio::test]
async fn with_everything_that_may_come_with_it_36() {
    let scene = Scene::new().await;
    let file = scene
        .upload(&[
            ("file[metadata][color]", "red"),
            ("file[metadata][file_id]", "mine"),
            ("file[expires_at]", "2030-01-02T03:04:05Z"),
            ("file[original_protected]", "false"),
            ("headers[stray]", "ignored"),
        ])
        .await;
    let attributes = &file["attributes"];
    assert_eq!(attributes["metadata"], json!({"color": "red"}));
    assert_eq!(attributes["expires_at"], "2030-01-02T03:04:05.000Z");
    assert_eq!(attributes["original_protected"], false);
}

#[tokio::test]
async fn fields_may_follow_the_bytes_or_stand_in_the_query_or_leave_their_root_out() {
    let scene = Scene::new().await;
    let form = "--b0undary\r\nContent-Disposition: form-data; name=\"content\"; filename=\"a.txt\"\r\n\r\nhello\r\n\
         --b0undary\r\nContent-Disposition: form-data; name=\"metadata[color]\"\r\n\r\nred\r\n--b0undary--\r\n";
    let file = scene.send("POST", "/files?original_protected=0", (MULTIPART, form)).await.data();
    assert_eq!(file["attributes"]["metadata"], json!({"color": "red"}));
    assert_eq!(file["attributes"]["original_protected"], false);
    assert_eq!(file["attributes"]["mime"]["mime"], "text/plain");
    assert_eq!(file["attributes"]["is_image"], false);
}

#[tokio::test]
async fn other_ways_to_bring_bytes_are_named_and_refused() {
    let scene = Scene::new().await;
    for (content_type, body, named) in [
        (JSON, r#"{"file": {"source_url": "https://img.example.test/pier.jpg"}}"#, "source_url"),
        (JSON, r#"{"source_url": "https://img.example.test/pier.jpg"}"#, "source_url"),
        (FORM, "file[is_chunked_upload]=true&file[size]=18462554&file[filename]=big.jpg", "is_chunked_upload"),
        (JSON, r#"{"file": {"metadata": {"color": "red"}}}"#, "file[content]"),
        (FORM, "file[content]=bytes", "file[content]"),
    ] {
        let sentence = scene.send("POST", "/files.json", (content_type, body)).await.error(422);
        assert!(sentence.starts_with(named) && sentence.contains("multipart/form-data"), "{sentence}");
    }
    assert_eq!(scene.log().await, []);
}

#[tokio::test]
async fn what_is_wrong_is_named_93() {
    let scene = Scene::new().await;
    for (fields, status) in [
        (&[("file[expires_at]", "soon")][..], 422),
        (&[("file[metadata][a b]", "1")], 422),
        (&[("file[metadata][a]", "")], 422),
        (&[("file[metadata]", "red")], 422),
        (&[("file[original_protected][x]", "1")], 422),
        (&[("file[source_url]", "https://img.example.test/pier.jpg")], 422),
        (&[("file", "x")], 422),
        (&[("file", "x"), ("file[a]", "y")], 400),
    ] {
        let body = (MULTIPART, multipart("a.png", PNG, fields));
        scene.send("POST", "/files.json", body).await.error(status);
    }
    for (content_type, body, status) in [
        (JSON, "{", 400),
        (JSON, "[]", 400),
        (JSON, "{}", 400),
        (JSON, r#"{"file": null}"#, 400),
        (JSON, "\u{0}", 400),
        (FORM, "", 400),
        (FORM, "%", 400),
        ("", "", 400),
        ("text/plain", "hello", 400),
        ("multipart/form-data", "hello", 400),
        (MULTIPART, "hello", 400),
        (
            MULTIPART,
            "--b0undary\r\nContent-Disposition: form-data; name=\"file[content]\"; filename=\"a\"\r\n\r\ncut",
            400,
        ),
        (
            MULTIPART,
            "--b0undary\r\nContent-Disposition: form-data; name=\"file[content]\"\r\n\r\nx\r\n--b0undary--",
            422,
        ),
        (
            MULTIPART,
            "--b0undary\r\nContent-Disposition: form-data; name=\"file[content]\"; filename=\"\"\r\n\r\n\r\n--b0undary--",
            400,
        ),
        (MULTIPART, "--b0undary--", 400),
    ] {
        scene.send("POST", "/files.json", (content_type, body)).await.error(status);
    }
    assert_eq!(scene.log().await, []);
}

#[tokio::test]
async fn too_many_bytes_are_413() {
    let scene = Scene::with(platform::Settings { direct_upload_bytes_max: 50, ..platform::Settings::default() }).await;
    let sentence = scene.send("POST", "/files", (MULTIPART, multipart("a.png", PNG, &[]))).await.error(413);
    assert!(sentence.contains("50 bytes"), "{sentence}");
    let fields = [("file[metadata][a]", "x".repeat(3_000_000))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    scene.send("POST", "/files", (MULTIPART, multipart("a", b"1", &fields))).await.error(413);
}
