//! Commands as scripts use them: what they print, what they end with, and that they work beside a running server.

use crate::scene::{Folder, Http, Server};
use http::{Method, StatusCode};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Over `{"a":1}` with the secret `made-up-secret-key`; computed with another implementation.
const HEX: &str = "525da75bbd9c2ce7b80db6efc36f68dcba061774b6c50a7f3c407ba76a2cea62";
const STANDARD: &str = "v1,1CH06klSA62XR4fTUKO/B6V+rfS4BZ7TGodFcOPeLmA=";

fn is_key(value: &Value) -> bool {
    let is_hex = |text: &str| text.len() == 20 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    value.as_str().is_some_and(is_hex)
}

#[test]
fn a_project_is_made_on_a_stopped_data_folder() {
    let folder = Folder::new();
    let made = folder.json(&["project", "create", "shop"]);
    assert!(is_key(&made["public_key"]) && is_key(&made["secret_key"]), "{made}");
    assert_eq!(
        (&made["project_id"], &made["number"], &made["name"]),
        (&made["public_key"], &Value::from(1), &"shop".into())
    );
    folder.project("other");
    let names: Vec<Value> =
        folder.json(&["project", "list"]).as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, ["shop", "other"]);
    let shown = folder.json(&["project", "show", "1"]);
    assert_eq!((&shown["public_key"], &shown["stores_files_by_default"]), (&made["public_key"], &Value::from(true)));
    assert!(!shown.to_string().contains(made["secret_key"].as_str().unwrap()), "{shown}");
}

#[test]
fn keys_are_made_listed_and_revoked() {
    let folder = Folder::new();
    let (_, first) = folder.project("shop");
    let made = folder.json(&["key", "create", "shop"]);
    assert!(is_key(&made["secret_key"]));
    let list = folder.json(&["key", "list", "shop"]);
    assert_eq!(list[0]["secret_key"], format!("••••{}", &first[16..]));
    assert_eq!(folder.json(&["key", "list", "shop", "--reveal"])[0]["secret_key"], first.as_str());
    let number = list[0]["number"].to_string();
    assert_eq!(folder.json(&["key", "revoke", "shop", &number])["revoked"], true);
    assert!(folder.json(&["key", "list", "shop"])[0]["revoked_at"].is_string());
    let again = folder.run(&["key", "revoke", "shop", &number]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("there is no such key"), "{}", again.stderr);
    assert!(folder.run(&["project", "show", "none"]).stderr.contains("there is no such project"));
}

#[test]
fn what_new_projects_do_is_a_setting() {
    let folder = Folder::new();
    let flags = ["--new-projects-autostore", "false", "--new-projects-open-creation", "false"];
    folder.json(&[&["project", "create", "closed"][..], &flags].concat());
    let shown = folder.json(&["project", "show", "closed"]);
    assert_eq!((&shown["stores_files_by_default"], &shown["may_create_without_token"]), (&false.into(), &false.into()));
}

#[tokio::test]
async fn a_key_made_or_revoked_beside_a_running_server_is_noticed_within_two_seconds() {
    let (folder, http) = (Folder::new(), Http::new());
    let server = Server::start(&folder, &[]);
    let (public, first) = folder.project("shop");
    let url = server.url("/project/");
    let status =
        async |secret: &str| http.call(Method::GET, &url, &(public.clone(), secret.to_owned()), None).await.status;
    assert_eq!(status(&first).await, StatusCode::OK, "a new project is there at once");
    let second = folder.json(&["key", "create", "shop"])["secret_key"].as_str().unwrap().to_owned();
    let until = async |secret: &str, wanted: StatusCode| {
        let deadline = Instant::now() + Duration::from_secs(2);
        let mut last = status(secret).await;
        while last != wanted && Instant::now() < deadline {
            last = status(secret).await;
        }
        last
    };
    assert_eq!(until(&second, StatusCode::OK).await, StatusCode::OK);
    folder.json(&["key", "revoke", "shop", "1"]);
    assert_eq!(until(&first, StatusCode::UNAUTHORIZED).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&second).await, StatusCode::OK);
}

#[track_caller]
fn verify(words: &[&str], body: &[u8], code: i32, expected: &str) {
    let words = [&["verify", "--secret", "made-up-secret-key"], words].concat();
    let done = Folder::new().run_with(&words, &[], body);
    assert_eq!(done.code, code, "{}{}", done.stdout, done.stderr);
    assert!(done.stdout.contains(expected), "{}", done.stdout);
}

#[test]
fn verify_says_valid_or_why_not() {
    let body = br#"{"a":1}"#;
    verify(&["--signature", HEX], body, 0, "valid: X-Uc-Signature");
    verify(&["--signature", &format!("v1={HEX}")], body, 0, "valid: X-Uc-Signature");
    let envelope = ["--signature", STANDARD, "--id", "msg_1", "--timestamp", "1893456000"];
    verify(&envelope, body, 0, "valid: Standard Webhooks");
    verify(&envelope, body, 0, "receivers refuse it after 5");
    verify(&["--signature", HEX], b"{\"a\":2}", 1, "not valid: the signature does not fit");
    verify(&["--signature", HEX], b"{\"a\":1}\n", 1, "without the line break");
    verify(&["--signature", STANDARD], body, 1, "give both with --id and --timestamp");
    verify(&["--signature", HEX, "--json"], body, 0, "\"valid\": true");
    verify(&["--signature", "nonsense", "--json"], body, 1, "\"valid\": false");
}

/// The state of each check, by its name.
fn states(folder: &Folder, flags: &[&str], code: i32) -> Vec<(String, String)> {
    let done = folder.run(&[&["doctor", "--json"], flags].concat());
    assert_eq!(done.code, code, "{}{}", done.stdout, done.stderr);
    let told: Vec<Value> = serde_json::from_str(&done.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for finding in told.iter().filter(|finding| finding["state"] != "ok") {
        assert!(finding["remedy"].is_string(), "{finding}");
    }
    told.iter().map(|finding| (text(&finding["check"]), text(&finding["state"]))).collect()
}

fn state_of<'a>(states: &'a [(String, String)], check: &str) -> &'a str {
    &states.iter().find(|(name, _)| name == check).unwrap().1
}

#[test]
fn doctor_finds_a_fresh_machine_well_and_touches_nothing() {
    let folder = Folder::new();
    let found = states(&folder, &["--listen", "127.0.0.1:0"], 0);
    for check in ["data folder", "disk space", "database", "clock", "environment", "port", "addresses", "egress"] {
        assert_eq!(state_of(&found, check), "ok", "{check}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn doctor_knows_a_boathook_on_the_port_from_a_stranger() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    let ours = server.address.to_string();
    let found = states(&folder, &["--listen", &ours], 0);
    assert_eq!((state_of(&found, "port"), state_of(&found, "database")), ("ok", "ok"));
    let stranger = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    std::thread::spawn({
        let stranger = stranger.try_clone().unwrap();
        move || stranger.incoming().for_each(drop)
    });
    let theirs = stranger.local_addr().unwrap().to_string();
    assert_eq!(state_of(&states(&folder, &["--listen", &theirs], 1), "port"), "fail");
}

#[test]
fn doctor_tells_what_is_broken() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let flags = ["--listen", "127.0.0.1:0", "--data-dir", "file", "--egress-allow", "0.0.0.0/0"];
    let found = states(&folder, &flags, 1);
    assert_eq!((state_of(&found, "data folder"), state_of(&found, "egress")), ("fail", "warn"));
    let found = states(&folder, &["--listen", "0.0.0.0:0", "--database-url", "postgres://ann:secret@127.0.0.1:1/x"], 1);
    assert_eq!((state_of(&found, "database"), state_of(&found, "addresses")), ("fail", "warn"));
}

#[test]
fn each_end_has_its_code() {
    let folder = Folder::new();
    let code = |words: &[&str]| {
        let done = folder.run(words);
        (done.code, done.stderr)
    };
    assert_eq!(code(&["--version"]).0, 0);
    assert_eq!(code(&[]).0, 2);
    assert_eq!(code(&["serve", "--no-such-flag"]).0, 2);
    let server = Server::start(&folder, &[]);
    let (locked, said) = code(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(locked, 3, "{said}");
    assert!(said.contains(&format!("process {}", server.running.id())), "{said}");
    let (taken, said) = code(&["serve", "--data-dir", "other", "--listen", &server.address.to_string()]);
    assert_eq!(taken, 5, "{said}");
    let (unavailable, said) = code(&["project", "list", "--database-url", "postgres://ann:secret@127.0.0.1:1/x"]);
    assert_eq!(unavailable, 4, "{said}");
    assert!(!said.contains("secret"), "{said}");
}
