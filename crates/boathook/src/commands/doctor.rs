//! `boathook doctor`: looks for what is wrong and says what to do about it. It changes nothing.

mod database;
mod folder;
mod network;
mod system;

use super::quietly;
use crate::config::Config;
use crate::failure::Failure;
use crate::print::{self, Ink, ink};
use clap::Args;
use serde::Serialize;

/// Shown by `--help`.
pub const EXAMPLES: &str = "\
Examples:
  boathook doctor                          before the first start, or beside a running server
  boathook doctor --json                   for a script

Exit code 0: nothing is broken (warnings may be there), 1: something is.";

/// What can be asked of the doctor.
#[derive(Debug, Args)]
pub struct Typed {
    /// Print a JSON array
    #[arg(long)]
    json: bool,
}

/// What was found about one thing.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    state: State,
    found: String,
    remedy: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warn,
    Fail,
}

/// Looks at everything.
pub async fn run(wish: &Typed, config: &Config) -> Result<(), Failure> {
    quietly(config);
    let mut findings = vec![folder::data(config), folder::space(config)];
    findings.push(database::reachable(config).await);
    findings.push(system::clock());
    findings.push(system::environment(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok())));
    findings.extend(network::ports(config).await);
    findings.push(network::bases(config));
    findings.push(network::egress(config));
    print_findings(&findings, wish.json)?;
    let is_broken = findings.iter().any(|finding| finding.state == State::Fail);
    if is_broken { Err(Failure::No) } else { Ok(()) }
}

fn print_findings(findings: &[Finding], json: bool) -> Result<(), Failure> {
    if json {
        return print::json(&findings);
    }
    for finding in findings {
        let state = match finding.state {
            State::Ok => ink(Ink::Green, "ok  "),
            State::Warn => ink(Ink::Yellow, "warn"),
            State::Fail => ink(Ink::Red, "FAIL"),
        };
        print::line(&format!("{state}  {:<12}  {}", finding.check, finding.found))?;
        if let Some(remedy) = &finding.remedy {
            print::line(&format!("      {:<12}  {remedy}", ""))?;
        }
    }
    Ok(())
}

impl Finding {
    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, state: State::Ok, found: found.into(), remedy: None }
    }

    fn warn(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Warn, remedy: Some(remedy.into()), ..Self::ok(check, found) }
    }

    fn fail(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Fail, ..Self::warn(check, found, remedy) }
    }
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
