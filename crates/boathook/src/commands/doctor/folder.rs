//! The data folder: can it be written to, is there room?

use super::Finding;
use crate::config::Config;
use std::fs;
use std::path::{Path, PathBuf};

const DATA: &str = "data folder";
const SPACE: &str = "disk space";

/// With less room than this, uploads are about to fail.
const FREE_BYTES_NEEDED: u64 = 64 * 1024 * 1024;
/// With less room than this, somebody should look soon.
const FREE_BYTES_WANTED: u64 = 1024 * 1024 * 1024;

/// Whether files can be made in it.
pub(super) fn data(config: &Config) -> Finding {
    let folder = &config.data_dir;
    let shown = folder.display();
    if !folder.exists() {
        let place = standing(folder);
        let remedy = format!("make {shown} and give it to this user, or name another with --data-dir");
        return match writable(&place) {
            Ok(()) => Finding::ok(DATA, format!("{shown} will be made at the first start")),
            Err(error) => {
                Finding::fail(DATA, format!("{shown} cannot be made in {}: {error}", place.display()), remedy)
            }
        };
    }
    match writable(folder) {
        Ok(()) => Finding::ok(DATA, format!("{shown} can be written to")),
        Err(error) => Finding::fail(
            DATA,
            format!("{shown} cannot be written to: {error}"),
            format!("give {shown} to the user that runs boathook, or name another with --data-dir"),
        ),
    }
}

/// Whether there is room in it.
pub(super) fn space(config: &Config) -> Finding {
    let place = standing(&config.data_dir);
    let free = match rustix::fs::statvfs(&place) {
        Ok(stat) => stat.f_bavail.saturating_mul(stat.f_frsize),
        Err(error) => {
            let found = format!("the room in {} is unknown: {error}", place.display());
            return Finding::warn(SPACE, found, "look with df");
        }
    };
    let found = format!("{} free in {}", megabytes(free), place.display());
    let remedy = "make room, or move the data folder to a larger disk (docs/operating.md)";
    match free {
        0..FREE_BYTES_NEEDED => Finding::fail(SPACE, found, remedy),
        FREE_BYTES_NEEDED..FREE_BYTES_WANTED => Finding::warn(SPACE, found, remedy),
        _ => Finding::ok(SPACE, found),
    }
}

/// The folder, or the nearest one above it that is there.
fn standing(folder: &Path) -> PathBuf {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let there = folder.ancestors().find(|ancestor| ancestor.exists());
    there.unwrap_or(Path::new("/")).to_owned()
}

/// Proves it with a file that is removed again.
fn writable(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".boathook-doctor-{}", std::process::id()));
    fs::File::options().write(true).create_new(true).open(&probe)?;
    fs::remove_file(probe)
}

fn megabytes(bytes: u64) -> String {
    format!("{} MiB", bytes / (1024 * 1024))
}
