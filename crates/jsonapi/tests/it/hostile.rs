//! Whatever is sent, the door answers, never with a failure of ours, and refuses in its own words (assertion 93).

use crate::scene::{Answer, FORM, JSON, MULTIPART, PNG, Scene, multipart, text};
use axum::body::Body;
use http::{Method, Request, header};
use serde_json::Value;
use testkit::mischief::Mischief;

const CASES: usize = 1000;

const METHODS: [&str; 10] = ["GET", "GET", "POST", "POST", "POST", "PUT", "PUT", "PATCH", "DELETE", "HEAD"];

const PATHS: [&str; 12] = [
    "/api/v1/projects/{key}/files.json",
    "/api/v1/projects/{key}/files.json",
    "/api/v1/projects/{key}/files?page={}&items={}&file[metadata][{}]={}",
    "/api/v1/projects/{key}/files/{file}.json",
    "/api/v1/projects/{key}/files/{file}/?{}",
    "/api/v1/projects/{key}/files/{}?file={}",
    "/api/v1/projects/{key}/webhooks.json?items={}",
    "/api/v1/projects/{key}/webhooks",
    "/api/v1/projects/{key}/webhooks/{webhook}?webhook[events][]={}",
    "/api/v1/projects/{key}/webhooks/{}",
    "/api/v1/projects/{}/files",
    "/api/v1/{}/{key}/{}/{file}/{}",
];

fn bodies() -> [(&'static str, Vec<u8>); 8] {
    let whole = multipart("pier.png", PNG, &[("file[metadata][album]", "sea"), ("file[original_protected]", "0")]);
    let webhook = br#"{"target_url": "https://a.example.test/", "events": ["file.created"], "is_active": true}"#;
    [
        (MULTIPART, whole.clone()),
        (MULTIPART, whole),
        (
            JSON,
            br#"{"file": {"metadata": {"a": "1"}, "expires_at": "2030-01-02T03:04:05Z", "original_protected": false}}"#
                .to_vec(),
        ),
        (JSON, br#"{"metadata": [{"key": "a", "value": "1"}], "expires_at": null}"#.to_vec()),
        (JSON, webhook.to_vec()),
        (
            FORM,
            b"webhook[target_url]=https://a.example.test/&webhook[events][]=file.updated&webhook[is_active]=off"
                .to_vec(),
        ),
        (FORM, b"file[metadata][][key]=a&file[metadata][][value]=1&file[expires_at]=2030-01-02".to_vec()),
        ("text/plain", Vec::new()),
    ]
}

fn check(answer: &Answer, head: &str) {
    assert!(answer.status < 500, "{head}");
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json; charset=utf-8", "{head}");
    if answer.text.is_empty() {
        return assert!(head.contains("HEAD"), "{head}");
    }
    let body = answer.json();
    if answer.status == 200 {
        return assert!(body["data"].is_object() || body["data"].is_array(), "{head}: {body}");
    }
    let is_sentence = |error: &Value| error.as_str().is_some_and(|sentence| !sentence.is_empty());
    let errors = body["errors"].as_array().unwrap();
    assert!(errors.iter().all(is_sentence) && errors.len() == 1, "{head}: {body}");
}

#[tokio::test]
async fn the_door_is_never_at_a_loss() {
    let scene = Scene::new().await;
    let (file, webhook) = (scene.upload(&[]).await, scene.webhook().await);
    let token = text(&file["authentication"]["access_token"]).to_owned();
    let bodies = bodies();
    let mut mischief = Mischief::new(3);
    for case in 0..CASES {
        let path = mischief.pick(&PATHS).replace("{key}", &scene.project.public_key);
        let path = path.replace("{file}", text(&file["id"])).replace("{webhook}", text(&webhook["id"]));
        let (content_type, body) = &bodies[mischief.below(bodies.len())];
        let mut request = Request::builder().uri(mischief.filled(&path)).header(header::CONTENT_TYPE, *content_type);
        request = request.method(mischief.pick(&METHODS).parse::<Method>().unwrap());
        request = match mischief.below(16) {
            0 => request,
            1 => request.header(header::AUTHORIZATION, mischief.header()),
            2 => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            _ => request.header(header::AUTHORIZATION, format!("Bearer {}", scene.key)),
        };
        let request = request.body(Body::from(mischief.spoiled(body))).unwrap();
        let head = format!("case {case}: {} {} {:?}", request.method(), request.uri(), request.headers());
        check(&scene.request(request).await, &head);
    }
    assert!(scene.log().await.len() > 4, "some of it was right");
}
