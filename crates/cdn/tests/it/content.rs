//! The bytes of an original, and the headers that come with them.

use crate::scene::{Scene, TEXT};
use http::Method;
use sha2::{Digest, Sha256};
use std::time::Duration;

const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
const HTML: &[u8] = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>";

#[tokio::test]
async fn the_bytes_and_their_headers() {
    let scene = Scene::new().await;
    let file = scene.upload("pier.txt", TEXT).await;
    scene.test.clock.advance(Duration::from_mins(1));
    let answer = scene.get(&format!("/{}/", file.id)).await;
    assert_eq!((answer.status, answer.body.as_slice()), (200, TEXT));
    let etag = format!("\"{}\"", hex::encode(Sha256::digest(TEXT)));
    for (name, value) in [
        ("content-type", "text/plain"),
        ("content-length", "36"),
        ("content-disposition", "inline; filename=\"pier.txt\""),
        ("etag", etag.as_str()),
        ("last-modified", "Tue, 03 Mar 2026 10:20:00 GMT"),
        ("cache-control", "public, max-age=3600"),
        ("accept-ranges", "bytes"),
        ("access-control-allow-origin", "*"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", ""),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn head_tells_the_same_without_the_bytes() {
    let scene = Scene::new().await;
    let file = scene.upload("pier.txt", TEXT).await;
    let path = format!("/{}/", file.id);
    let (get, head) = (scene.get(&path).await, scene.call(Method::HEAD, &path, &[]).await);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.headers, get.headers);
}

#[tokio::test]
async fn the_name_and_the_kind_are_the_paths() {
    let scene = Scene::new().await;
    let file = scene.upload("pier.txt", TEXT).await;
    for (rest, expected) in [
        ("", "inline; filename=\"pier.txt\""),
        ("/other.txt", "inline; filename=\"other.txt\""),
        ("/one/two", "inline; filename=\"two\""),
        ("/-/inline/no/", "attachment; filename=\"pier.txt\""),
        ("/-/inline/no/other.txt", "attachment; filename=\"other.txt\""),
        ("/%E2%84%96%201.txt", "inline; filename=\"_ 1.txt\"; filename*=UTF-8''%E2%84%96%201.txt"),
    ] {
        let answer = scene.get(&format!("/{}{rest}", file.id)).await;
        assert_eq!((answer.status, answer.body.as_slice()), (200, TEXT), "{rest}");
        assert_eq!(answer.header("content-disposition"), expected, "{rest}");
    }
}

#[tokio::test]
async fn what_could_run_script_is_put_in_a_sandbox_whatever_it_calls_itself() {
    let scene = Scene::new().await;
    for (name, declared, bytes, mime) in [
        ("a.html", "text/html", HTML, "text/html"),
        ("a.png", "image/png", HTML, "text/html"),
        ("a.svg", "image/svg+xml", SVG, "image/svg+xml"),
        ("a.txt", "text/plain", SVG, "image/svg+xml"),
        ("a.xml", "", b"<?xml version=\"1.0\"?><a/>", "text/xml"),
    ] {
        let file = scene.admit(name, declared, bytes, false).await;
        let answer = scene.get(&format!("/{}/", file.id)).await;
        assert_eq!(answer.header("content-type"), mime, "{name}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("sandbox; default-src 'none'"), "{name}: {policy}");
        assert!(!policy.contains("allow-scripts"));
    }
}

#[tokio::test]
async fn a_declared_type_counts_where_the_bytes_tell_nothing() {
    let scene = Scene::new().await;
    for (declared, expected) in [
        ("font/woff2", "font/woff2"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("", "application/octet-stream"),
    ] {
        let file = scene.admit("a.bin", declared, b"\x00\x01\x02\x03\xfe\xff\x00\x07", false).await;
        assert_eq!(scene.get(&format!("/{}/", file.id)).await.header("content-type"), expected);
    }
}

#[tokio::test]
async fn nothing_is_a_file_too() {
    let scene = Scene::new().await;
    let file = scene.upload("empty.txt", b"").await;
    let answer = scene.get(&format!("/{}/", file.id)).await;
    assert_eq!((answer.status, answer.body.len(), answer.header("content-length")), (200, 0, "0"));
}

#[tokio::test]
async fn many_bytes_come_as_they_went() {
    let scene = Scene::new().await;
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    let file = scene.upload("big.bin", &bytes).await;
    assert!(scene.get(&format!("/{}/", file.id)).await.body == bytes);
}
