//! `boathook config`: every setting, what it means, what holds and where that came from.

use crate::config::keys::Key;
use crate::config::shown::shown;
use crate::config::{Config, Layers, Origin};
use crate::failure::Failure;
use crate::print::{self, Ink, ink};
use clap::Args;
use serde::Serialize;
use toml::Value;

/// Shown by `--help`.
pub const EXAMPLES: &str = "\
Examples:
  boathook config                          everything
  boathook config --changed                what is not as it is by default
  boathook config --json                   for a script

A configuration that cannot be used is an error here as everywhere: exit code 2.";

/// What is to be shown.
#[derive(Debug, Args)]
pub struct Typed {
    /// Only what is not as it is by default
    #[arg(long)]
    changed: bool,
    /// Print a JSON array
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Told<'a> {
    key: &'a str,
    value: Value,
    default: &'a Value,
    meaning: &'a str,
    origin: &'static str,
    set_by: String,
    environment: &'a str,
    flag: String,
}

/// Shows what holds, if it can be used.
pub fn run(wish: &Typed, layers: &Layers) -> Result<(), Failure> {
    Config::read(layers)?;
    let wanted = layers.iter().filter(|(.., origin)| !wish.changed || **origin != Origin::Default);
    if wish.json {
        return print::json(&wanted.map(told).collect::<Vec<_>>());
    }
    wanted.map(told).try_for_each(|told| print_told(&told))
}

fn told<'a>((key, value, origin): (&'a Key, &Value, &Origin)) -> Told<'a> {
    Told {
        key: &key.name,
        value: shown(&key.name, value),
        default: &key.default,
        meaning: &key.meaning,
        origin: origin.kind(),
        set_by: origin.to_string(),
        environment: &key.variable,
        flag: format!("--{}", key.flag),
    }
}

fn print_told(told: &Told<'_>) -> Result<(), Failure> {
    let setting = format!("{} = {}", told.key, told.value);
    if told.origin == "default" {
        print::line(&ink(Ink::Bold, &setting))?;
    } else {
        let whence = format!("from {}, default {}", told.set_by, told.default);
        print::line(&format!("{}  {}", ink(Ink::Bold, &setting), ink(Ink::Yellow, &format!("({whence})"))))?;
    }
    print::line(&format!("    {}", told.meaning))?;
    print::line(&ink(Ink::Dim, &format!("    {}  {}", told.environment, told.flag)))
}
