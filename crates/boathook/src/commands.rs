//! One file per command. A command prints its answer on stdout, for a script with `--json`; logs and failures go to stderr.

pub mod serve;

pub mod demo;

pub mod key;
pub mod project;

pub mod verify;

pub mod config;
pub mod doctor;

use crate::assemble::{self, Rooms};
use crate::config::Config;
use crate::failure::Failure;
use crate::telemetry::{self, Settings};
use platform::Platform;

/// The verbs for a command that works beside a server or without one; it takes no lock.
async fn verbs(config: &Config) -> Result<Platform, Failure> {
    quietly(config);
    let Rooms { platform, .. } = assemble::rooms(config, &[], &[]).await?;
    Ok(platform)
}

/// Logs only what needs a look: what the command prints is the answer.
fn quietly(config: &Config) {
    let filter = if config.log.filter == "info" { "warn" } else { &config.log.filter };
    telemetry::begin(&Settings { filter: filter.to_owned(), format: config.log.format });
}
