//! Rules that the code itself must keep: who may import whom, what files are called, how they begin. An invariant that is not a test is a
//! wish.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::fs;
use std::path::{Path, PathBuf};

/// Which rooms of ours a room may import (ARCHITECTURE.md, "Arrows"). Tools import none.
const ARROWS: [(&str, &[&str]); 14] = [
    ("pulse", &[]),
    ("egress", &[]),
    ("blobs", &[]),
    ("transform", &[]),
    ("domain", &[]),
    ("store", &["domain", "pulse"]),
    ("platform", &["domain", "store", "blobs", "egress", "transform", "pulse"]),
    ("delivery", &["domain", "store", "egress", "pulse"]),
    ("web", &["domain"]),
    ("uploadcare", &["domain", "platform", "delivery", "web"]),
    ("jsonapi", &["domain", "platform", "delivery", "web"]),
    ("cdn", &["domain", "platform", "blobs", "transform", "web"]),
    (
        "boathook",
        &[
            "pulse",
            "egress",
            "blobs",
            "transform",
            "domain",
            "store",
            "platform",
            "delivery",
            "web",
            "uploadcare",
            "jsonapi",
            "cdn",
        ],
    ),
    (
        "testkit",
        &[
            "pulse",
            "egress",
            "blobs",
            "transform",
            "domain",
            "store",
            "platform",
            "delivery",
            "web",
            "uploadcare",
            "jsonapi",
            "cdn",
        ],
    ),
];

/// What only one room may import, however useful it is elsewhere.
const ALONE: [(&str, &[&str]); 6] = [
    ("rusqlite", &["store"]),
    ("postgres", &["store", "testkit"]),
    ("rustls", &["egress", "store"]),
    ("clap", &["boathook"]),
    ("tracing-subscriber", &["boathook"]),
    ("multer", &["web"]),
];

/// Names under which anything could be found, and nothing is.
const NAMELESS: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "mod"];

fn workspace() -> Metadata {
    MetadataCommand::new().no_deps().other_options(["--offline".to_owned()]).exec().unwrap()
}

fn imports(package: &Package) -> impl Iterator<Item = &str> {
    let normal = package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
    normal.map(|dependency| dependency.name.as_str())
}

/// Every Rust file of every room.
fn files() -> Vec<PathBuf> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (mut folders, mut files) = (vec![crates.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    assert!(files.len() > 100, "the rooms are where they are expected");
    files
}

#[test]
fn arrows_point_where_the_map_says() {
    let workspace = workspace();
    let rooms: Vec<&str> = ARROWS.iter().map(|(room, _)| *room).collect();
    for package in &workspace.packages {
        let name = package.name.as_str();
        let (_, may) =
            ARROWS.iter().find(|(room, _)| *room == name).unwrap_or_else(|| panic!("{name} is not on the map"));
        let stray: Vec<&str> =
            imports(package).filter(|import| rooms.contains(import) && !may.contains(import)).collect();
        assert!(stray.is_empty(), "{name} may not import {stray:?}");
    }
    assert_eq!(workspace.packages.len(), ARROWS.len());
}

#[test]
fn some_crates_belong_to_one_room() {
    for package in &workspace().packages {
        for (outside, rooms) in ALONE {
            let uses = imports(package).any(|import| import == outside);
            assert!(!uses || rooms.contains(&package.name.as_str()), "{} may not import {outside}", package.name);
        }
    }
}

#[test]
fn the_domain_serialises_nothing_and_waits_for_nothing() {
    let workspace = workspace();
    let domain = workspace.packages.iter().find(|package| package.name.as_str() == "domain").unwrap();
    let stray: Vec<&str> = imports(domain).filter(|import| !["thiserror"].contains(import)).collect();
    assert!(stray.is_empty(), "{stray:?}");
}

#[test]
fn only_the_engine_names_an_engine() {
    let names_one = |line: &str| {
        line.contains("rusqlite::")
            || line.contains("tokio_postgres::")
            || line.trim_start().starts_with("use postgres::")
    };
    for file in files() {
        let text = file.to_string_lossy();
        if text.contains("/store/src/") && !text.contains("/store/src/engine") {
            let found = fs::read_to_string(&file).unwrap().lines().find(|line| names_one(line)).map(str::to_owned);
            assert_eq!(found, None, "{text}");
        }
    }
}

#[test]
fn every_file_has_a_name_and_begins_with_what_it_is() {
    for file in files() {
        let shown = file.display();
        let stem = file.file_stem().unwrap().to_string_lossy();
        assert!(!NAMELESS.contains(&&*stem), "{shown}: a noun not yet found");
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//! "), "{shown} does not say what it is");
    }
}
