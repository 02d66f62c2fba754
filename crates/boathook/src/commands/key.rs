//! `boathook key`: make, list and revoke secret keys. A running server notices within `key_cache_seconds`.

use super::verbs;
use crate::config::Config;
use crate::config::shown::DOTS;
use crate::failure::Failure;
use crate::print;
use clap::Subcommand;
use domain::project::SecretKey;
use serde::Serialize;

/// Shown by `--help`.
pub const EXAMPLES: &str = "\
Examples:
  boathook key create shop                 one more secret key; the others go on working
  boathook key list shop                   their numbers and last characters
  boathook key revoke shop 1               key number 1 opens nothing any more

To change a key without a gap: create one, hand it out, revoke the old one.";

/// How much of a secret key is shown unless all of it is asked for.
const CHARS_SHOWN: usize = 4;

/// What can be asked of keys.
#[derive(Debug, Subcommand)]
pub enum Typed {
    /// Make one more secret key
    Create {
        /// The project's name, number or public key
        project: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Revoke a secret key: from then on it opens nothing
    Revoke {
        /// The project's name, number or public key
        project: String,
        /// The key's number, as `key list` shows it
        number: i64,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// List a project's secret keys, revoked ones too
    List {
        /// The project's name, number or public key
        project: String,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
        /// Print keys in full
        #[arg(long)]
        reveal: bool,
    },
}

/// A key as scripts read it.
#[derive(Serialize)]
pub struct Told {
    number: i64,
    secret_key: String,
    created_at: String,
    revoked_at: Option<String>,
}

#[derive(Serialize)]
struct OfProject<'a, T> {
    project_id: &'a str,
    #[serde(flatten)]
    told: T,
}

#[derive(Serialize)]
struct Revoked {
    number: i64,
    revoked: bool,
}

/// Does what was asked.
pub async fn run(wish: Typed, config: &Config) -> Result<(), Failure> {
    let platform = verbs(config).await?;
    match wish {
        Typed::Create { project, json } => {
            let project = platform.find_project(&project).await?;
            let key = platform.create_key(&project).await?;
            if json {
                let told = Told::of(&key, true);
                return print::json(&OfProject { project_id: &project.public_key, told });
            }
            print::line(&format!("secret key {} of {}: {}", key.number, project.name, key.secret.expose()))
        }
        Typed::Revoke { project, number, json } => {
            let project = platform.find_project(&project).await?;
            platform.revoke_key(&project, number).await?;
            if json {
                let told = Revoked { number, revoked: true };
                return print::json(&OfProject { project_id: &project.public_key, told });
            }
            print::line(&format!("secret key {number} of {} opens nothing any more", project.name))
        }
        Typed::List { project, json, reveal } => {
            let project = platform.find_project(&project).await?;
            let keys = platform.list_keys(&project).await?;
            if json {
                return print::json(&keys.iter().map(|key| Told::of(key, reveal)).collect::<Vec<_>>());
            }
            print_keys(&keys, reveal)
        }
    }
}

/// Prints keys in columns.
pub fn print_keys(keys: &[SecretKey], reveal: bool) -> Result<(), Failure> {
    let row = |key: &SecretKey| {
        let revoked = key.revoked_at.map_or_else(|| "active".to_owned(), |at| format!("revoked {}", print::moment(at)));
        [key.number.to_string(), shown(key, reveal), print::moment(key.created_at), revoked]
    };
    let rows: Vec<_> = keys.iter().map(row).collect();
    print::table(["KEY", "SECRET", "CREATED (UTC)", "STATE"], &rows)
}

impl Told {
    /// A key with its last characters only, unless all of it is asked for.
    pub fn of(key: &SecretKey, reveal: bool) -> Self {
        Self {
            number: key.number,
            secret_key: shown(key, reveal),
            created_at: print::instant(key.created_at),
            revoked_at: key.revoked_at.map(print::instant),
        }
    }
}

fn shown(key: &SecretKey, reveal: bool) -> String {
    let secret = key.secret.expose();
    if reveal {
        return secret.to_owned();
    }
    let hidden = secret.chars().count().saturating_sub(CHARS_SHOWN);
    let end: String = secret.chars().skip(hidden).collect();
    format!("{DOTS}{end}")
}
