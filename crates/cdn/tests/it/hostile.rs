//! Whatever is asked for, the door answers, never with a failure of ours, and nothing in the question gets into a header of the answer.

use crate::scene::{Answer, Scene, TEXT};
use http::{HeaderName, HeaderValue, Method, header};
use testkit::mischief::Mischief;

const CASES: usize = 700;

const METHODS: [&str; 6] = ["GET", "GET", "GET", "HEAD", "OPTIONS", "POST"];

const PATHS: [&str; 12] = [
    "/{file}/",
    "/{file}/",
    "/{file}/{}?{}",
    "/{file}/-/inline/no/{}",
    "/{file}/-/{}/{}/",
    "//{file}//{}/-/@{}",
    "/{other}/{}",
    "/cdn/f-{file}",
    "/cdn/f-{file}/{}/{}",
    "/cdn/f-{other}/{}",
    "/cdn/{}/{}",
    "/{}/{}",
];

/// What conditions and ranges look like when they are right.
const RIGHT: [(HeaderName, &str); 7] = [
    (header::RANGE, "bytes=3-9"),
    (header::RANGE, "bytes=-99"),
    (header::IF_RANGE, "\"tag\""),
    (header::IF_MATCH, "W/\"tag\", \"a,b\""),
    (header::IF_NONE_MATCH, "\"tag\""),
    (header::IF_MODIFIED_SINCE, "Tue, 03 Mar 2026 10:20:00 GMT"),
    (header::AUTHORIZATION, "Bearer fat-00000000-0000-4000-8000-000000000000"),
];

fn check(answer: &Answer, is_head: bool, head: &str) {
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{head}");
    assert_eq!(answer.header("x-injected"), "", "{head}");
    match answer.status {
        200 | 206 => assert!(is_head || TEXT.windows(answer.body.len()).any(|part| part == answer.body), "{head}"),
        302 => assert!(answer.header("location").starts_with("https://cdn.example.test/"), "{head}"),
        204 | 304 | 412 | 416 => assert!(answer.body.is_empty(), "{head}"),
        400 | 404 | 405 => assert!(is_head || answer.body.ends_with(b".\n"), "{head}"),
        other => panic!("{other} for {head}"),
    }
}

#[tokio::test]
async fn the_door_is_never_at_a_loss() {
    let scene = Scene::new().await;
    let (file, protected) = (scene.upload("pier.txt", TEXT).await, scene.admit("pier.txt", "", b"secret", true).await);
    let mut mischief = Mischief::new(4);
    for case in 0..CASES {
        let path = mischief.pick(&PATHS).replace("{file}", &file.id.to_string());
        let path = mischief.filled(&path.replace("{other}", &protected.id.to_string()));
        let method: Method = mischief.pick(&METHODS).parse().unwrap();
        let (name, right) = RIGHT[mischief.below(RIGHT.len())].clone();
        let spoiled = HeaderValue::try_from(mischief.spoiled(right.as_bytes()));
        let value = spoiled.unwrap_or_else(|_| mischief.header());
        let head = format!("case {case}: {method} {path} {name}: {value:?}");
        let is_head = method == Method::HEAD;
        check(&scene.call_with(method, &path, name, value).await, is_head, &head);
    }
}
