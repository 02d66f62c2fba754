//! `PUT` and `PATCH …/files/:id` (section 5.6).

use crate::scene::{FORM, JSON, MULTIPART, Scene, text};
use domain::event::EventKind;
use serde_json::{Value, json};

async fn metadata_after(first: &[(&str, &str)], content_type: &str, body: &'static str) -> Value {
    let scene = Scene::new().await;
    let file = scene.upload(first).await;
    let path = format!("/files/{}.json", text(&file["id"]));
    scene.send("PUT", &path, (content_type, body)).await.data()["attributes"]["metadata"].clone()
}

#[tokio::test]
async fn a_list_sets_what_it_names_27() {
    let first = [("file[metadata][m1]", "1"), ("file[metadata][note]", "x")];
    let expected = json!({"m1": "2", "note": "x"});
    let json = r#"{"file": {"metadata": [{"key": "m1", "value": "2"}]}}"#;
    assert_eq!(metadata_after(&first, JSON, json).await, expected);
    let form = "file[metadata][][key]=m1&file[metadata][][value]=2";
    assert_eq!(metadata_after(&first, FORM, form).await, expected);
    let form = "file%5Bmetadata%5D%5B%5D%5Bkey%5D=m1&file%5Bmetadata%5D%5B%5D%5Bvalue%5D=2";
    assert_eq!(metadata_after(&first, FORM, form).await, expected);
}

#[tokio::test]
async fn a_map_replaces_all_28_29() {
    let first = [("file[metadata][m1]", "1"), ("file[metadata][m2]", "2")];
    let expected = json!({"m1": "2", "m3": "3"});
    let json = r#"{"metadata": {"m1": "2", "m3": "3", "file_id": "mine"}}"#;
    assert_eq!(metadata_after(&first, JSON, json).await, expected);
    let form = "file[metadata][m1]=2&file[metadata][m3]=3";
    assert_eq!(metadata_after(&first, FORM, form).await, expected);
    let multipart =
        "--b0undary\r\nContent-Disposition: form-data; name=\"file[metadata][m1]\"\r\n\r\n2\r\n--b0undary--\r\n";
    assert_eq!(metadata_after(&first, MULTIPART, multipart).await, json!({"m1": "2"}));
    assert_eq!(metadata_after(&first, JSON, r#"{"file": {"metadata": {}}}"#).await, json!({}));
    let unchanged = r#"{"file": {"metadata": null}}"#;
    assert_eq!(metadata_after(&first, JSON, unchanged).await, json!({"m1": "1", "m2": "2"}));
}

#[tokio::test]
async fn expiry_is_set_and_cleared_30_34() {
    let scene = Scene::new().await;
    let path = format!("/files/{}.json", text(&scene.upload(&[]).await["id"]));
    for (method, body, expected) in [
        ("PUT", r#"{"file": {"expires_at": "2030-01-02T03:04:05Z"}}"#, json!("2030-01-02T03:04:05.000Z")),
        ("PATCH", r#"{"expires_at": "2030-01-02 05:04:05+02:00"}"#, json!("2030-01-02T03:04:05.000Z")),
        ("PATCH", r#"{"file": {}}"#, json!("2030-01-02T03:04:05.000Z")),
        ("PATCH", r#"{"file": {"expires_at": null}}"#, Value::Null),
    ] {
        let file = scene.send(method, &path, (JSON, body)).await.data();
        assert_eq!(file["attributes"]["expires_at"], expected, "{body}");
        assert_eq!(scene.get(&path).await.data(), file);
    }
    let amended = EventKind::FileAmended;
    assert_eq!(scene.log().await, [EventKind::FileUploaded, amended, amended]);
}

#[tokio::test]
async fn what_changes_nothing_tells_nobody() {
    let scene = Scene::new().await;
    let file = scene.upload(&[("file[metadata][a]", "1")]).await;
    let path = format!("/files/{}", text(&file["id"]));
    for body in [
        r#"{"file": {"metadata": {"a": "1"}, "original_protected": true, "expires_at": null}}"#,
        r#"{"file": {"metadata": [{"key": "a", "value": "1"}]}}"#,
        r#"{"file": {"is_chunked_upload_complete": true}}"#,
        r#"{"file": {"color": "red"}}"#,
    ] {
        assert_eq!(scene.send("PUT", &path, (JSON, body)).await.data(), file);
    }
    assert_eq!(scene.log().await, [EventKind::FileUploaded]);
}

#[tokio::test]
async fn several_changes_are_one_event_78() {
    let scene = Scene::new().await;
    let path = format!("/files/{}", text(&scene.upload(&[]).await["id"]));
    let body = r#"{"file": {"metadata": {"a": "1"}, "original_protected": false, "expires_at": "2030-01-02"}}"#;
    let attributes = &scene.send("PUT", &path, (JSON, body)).await.data()["attributes"];
    assert_eq!(attributes["original_protected"], false);
    assert_eq!(attributes["expires_at"], "2030-01-02T00:00:00.000Z");
    assert_eq!(scene.log().await, [EventKind::FileUploaded, EventKind::FileInfoUpdated]);
}

#[tokio::test]
async fn what_is_wrong_is_named_93() {
    let scene = Scene::new().await;
    let path = format!("/files/{}", text(&scene.upload(&[]).await["id"]));
    for (content_type, body, status) in [
        (JSON, "{}", 400),
        (JSON, r#"{"color": "red"}"#, 400),
        (JSON, "{", 400),
        (JSON, r#"{"file": "x"}"#, 422),
        (JSON, r#"{"file": {"expires_at": "soon"}}"#, 422),
        (JSON, r#"{"file": {"expires_at": 5}}"#, 422),
        (JSON, r#"{"file": {"original_protected": []}}"#, 422),
        (JSON, r#"{"file": {"metadata": [{"key": "a b", "value": "1"}]}}"#, 422),
        (JSON, r#"{"file": {"metadata": {"a": "\u0000"}}}"#, 422),
        (FORM, "", 400),
        ("", "", 400),
    ] {
        scene.send("PUT", &path, (content_type, body)).await.error(status);
    }
    let long = format!(r#"{{"file": {{"metadata": {{"a": "{}"}}}}}}"#, "x".repeat(2_000_000));
    scene.send("PUT", &path, (JSON, long)).await.error(413);
    let unknown = "/files/f-0000000000000000000000";
    assert_eq!(scene.send("PUT", unknown, (JSON, "{}")).await.error(404), "File not found");
    assert_eq!(scene.log().await, [EventKind::FileUploaded]);
}

#[tokio::test]
async fn the_fifty_first_pair_is_refused_and_a_removed_file_stays_as_it_is() {
    let scene = Scene::new().await;
    let path = format!("/files/{}", text(&scene.upload(&[]).await["id"]));
    let pairs: Vec<Value> = (0..51).map(|n| json!({"key": format!("k{n}"), "value": "v"})).collect();
    let body = json!({"file": {"metadata": pairs}}).to_string();
    scene.send("PUT", &path, (JSON, body)).await.error(422);
    scene.send("DELETE", &path, ("", "")).await.data();
    let sentence = scene.send("PUT", &path, (JSON, r#"{"metadata": {"a": "1"}}"#)).await.error(422);
    assert!(sentence.contains("removed"), "{sentence}");
}
