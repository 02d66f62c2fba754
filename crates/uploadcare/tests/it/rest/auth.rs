//! Who may ask: both schemes, the answers to those who may not, and HTTPS where Simple demands it.

use crate::scene::{Answer, JSON, Scene, V07};
use axum::body::Body;
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, header};
use md5::{Digest, Md5};
use sha1::Sha1;
use uploadcare::Settings;
use web::client_ip::{ForwardedBy, TrustedProxies};

/// Where a test's clock stands.
const NOW: &str = "Tue, 03 Mar 2026 10:20:00 GMT";
const INVALID: &str = "Invalid signature. Please check your Secret key.";

struct Asked<'a> {
    method: &'a str,
    target: &'a str,
    signed_target: &'a str,
    body: &'a str,
    date: &'a str,
    date_header: &'a str,
}

impl Default for Asked<'_> {
    fn default() -> Self {
        Self {
            method: "GET",
            target: "/project/",
            signed_target: "/project/",
            body: "",
            date: NOW,
            date_header: "Date",
        }
    }
}

impl Asked<'_> {
    async fn ask(&self, scene: &Scene) -> Answer {
        let mut mac = Hmac::<Sha1>::new_from_slice(scene.secret.as_bytes()).unwrap();
        let md5 = hex::encode(Md5::digest(self.body));
        mac.update(format!("{}\n{md5}\n{JSON}\n{}\n{}", self.method, self.date, self.signed_target).as_bytes());
        let signature = hex::encode(mac.finalize().into_bytes());
        let request = Request::builder()
            .method(self.method)
            .uri(self.target)
            .header(header::AUTHORIZATION, format!("Uploadcare {}:{signature}", scene.project.public_key))
            .header(header::CONTENT_TYPE, JSON)
            .header(self.date_header, self.date);
        scene.ask(request.body(Body::from(self.body.to_owned())).unwrap()).await
    }
}

async fn with_header(scene: &Scene, authorization: Option<&str>) -> Answer {
    let mut request = Request::builder().uri("/project/").header(header::ACCEPT, V07);
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    scene.ask(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn simple() {
    let scene = Scene::new().await;
    assert_eq!(with_header(&scene, Some(&scene.simple())).await.status, 200);
    let public_key = &scene.project.public_key;
    for refused in [None, Some("Bearer x"), Some("Uploadcare.Simple"), Some("Uploadcare.Simple nope")] {
        with_header(&scene, refused).await.expect_detail(401, "Incorrect authentication credentials.");
    }
    let wrong = format!("Uploadcare.Simple {public_key}:00000000000000000000");
    let answer = with_header(&scene, Some(&wrong)).await;
    answer.expect_detail(401, "Incorrect authentication credentials.");
    assert_eq!(answer.header("www-authenticate"), Some("Uploadcare"));
    let unknown = with_header(&scene, Some("Uploadcare.Simple demopublickey:demosecretkey")).await;
    unknown.expect_detail(401, "Public key demopublickey not found.");
}

#[tokio::test]
async fn any_active_secret_opens_and_a_revoked_one_does_not() {
    let scene = Scene::new().await;
    let platform = &scene.test.platform;
    let second = platform.create_key(&scene.project).await.unwrap();
    let with_second = format!("Uploadcare.Simple {}:{}", scene.project.public_key, second.secret.expose());
    assert_eq!(with_header(&scene, Some(&with_second)).await.status, 200);
    platform.revoke_key(&scene.project, second.number).await.unwrap();
    with_header(&scene, Some(&with_second)).await.expect_detail(401, "Incorrect authentication credentials.");
    assert_eq!(with_header(&scene, Some(&scene.simple())).await.status, 200);
    let first = platform.list_keys(&scene.project).await.unwrap()[0].number;
    platform.revoke_key(&scene.project, first).await.unwrap();
    with_header(&scene, Some(&scene.simple())).await.expect_detail(401, "Secret key not found.");
}

#[tokio::test]
async fn signed() {
    let scene = Scene::new().await;
    for accepted in [
        Asked::default(),
        Asked { date_header: "X-Uploadcare-Date", ..Asked::default() },
        Asked { date: "Tue, 03 Mar 2026, 10:20:00 GMT", ..Asked::default() },
        Asked { date: "Tue, 3 Mar 2026 10:05:00 +0000", ..Asked::default() },
        Asked { target: "//project", signed_target: "//project", ..Asked::default() },
        Asked { target: "/files/?limit=2&a=b%20c", signed_target: "/files/?limit=2&a=b+c", ..Asked::default() },
        Asked {
            method: "DELETE",
            target: "/files/storage/",
            signed_target: "/files/storage/",
            body: "[\"x\"]",
            ..Asked::default()
        },
    ] {
        let answer = accepted.ask(&scene).await;
        assert_eq!(answer.status, 200, "{} {}: {}", accepted.date, accepted.target, answer.body);
    }
    for refused in [
        Asked { date: "Tue, 03 Mar 2026 10:04:59 GMT", ..Asked::default() },
        Asked { date: "Tue, 03 Mar 2026 10:35:01 GMT", ..Asked::default() },
        Asked { date: "yesterday", ..Asked::default() },
        Asked { date_header: "X-Date", ..Asked::default() },
        Asked { target: "/project/?a=b", ..Asked::default() },
        Asked { target: "/project", ..Asked::default() },
    ] {
        refused.ask(&scene).await.expect_detail(401, INVALID);
    }
}

#[tokio::test]
async fn simple_over_http_may_be_refused() {
    let settings = Settings {
        refuses_simple_over_http: true,
        trusted_proxies: TrustedProxies::new(&["0.0.0.0"], ForwardedBy::XForwarded).unwrap(),
        ..Settings::default()
    };
    let scene = Scene::with(settings, platform::Settings::default()).await;
    let sentence = "Simple authentication over HTTP is forbidden. Please, use HTTPS or signed requests instead.";
    scene.get("/project/").await.expect_detail(400, sentence);
    let request = scene.rest(http::Method::GET, "/project/").header("X-Forwarded-Proto", "https");
    assert_eq!(scene.ask(request.body(Body::empty()).unwrap()).await.status, 200);
    assert_eq!(Asked::default().ask(&scene).await.status, 200);
}
