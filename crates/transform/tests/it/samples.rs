//! Small pictures of many kinds, written by Pillow 13, pillow-heif or by hand.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use transform::probe::{self, Image};
use transform::sniff;

/// Every sample's name.
pub fn all() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

pub fn bytes(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

pub fn mime(name: &str, bytes: &[u8]) -> String {
    sniff::mime(&bytes[..bytes.len().min(64 * 1024)], name, &mut Cursor::new(bytes))
}

/// What a caller does: sniff, then probe as what it was found to be.
pub fn probe(name: &str, bytes: &[u8]) -> Option<Image> {
    probe::image(&mut Cursor::new(bytes), &mime(name, bytes))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")
}
