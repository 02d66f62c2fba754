//! The walks end to end: an upload that every webhook is told of, a stop that finishes what is under way, doors on ports of their own.

use crate::scene::{Folder, Http, Server};
use http::{Method, StatusCode};
use rustix::process::Signal;
use serde_json::json;
use store::Location;
use testkit::engines::TestDatabase;
use testkit::receiver::Receiver;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ALLOW: [&str; 2] = ["--egress-allow", "127.0.0.0/8"];

#[tokio::test]
async fn an_upload_through_one_wire_is_told_through_both() {
    let (folder, http, receiver) = (Folder::new(), Http::new(), Receiver::start().await);
    let server = Server::start(&folder, &ALLOW);
    let keys = folder.project("shop");
    let wish = json!({ "target_url": receiver.url("/one"), "event": "file.uploaded" });
    let made = http.call(Method::POST, &server.url("/webhooks/"), &keys, Some(wish)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.body);
    let wish = json!({ "webhook": { "target_url": receiver.url("/two"), "events": ["file.created", "file.deleted"] } });
    let webhooks = server.url(&format!("/api/v1/projects/{}/webhooks", keys.0));
    let made = http.call(Method::POST, &webhooks, &keys, Some(wish)).await;
    assert!(made.status.is_success(), "{:?}", made.body);

    let uuid = http.upload(&server.url("/base/"), &keys.0, "pier.txt", b"over the sea").await;
    let told = receiver.wait_for(2, |_| true).await;
    let one = told.iter().find(|it| it.path == "/one").unwrap().json();
    assert_eq!((&one["hook"]["event"], &one["data"]["uuid"]), (&"file.uploaded".into(), &uuid.as_str().into()));
    let two = told.iter().find(|it| it.path == "/two").unwrap().json();
    assert_eq!(two["data"]["attributes"]["event"], "file.created");
    assert_eq!(two["included"][0]["attributes"]["uuid"], uuid.as_str());

    let file = http.get(one["file"].as_str().unwrap(), &[]).await;
    assert_eq!((file.status, &file.body[..]), (StatusCode::OK, &b"over the sea"[..]));
    let removed = http.call(Method::DELETE, &server.url(&format!("/files/{uuid}/storage/")), &keys, None).await;
    assert_eq!(removed.status, StatusCode::OK, "{:?}", removed.body);
    let told = receiver.wait_for(1, |it| it.json()["data"]["attributes"]["event"] == "file.deleted").await;
    assert_eq!(told[0].path, "/two");
    assert_eq!(http.get(one["file"].as_str().unwrap(), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.stop().code(), Some(0));
}

#[tokio::test]
async fn it_says_that_it_is_ready() {
    let (folder, http) = (Folder::new(), Http::new());
    let server = Server::start(&folder, &[]);
    for path in ["/healthz", "/healthz/", "/up"] {
        assert_eq!(http.get(&server.url(path), &[]).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(http.get(&server.url("/"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn each_door_can_have_a_port_of_its_own() {
    let (folder, http) = (Folder::new(), Http::new());
    let any = "127.0.0.1:0";
    let flags =
        ["--listen-api", any, "--listen-upload", any, "--listen-cdn", any, "--cdn-base", "https://files.example.com/"];
    let server = Server::start(&folder, &flags);
    let address = |name: &str| format!("http://{}", server.ready[name].as_str().unwrap());
    let (api, upload, cdn) = (address("listen_api"), address("listen_upload"), address("listen_cdn"));
    let keys = folder.project("shop");
    let uuid = http.upload(&format!("{upload}/base/"), &keys.0, "pier.txt", b"over the sea").await;
    let file = http.call(Method::GET, &format!("{api}/files/{uuid}/"), &keys, None).await.json();
    assert_eq!(file["original_file_url"], format!("https://files.example.com/{uuid}/pier.txt"));
    assert_eq!(file["url"], format!("{api}/files/{uuid}/"));
    assert_eq!(http.get(&format!("{cdn}/{uuid}/"), &[]).await.status, StatusCode::OK);
    for (base, path) in [(&cdn, "/files/"), (&api, "/info/"), (&upload, &*format!("/{uuid}/"))] {
        assert_eq!(http.get(&format!("{base}{path}"), &[]).await.status, StatusCode::NOT_FOUND, "{base}{path}");
    }
    let elsewhere = http.get(&server.url("/files/"), &[]).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "the main listener has nothing left");
    assert_eq!(http.get(&server.url("/healthz"), &[]).await.status, StatusCode::OK);
}

/// Takes a request whole and leaves it unanswered; answers its `webhook-id` too.
async fn take(listener: &TcpListener) -> (TcpStream, String) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut text = String::new();
    let mut bytes = [0; 4096];
    loop {
        let count = stream.read(&mut bytes).await.unwrap();
        text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let header = |name: &str| {
            let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(name)).unwrap();
            line.split_once(':').unwrap().1.trim().to_owned()
        };
        if body.len() >= header("content-length").parse::<usize>().unwrap() {
            return (stream, header("webhook-id"));
        }
    }
}

async fn answer(mut stream: TcpStream) {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    stream.write_all(answer).await.unwrap();
}

#[tokio::test]
async fn a_stop_finishes_the_delivery_under_way_and_it_is_not_made_again() {
    let (folder, http) = (Folder::new(), Http::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::start(&folder, &ALLOW);
    let keys = folder.project("shop");
    let target = format!("http://{}/", listener.local_addr().unwrap());
    let wish = json!({ "target_url": target, "event": "file.uploaded" });
    http.call(Method::POST, &server.url("/webhooks/"), &keys, Some(wish)).await;
    http.upload(&server.url("/base/"), &keys.0, "one.txt", b"one").await;
    let (stream, first) = take(&listener).await;
    server.running.signal(Signal::TERM);
    server.running.wait_for(|line| line.contains("finishing what is under way"));
    answer(stream).await;
    assert_eq!(server.running.wait().code(), Some(0));

    let server = Server::start(&folder, &ALLOW);
    http.upload(&server.url("/base/"), &keys.0, "two.txt", b"two").await;
    let (stream, second) = take(&listener).await;
    answer(stream).await;
    assert_ne!(first, second, "the first was settled before the stop");
}

#[tokio::test]
async fn what_a_kill_left_undelivered_is_delivered_after_the_restart() {
    let (folder, http) = (Folder::new(), Http::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::start(&folder, &ALLOW);
    let keys = folder.project("shop");
    let target = format!("http://{}/", listener.local_addr().unwrap());
    let wish = json!({ "target_url": target, "event": "file.uploaded" });
    http.call(Method::POST, &server.url("/webhooks/"), &keys, Some(wish)).await;
    http.upload(&server.url("/base/"), &keys.0, "one.txt", b"one").await;
    let (_unanswered, first) = take(&listener).await;
    server.running.end(Signal::KILL);
    let _server = Server::start(&folder, &ALLOW);
    let (stream, again) = take(&listener).await;
    answer(stream).await;
    assert_eq!(first, again);
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let (folder, http) = (Folder::new(), Http::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::start(&folder, &ALLOW);
    let keys = folder.project("shop");
    let target = format!("http://{}/", listener.local_addr().unwrap());
    let wish = json!({ "target_url": target, "event": "file.uploaded" });
    http.call(Method::POST, &server.url("/webhooks/"), &keys, Some(wish)).await;
    http.upload(&server.url("/base/"), &keys.0, "one.txt", b"one").await;
    let _unanswered = take(&listener).await;
    server.running.signal(Signal::TERM);
    server.running.wait_for(|line| line.contains("finishing what is under way"));
    assert_eq!(server.running.end(Signal::TERM).code(), Some(143));
}

#[tokio::test]
async fn its_own_address_is_no_target_even_where_its_network_is_allowed() {
    let (folder, http) = (Folder::new(), Http::new());
    let server = Server::start(&folder, &ALLOW);
    let keys = folder.project("shop");
    let wish = json!({ "target_url": server.url("/webhooks/"), "event": "file.uploaded" });
    let refused = http.call(Method::POST, &server.url("/webhooks/"), &keys, Some(wish)).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{:?}", refused.body);
}

#[tokio::test]
async fn the_same_on_postgresql_which_one_server_serves_at_a_time() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let Location::Postgres(url) = database.location.clone() else { unreachable!("it is PostgreSQL") };
    let (folder, http, receiver) = (Folder::new(), Http::new(), Receiver::start().await);
    let on_it = ["--database-url", url.as_str()];
    let server = Server::start(&folder, &[&on_it[..], &ALLOW].concat());
    let made = folder.json(&[&["project", "create", "shop"][..], &on_it].concat());
    let text = |field: &str| made[field].as_str().unwrap().to_owned();
    let keys = (text("public_key"), text("secret_key"));
    let wish = json!({ "target_url": receiver.url("/"), "event": "file.uploaded" });
    let subscribed = http.call(Method::POST, &server.url("/webhooks/"), &keys, Some(wish)).await;
    assert_eq!(subscribed.status, StatusCode::CREATED, "{:?}", subscribed.body);
    let uuid = http.upload(&server.url("/base/"), &keys.0, "pier.txt", b"over the sea").await;
    assert_eq!(receiver.wait_for(1, |_| true).await[0].json()["data"]["uuid"], uuid.as_str());

    let elsewhere = Folder::new();
    let second = elsewhere.run(&[&["serve", "--listen", "127.0.0.1:0"][..], &on_it].concat());
    assert_eq!(second.code, 3, "{}", second.stderr);
    assert_eq!(http.get(&server.url("/healthz"), &[]).await.status, StatusCode::OK);
    database.remove().await;
    assert_eq!(http.get(&server.url("/healthz"), &[]).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(server.stop().code(), Some(0));
}

#[tokio::test]
async fn no_secret_is_ever_logged() {
    let (folder, http, receiver) = (Folder::new(), Http::new(), Receiver::start().await);
    let server = Server::start(&folder, &[&["--log-filter", "trace"][..], &ALLOW].concat());
    let keys = folder.project("shop");
    let wish =
        json!({ "target_url": receiver.url("/"), "event": "file.uploaded", "signing_secret": "made-up-secret-key" });
    http.call(Method::POST, &server.url("/webhooks/"), &keys, Some(wish)).await;
    let webhooks = server.url(&format!("/api/v1/projects/{}/webhooks", keys.0));
    http.call(Method::GET, &webhooks, &keys, None).await;
    http.upload(&server.url("/base/"), &keys.0, "pier.txt", b"over the sea").await;
    receiver.wait_for(1, |_| true).await;
    server.running.signal(Signal::TERM);
    let lines = server.running.rest();
    assert!(lines.iter().any(|line| line.contains("a request was answered")), "requests are told at this level");
    for secret in [keys.1.as_str(), "made-up-secret-key"] {
        let told: Vec<&String> = lines.iter().filter(|line| line.contains(secret)).collect();
        assert!(told.is_empty(), "{told:?}");
    }
}
