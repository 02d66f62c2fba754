//! What can be typed. Every setting of the catalogue is a flag of every command as well.

use crate::commands::{config, demo, doctor, key, project, serve, verify};
use crate::config::keys::{self, Key};
use clap::builder::ValueParser;
use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::path::PathBuf;

/// The settings that `--help` shows; the others are flags too, and `boathook config` lists them.
const SHOWN: [&str; 4] = ["data_dir", "listen", "database_url", "egress_allow"];

const EXAMPLES: &str = "\
First steps:
  boathook demo                            see everything work, on this machine, in a minute
  boathook serve                           run the server; data goes to ./boathook-data
  boathook project create shop             make a project: prints its public and secret key
  boathook doctor                          what is wrong, and what to do about it

Settings come from a file, the environment and flags, and flags win:
  boathook serve --listen 0.0.0.0:8080 --cdn-base https://files.example.com
  BOATHOOK_DATABASE_URL=postgres://me@db/boathook boathook serve
  boathook config                          every setting, what it means, what holds and why

Every setting of `boathook config` is also a flag of every command, and a BOATHOOK_ variable.

Exit codes: 0 done, 1 failed or no, 2 wrong usage or configuration, 3 another server has the data,
4 the database is unavailable, 5 an address cannot be listened on, 130 or 143 a second signal.";

/// Self-hosted file platform: apps upload files to it, every change becomes a durable event, and signed webhooks tell it.
///
/// It speaks Uploadcare's APIs, so their clients work with it, and a JSON:API of its own (uc v1) over the same files.
#[derive(Debug, Parser)]
#[command(name = "boathook", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Typed {
    /// The TOML file to read settings from.
    #[arg(
        long,
        help = "Read settings from this TOML file, else from BOATHOOK_CONFIG, else from ./boathook.toml",
        global = true,
        value_name = "PATH",
        help_heading = "Settings"
    )]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub wish: Wish,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Wish {
    /// Run the server until it is told to stop
    #[command(after_help = serve::EXAMPLES)]
    Serve,
    /// Show everything work: a server, a project, two webhooks, an upload, and its deliveries as they arrive
    #[command(after_help = demo::EXAMPLES)]
    Demo(demo::Typed),
    /// Make and show projects
    #[command(subcommand, after_help = project::EXAMPLES)]
    Project(project::Typed),
    /// Make, list and revoke secret keys of a project
    #[command(subcommand, after_help = key::EXAMPLES)]
    Key(key::Typed),
    /// Say whether a delivery's signature is valid, and if not, why
    #[command(after_help = verify::EXAMPLES)]
    Verify(verify::Typed),
    /// Show every setting: its default, its meaning, what holds and where that came from
    #[command(after_help = config::EXAMPLES)]
    Config(config::Typed),
    /// Look for what is wrong, and say what to do about it
    #[command(after_help = doctor::EXAMPLES)]
    Doctor(doctor::Typed),
}

/// A setting given as a flag, with the text given.
pub type Flag = (&'static Key, String);

/// Reads the command line; on wrong usage, and for help and version, this ends the process as is the custom.
pub fn read() -> (Typed, Vec<Flag>) {
    let matches = command().get_matches();
    let typed = Typed::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    (typed, flags(&matches))
}

/// The commands with a flag for each setting.
fn command() -> Command {
    Typed::command().args(keys::all().iter().map(flag))
}

fn flag(key: &'static Key) -> Arg {
    Arg::new(key.name.as_str())
        .long(key.flag.as_str())
        .value_name("VALUE")
        .value_parser(ValueParser::string())
        .allow_hyphen_values(true)
        .global(true)
        .hide(!SHOWN.contains(&key.name.as_str()))
        .help_heading("Settings")
        .help(first_words(&key.meaning))
}

/// The meaning up to where it goes into details.
fn first_words(meaning: &str) -> &str {
    meaning.split(". ").next().unwrap_or(meaning).split(';').next().unwrap_or(meaning).trim_end_matches('.')
}

/// The settings that were given as flags.
fn flags(matches: &ArgMatches) -> Vec<Flag> {
    let given = |key: &'static Key| Some((key, matches.get_one::<String>(&key.name)?.clone()));
    keys::all().iter().filter_map(given).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn settings_may_stand_before_and_after_the_command() {
        for line in
            [["boathook", "--data-dir", "/x", "project", "list"], ["boathook", "project", "list", "--data-dir", "/x"]]
        {
            let matches = command().try_get_matches_from(line).unwrap();
            let flags = flags(&matches);
            assert_eq!((flags.len(), flags[0].0.name.as_str(), flags[0].1.as_str()), (1, "data_dir", "/x"));
        }
    }
}
