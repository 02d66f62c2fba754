//! `boathook project`: make and show projects. Works on a stopped data folder and beside a running server.

use super::{key, verbs};
use crate::config::Config;
use crate::failure::Failure;
use crate::print;
use clap::Subcommand;
use domain::project::{Project, SecretKey};
use serde::Serialize;

/// Shown by `--help`.
pub const EXAMPLES: &str = "\
Examples:
  boathook project create shop             its public key, its secret key, its number
  boathook project create shop --json      the same for a script
  boathook project list
  boathook project show shop               by name, number or public key";

/// What can be asked of projects.
#[derive(Debug, Subcommand)]
pub enum Typed {
    /// Make a project and its first secret key
    Create {
        /// What people call it, 1 to 100 characters; names need not differ
        name: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// List all projects
    List {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Show a project with its keys
    Show {
        /// Its name, number or public key
        project: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
        /// Print secret keys in full
        #[arg(long)]
        reveal: bool,
    },
}

/// A project as scripts read it.
#[derive(Serialize)]
struct Told<'a> {
    project_id: &'a str,
    number: i64,
    name: &'a str,
    public_key: &'a str,
    created_at: String,
}

#[derive(Serialize)]
struct Created<'a> {
    #[serde(flatten)]
    project: Told<'a>,
    secret_key: &'a str,
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    project: Told<'a>,
    stores_files_by_default: bool,
    may_create_without_token: bool,
    keys: Vec<key::Told>,
}

/// Does what was asked.
pub async fn run(wish: Typed, config: &Config) -> Result<(), Failure> {
    let platform = verbs(config).await?;
    match wish {
        Typed::Create { name, json } => {
            let (project, key) = platform.create_project(&name).await?;
            print_created(&project, &key, json)
        }
        Typed::List { json } => print_list(&platform.list_projects().await?, json),
        Typed::Show { project, json, reveal } => {
            let project = platform.find_project(&project).await?;
            let keys = platform.list_keys(&project).await?;
            print_shown(&project, &keys, json, reveal)
        }
    }
}

fn print_created(project: &Project, key: &SecretKey, json: bool) -> Result<(), Failure> {
    let secret_key = key.secret.expose();
    if json {
        return print::json(&Created { project: Told::from(project), secret_key });
    }
    print_pairs(&[
        ("name", &project.name),
        ("number", &project.id.to_string()),
        ("public key", &project.public_key),
        ("secret key", secret_key),
    ])?;
    print::line("\nThe public key is the project's id in uc v1 addresses; the number is its id on Uploadcare's wire.")
}

fn print_list(projects: &[Project], json: bool) -> Result<(), Failure> {
    if json {
        return print::json(&projects.iter().map(Told::from).collect::<Vec<_>>());
    }
    if projects.is_empty() {
        return print::line("There is no project yet; boathook project create NAME makes one.");
    }
    let row = |project: &Project| {
        let number = project.id.to_string();
        [number, project.public_key.clone(), print::moment(project.created_at), project.name.clone()]
    };
    let rows: Vec<_> = projects.iter().map(row).collect();
    print::table(["NUMBER", "PUBLIC KEY", "CREATED (UTC)", "NAME"], &rows)
}

fn print_shown(project: &Project, keys: &[SecretKey], json: bool, reveal: bool) -> Result<(), Failure> {
    let settings = &project.settings;
    if json {
        return print::json(&Shown {
            project: Told::from(project),
            stores_files_by_default: settings.is_autostore_enabled,
            may_create_without_token: settings.may_create_without_token,
            keys: keys.iter().map(|key| key::Told::of(key, reveal)).collect(),
        });
    }
    let yes_or_no = |is: bool| if is { "yes" } else { "no" };
    print_pairs(&[
        ("name", &project.name),
        ("number", &project.id.to_string()),
        ("public key", &project.public_key),
        ("created", &print::moment(project.created_at)),
        ("stores by default", yes_or_no(settings.is_autostore_enabled)),
        ("uploads without key", yes_or_no(settings.may_create_without_token)),
    ])?;
    print::line("")?;
    key::print_keys(keys, reveal)
}

fn print_pairs(pairs: &[(&str, &str)]) -> Result<(), Failure> {
    let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    pairs.iter().try_for_each(|(name, value)| print::line(&format!("{name:<width$}  {value}")))
}

impl<'a> From<&'a Project> for Told<'a> {
    fn from(project: &'a Project) -> Self {
        Self {
            project_id: &project.public_key,
            number: project.id.get(),
            name: &project.name,
            public_key: &project.public_key,
            created_at: print::instant(project.created_at),
        }
    }
}
