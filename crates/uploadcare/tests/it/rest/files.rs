//! `GET /files/`.

use crate::scene::Scene;
use domain::id::FileId;
use serde_json::{Value, json};
use std::time::Duration;

/// Files a second apart, the first at 10:20:00, named and sized by their number from 1.
async fn files(scene: &Scene, count: usize) -> Vec<FileId> {
    let mut ids = Vec::new();
    for number in 1..=count {
        ids.push(scene.upload(&format!("{number}.txt"), &vec![b'x'; number]).await.id);
        scene.test.clock.advance(Duration::from_secs(1));
    }
    ids
}

fn names(answer: &Value) -> Vec<&str> {
    let results = answer["results"].as_array().unwrap();
    results.iter().map(|file| file["original_filename"].as_str().unwrap().trim_end_matches(".txt")).collect()
}

/// Follows a link as clients do: by its path and query.
fn target(link: &Value) -> &str {
    link.as_str().unwrap().strip_prefix("http://127.0.0.1:8080").unwrap()
}

#[tokio::test]
async fn an_empty_project() {
    let scene = Scene::new().await;
    scene.get("/files/").await.expect(
        200,
        r#"{"next":null,"previous":null,"total":0,"totals":{"removed":0,"stored":0,"unstored":0},"per_page":100,"results":[]}"#,
    );
    let answer = scene.get_in("0.6", "/files/?limit=7").await;
    assert_eq!(answer.body, r#"{"next":null,"previous":null,"total":0,"per_page":7,"results":[]}"#);
}

#[tokio::test]
async fn pages_there_and_back() {
    let scene = Scene::new().await;
    files(&scene, 5).await;
    let first = scene.get("/files/?limit=2").await.json();
    assert_eq!((names(&first), &first["previous"]), (vec!["1", "2"], &Value::Null));
    assert_eq!(
        first["next"],
        "http://127.0.0.1:8080/files/?limit=2&from=2026-03-03T10%3A20%3A01.000000%2B00%3A00&offset=0"
    );
    let second = scene.get(target(&first["next"])).await.json();
    assert_eq!(names(&second), ["3", "4"]);
    assert_eq!(
        second["next"],
        "http://127.0.0.1:8080/files/?limit=2&from=2026-03-03T10%3A20%3A03.000000%2B00%3A00&offset=0"
    );
    assert_eq!(
        second["previous"],
        "http://127.0.0.1:8080/files/?limit=2&offset=0&to=2026-03-03T10%3A20%3A02.000000%2B00%3A00"
    );
    let third = scene.get(target(&second["next"])).await.json();
    assert_eq!((names(&third), &third["next"]), (vec!["5"], &Value::Null));
    let back = scene.get(target(&third["previous"])).await.json();
    assert_eq!(names(&back), ["3", "4"]);
    let start = scene.get(target(&back["previous"])).await.json();
    assert_eq!((names(&start), &start["previous"]), (vec!["1", "2"], &Value::Null));
    assert_eq!(names(&scene.get(target(&start["next"])).await.json()), ["3", "4"]);
}

#[tokio::test]
async fn descending_pages() {
    let scene = Scene::new().await;
    files(&scene, 3).await;
    let first = scene.get("/files/?ordering=-datetime_uploaded&limit=2").await.json();
    assert_eq!(names(&first), ["3", "2"]);
    let second = scene.get(target(&first["next"])).await.json();
    assert_eq!((names(&second), &second["next"]), (vec!["1"], &Value::Null));
    assert_eq!(names(&scene.get(target(&second["previous"])).await.json()), ["3", "2"]);
}

#[tokio::test]
async fn files_of_one_instant_are_all_met() {
    let scene = Scene::new().await;
    for number in 1..=5 {
        scene.upload(&format!("{number}.txt"), b"x").await;
    }
    let (mut met, mut next) = (Vec::new(), json!("http://127.0.0.1:8080/files/?limit=2"));
    while next.is_string() {
        let page = scene.get(target(&next)).await.json();
        met.extend(names(&page).into_iter().map(str::to_owned));
        next = page["next"].clone();
    }
    met.sort();
    assert_eq!(met, ["1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn the_callers_own_beginning_is_exclusive() {
    let scene = Scene::new().await;
    files(&scene, 3).await;
    for from in ["2026-03-03T10:20:00Z", "2026-03-03T10:20:00.000000+00:00", "2026-03-03T10%3A20%3A00"] {
        let page = scene.get(&format!("/files/?from={from}")).await.json();
        assert_eq!(names(&page), ["2", "3"], "{from}");
        assert!(page["previous"].is_string());
    }
    let answer = scene.get("/files/?from=yesterday").await;
    answer.expect_detail(400, "Invalid value of the `from` parameter.");
}

#[tokio::test]
async fn filters_and_totals() {
    let scene = Scene::new().await;
    let ids = files(&scene, 4).await;
    scene.put(&format!("/files/{}/storage/", ids[1])).await;
    scene.put(&format!("/files/{}/storage/", ids[2])).await;
    scene.delete(&format!("/files/{}/storage/", ids[3])).await;
    for (query, expected, total) in [
        ("", vec!["1", "2", "3"], 3),
        ("removed=0&stored=True", vec!["2", "3"], 2),
        ("stored=false", vec!["1"], 1),
        ("removed=true", vec!["4"], 1),
        ("removed=1&stored=1", vec![], 0),
    ] {
        let page = scene.get(&format!("/files/?{query}")).await.json();
        assert_eq!((names(&page), &page["total"]), (expected, &json!(total)), "{query}");
        assert_eq!(page["totals"], json!({"removed": 1, "stored": 2, "unstored": 1}));
    }
}

#[tokio::test]
async fn links_keep_the_callers_own_words() {
    let scene = Scene::new().await;
    files(&scene, 2).await;
    let page = scene.get("/files/?limit=1&ordering=datetime_uploaded&removed=0&include=appdata").await.json();
    assert_eq!(
        page["next"],
        "http://127.0.0.1:8080/files/?limit=1&ordering=datetime_uploaded&removed=0&include=appdata&from=2026-03-03T10%3A20%3A00.000000%2B00%3A00&offset=0"
    );
    assert_eq!(page["results"][0]["appdata"], json!({}));
}

#[tokio::test]
async fn by_size_before_0_7() {
    let scene = Scene::new().await;
    files(&scene, 3).await;
    let page = scene.get_in("0.6", "/files/?ordering=-size&limit=2").await.json();
    assert_eq!(names(&page), ["3", "2"]);
    assert_eq!(page["next"], "http://127.0.0.1:8080/files/?ordering=-size&limit=2&from=2&offset=0");
    assert_eq!(names(&scene.get_in("0.6", target(&page["next"])).await.json()), ["1"]);
}

#[tokio::test]
async fn limits_are_clamped() {
    let scene = Scene::new().await;
    files(&scene, 2).await;
    for (limit, per_page) in [("0", 1), ("-5", 1), ("10000", 1000), ("many", 100)] {
        let page = scene.get(&format!("/files/?limit={limit}")).await.json();
        assert_eq!(page["per_page"], per_page, "{limit}");
    }
}
