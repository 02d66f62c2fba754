//! Whatever is sent, both APIs answer, never with a failure of ours, and refuse in their own words.

use crate::scene::{Answer, FORM, Form, JSON, NOBODY, Scene, V07};
use axum::body::Body;
use http::{HeaderValue, Method, Request, header};
use serde_json::Value;
use testkit::mischief::Mischief;

const CASES: usize = 500;

const METHODS: [&str; 9] = ["GET", "GET", "POST", "PUT", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"];

const REST: [&str; 15] = [
    "/files/?limit={}&offset={}&from={}",
    "/files/?ordering=-size&to={}&removed={}&stored={}",
    "/files/{file}/?include={}",
    "/files/{}/",
    "/files/{file}/storage/",
    "/files/{}/storage//?{}={}",
    "/files/storage/",
    "/files/{file}/metadata/{}/",
    "/files/{}/metadata/{}/?{}",
    "/project/?{}",
    "/webhooks/",
    "/webhooks/1/",
    "/webhooks/{}/",
    "/webhooks/unsubscribe/?target_url={}&event={}",
    "/groups/{}/{}",
];

const UPLOAD: [&str; 6] = [
    "/base/?{}={}",
    "/base/?jsonerrors=1",
    "/base//",
    "/info/?pub_key={key}&file_id={}",
    "/info/?jsonerrors={}&file_id={file}&pub_key={}",
    "/{}/../info",
];

const TYPES: [&str; 8] = [
    JSON,
    JSON,
    FORM,
    FORM,
    Form::CONTENT_TYPE,
    "multipart/form-data",
    "text/plain; charset=\"",
    "application/json; charset=utf-16",
];

fn bodies(file: &str) -> [Vec<u8>; 7] {
    let form = Form::new().text("target_url", "https://a.example.test/").text("event", "file.stored");
    [
        br#"{"target_url":"https://a.example.test/","event":"file.uploaded","signing_secret":"s3cret","is_active":true,"version":"0.7"}"#.to_vec(),
        b"target_url=https%3A%2F%2Fa.example.test%2F&event=file.stored&is_active=1&signing_secret=x".to_vec(),
        form.end(),
        format!(r#"["{file}","{NOBODY}","nope"]"#).into_bytes(),
        br#""value \u00e9""#.to_vec(),
        br#"{"signing_secret":null}"#.to_vec(),
        Vec::new(),
    ]
}

/// A request that is right in parts.
fn request(mischief: &mut Mischief, target: &str, headers: &[(&'static str, String)], body: Vec<u8>) -> Request<Body> {
    let method = mischief.pick(&METHODS).parse::<Method>().unwrap();
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in headers {
        let spoiled = mischief.below(12) == 0;
        let value = if spoiled { mischief.header() } else { HeaderValue::try_from(value).unwrap() };
        request = request.header(*name, value);
    }
    request.body(body.into()).unwrap()
}

/// A refusal of the REST API: a sentence, or sentences for fields.
fn is_refusal(body: &Value) -> bool {
    body["detail"].is_string()
        || body.as_object().unwrap().values().all(|problems| problems.as_array().is_some_and(|list| !list.is_empty()))
}

fn check_rest(answer: &Answer, head: &str) {
    let status = answer.status.as_u16();
    assert!(status < 500, "{head}");
    assert!(answer.headers.contains_key("x-uploadcare-request-id"), "{head}");
    if status == 204 {
        return assert!(answer.body.is_empty(), "{head}");
    }
    let media_type = answer.header("content-type").unwrap();
    assert!(media_type.starts_with("application/vnd.uploadcare-v0."), "{head}: {media_type}");
    let is_told = answer.body.is_empty() || status < 400 || is_refusal(&answer.json());
    assert!(is_told, "{head}: {}", answer.body);
}

fn check_upload(answer: &Answer, head: &str) {
    let status = answer.status.as_u16();
    assert!(status < 500, "{head}");
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{head}");
    match answer.header("content-type") {
        Some("text/plain; charset=utf-8") => assert!(status >= 400, "{head}"),
        Some(JSON) if answer.body.is_empty() => {}
        Some(JSON) => {
            let code = &answer.json()["error"]["status_code"];
            assert!(status == 200 && (code.is_null() || (400..500).contains(&code.as_u64().unwrap())), "{head}");
        }
        other => assert_eq!((status, other), (204, None), "{head}"),
    }
}

#[tokio::test]
async fn the_rest_api_is_never_at_a_loss() {
    let scene = Scene::new().await;
    let file = scene.upload("pier.txt", b"pier").await.id.to_string();
    let bodies = bodies(&file);
    let (mut mischief, mut taken) = (Mischief::new(1), 0);
    for case in 0..CASES {
        let template = mischief.pick(&REST).replace("{file}", &file);
        let target = mischief.filled(&template);
        let body = bodies[mischief.below(bodies.len())].clone();
        let headers = [
            (header::AUTHORIZATION.as_str(), scene.simple()),
            (header::ACCEPT.as_str(), V07.replace('7', mischief.pick(&["7", "7", "7", "6", "5", "4"]))),
            (header::CONTENT_TYPE.as_str(), mischief.pick(&TYPES).to_owned()),
        ];
        let body = mischief.spoiled(&body);
        let request = request(&mut mischief, &target, &headers, body);
        let head = format!("case {case}: {} {target} {:?}", request.method(), request.headers());
        let answer = scene.ask(request).await;
        check_rest(&answer, &head);
        taken += usize::from(answer.status.is_success());
    }
    assert!(taken > CASES / 20, "{taken} of it were right");
}

#[tokio::test]
async fn nor_is_the_upload_api() {
    let scene = Scene::new().await;
    let (file, key) = (scene.upload("pier.txt", b"pier").await.id.to_string(), scene.project.public_key.clone());
    let form = || Form::new().text("UPLOADCARE_PUB_KEY", &key).text("metadata[album]", "sea");
    let right = form().text("UPLOADCARE_STORE", "auto").file("file", "pier.txt", "text/plain", b"pier").end();
    let mut mischief = Mischief::new(2);
    for case in 0..CASES {
        let template = mischief.pick(&UPLOAD).replace("{file}", &file).replace("{key}", &key);
        let target = mischief.filled(&template);
        let content_type = mischief.pick(&[Form::CONTENT_TYPE, Form::CONTENT_TYPE, Form::CONTENT_TYPE, FORM, JSON]);
        let headers = [(header::CONTENT_TYPE.as_str(), content_type.to_owned())];
        let body = mischief.spoiled(&right);
        let mut request = request(&mut mischief, &target, &headers, body);
        if target.starts_with("/base") {
            *request.method_mut() = Method::POST;
        }
        let head = format!("case {case}: {} {target} {:?}", request.method(), request.headers());
        let answer = scene.ask(request).await;
        // A word may lead out of the API, to where nobody answers.
        if answer.headers.contains_key("x-uploadcare-request-id") {
            check_upload(&answer, &head);
        } else {
            assert_eq!(answer.status, 404, "{head}");
        }
    }
    assert!(scene.events().await.len() > 10, "some of it was right");
}
