//! Where settings come from, which one wins, and what is said of wrong ones.

use crate::scene::Folder;
use serde_json::Value;
use std::fs;

const DEFAULT_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/config.default.toml");

/// One setting as `boathook config --json` tells it.
fn setting(folder: &Folder, words: &[&str], variables: &[(&str, &str)], name: &str) -> Value {
    let words = [&["config", "--json"], words].concat();
    let done = folder.run_with(&words, variables, b"");
    assert_eq!(done.code, 0, "{}", done.stderr);
    let all: Vec<Value> = serde_json::from_str(&done.stdout).unwrap();
    all.into_iter().find(|setting| setting["key"] == name).unwrap()
}

#[test]
fn flags_win_over_the_environment_over_the_file_over_defaults() {
    let folder = Folder::new();
    let listen = |words: &[&str], variables: &[(&str, &str)]| {
        let told = setting(&folder, words, variables, "listen");
        format!("{} {}", told["value"].as_str().unwrap(), told["set_by"].as_str().unwrap())
    };
    assert_eq!(listen(&[], &[]), "127.0.0.1:8080 default");
    fs::write(folder.path().join("boathook.toml"), "listen = \"127.0.0.1:1\"").unwrap();
    assert_eq!(listen(&[], &[]), "127.0.0.1:1 boathook.toml");
    fs::write(folder.path().join("other.toml"), "listen = \"127.0.0.1:2\"").unwrap();
    assert_eq!(listen(&[], &[("BOATHOOK_CONFIG", "other.toml")]), "127.0.0.1:2 other.toml");
    assert_eq!(listen(&["--config", "other.toml"], &[("BOATHOOK_CONFIG", "none.toml")]), "127.0.0.1:2 other.toml");
    let variable = ("BOATHOOK_LISTEN", "127.0.0.1:3");
    assert_eq!(listen(&[], &[variable]), "127.0.0.1:3 BOATHOOK_LISTEN");
    assert_eq!(listen(&["--listen", "127.0.0.1:4"], &[variable]), "127.0.0.1:4 --listen");
    assert_eq!(listen(&[], &[("BOATHOOK_LISTEN", "")]), "127.0.0.1:1 boathook.toml", "empty says nothing");
}

#[test]
fn the_default_file_is_a_configuration_and_every_key_of_it_is_told() {
    let folder = Folder::new();
    let file: toml::Table = fs::read_to_string(DEFAULT_FILE).unwrap().parse().unwrap();
    let done = folder.run(&["config", "--json", "--config", DEFAULT_FILE]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let told: Vec<Value> = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(told.len(), file.len());
    for setting in told {
        let name = setting["key"].as_str().unwrap();
        assert_eq!(setting["value"], serde_json::to_value(&file[name]).unwrap(), "{name}");
        assert_eq!(setting["value"], setting["default"], "{name}");
        assert_eq!(setting["origin"], "file", "{name}");
        assert!(!setting["meaning"].as_str().unwrap().is_empty(), "{name}");
    }
}

#[test]
fn every_setting_can_be_given_in_the_environment_and_as_a_flag() {
    let folder = Folder::new();
    let told = folder.json(&["config"]);
    for setting in told.as_array().unwrap() {
        let text = match &setting["default"] {
            Value::Array(_) => "10.0.0.0/8".to_owned(),
            Value::String(text) if text.is_empty() => continue,
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let (name, variable) = (setting["key"].as_str().unwrap(), setting["environment"].as_str().unwrap());
        let by_variable = self::setting(&folder, &[], &[(variable, &text)], name);
        assert_eq!(by_variable["origin"], "environment", "{name}");
        let by_flag = self::setting(&folder, &[setting["flag"].as_str().unwrap(), &text], &[], name);
        assert_eq!((&by_flag["origin"], &by_flag["value"]), (&Value::from("flag"), &by_variable["value"]), "{name}");
    }
}

#[track_caller]
fn refused(words: &[&str], variables: &[(&str, &str)], file: &str, expected: &str) {
    let folder = Folder::new();
    fs::write(folder.path().join("boathook.toml"), file).unwrap();
    let done = folder.run_with(&[&["config"], words].concat(), variables, b"");
    assert_eq!(done.code, 2, "{}", done.stderr);
    assert!(done.stderr.contains(expected), "{}", done.stderr);
}

#[test]
fn a_wrong_setting_is_named_with_where_it_was_set() {
    refused(&[], &[], "listne = \"x\"", "there is no setting \"listne\"; did you mean \"listen\"?");
    refused(&[], &[], "listen = 8080", "listen (from boathook.toml): it is a text");
    refused(&[], &[], "listen = ", "boathook.toml is not TOML");
    refused(&["--listen", "here"], &[], "", "listen (from --listen): it is an address and a port");
    refused(&[], &[("BOATHOOK_UPLOAD_BYTES_MAX", "many")], "", "upload_bytes_max (from BOATHOOK_UPLOAD_BYTES_MAX)");
    refused(
        &[],
        &[("BOATHOOK_EGRESS_ALLOW", "10.0.0.1/8")],
        "",
        "egress_allow (from BOATHOOK_EGRESS_ALLOW): \"10.0.0.1/8\"",
    );
    refused(&["--database-url", "mysql://x"], &[], "", "it is sqlite:PATH or postgres://");
    refused(&["--log-format", "xml"], &[], "", "log_format (from --log-format): it is one of text, json");
    refused(&["--cdn-base", "files.example.com"], &[], "", "cdn_base (from --cdn-base): it is an address like");
    refused(&["--config", "none.toml"], &[], "", "none.toml cannot be read");
}

#[test]
fn secrets_are_dots() {
    let folder = Folder::new();
    let url = ("BOATHOOK_DATABASE_URL", "postgres://ann:do-not-tell@db/files");
    for words in [&["config"][..], &["config", "--json"], &["config", "--changed"]] {
        let done = folder.run_with(words, &[url], b"");
        assert!(done.stdout.contains("postgres://ann:••••@db/files"), "{}", done.stdout);
        assert!(!done.stdout.contains("do-not-tell"));
    }
}
