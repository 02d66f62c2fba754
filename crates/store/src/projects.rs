//! Projects, each with the sequence that numbers its events.

use crate::engine::{Row, Statement, Tx};
use crate::error::Error;
use domain::Timestamp;
use domain::id::ProjectId;
use domain::project::{Project, Settings};

macro_rules! columns {
    () => {
        "id, public_key, name, is_autostore_enabled, may_create_without_token, created_at"
    };
}

const NUMBER: Statement =
    Statement::new("projects.number", "UPDATE counters SET last = last + 1 WHERE name = 'projects' RETURNING last");
const INSERT: Statement = Statement::new(
    "projects.insert",
    concat!("INSERT INTO projects (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6)"),
);
const BEGIN_SEQUENCE: Statement =
    Statement::new("projects.begin_sequence", "INSERT INTO project_sequences (project_id, last) VALUES ($1, 0)");
const FIND: Statement = Statement::new("projects.find", concat!("SELECT ", columns!(), " FROM projects WHERE id = $1"));
const FIND_BY_PUBLIC_KEY: Statement = Statement::new(
    "projects.find_by_public_key",
    concat!("SELECT ", columns!(), " FROM projects WHERE public_key = $1"),
);
const LIST: Statement = Statement::new("projects.list", concat!("SELECT ", columns!(), " FROM projects ORDER BY id"));

pub(crate) const STATEMENTS: &[&Statement] = &[&NUMBER, &INSERT, &BEGIN_SEQUENCE, &FIND, &FIND_BY_PUBLIC_KEY, &LIST];

/// All of a project but its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProject {
    /// 20 lower-case hex digits.
    pub public_key: String,
    /// What its people call it.
    pub name: String,
    /// What it wants done without being asked.
    pub settings: Settings,
    /// When it is made.
    pub created_at: Timestamp,
}

/// Numbers and keeps a project, and begins its log. `Conflict("project_public_key")` if the key is taken.
pub fn insert(tx: &mut Tx<'_>, new: &NewProject) -> Result<Project, Error> {
    let mut numbered = tx.row(&NUMBER, &[])?.ok_or_else(|| Error::bug("there is no counter for projects"))?;
    let id = ProjectId::new(numbered.int(0)?);
    tx.execute(
        &INSERT,
        &[
            id.get().into(),
            new.public_key.as_str().into(),
            new.name.as_str().into(),
            new.settings.is_autostore_enabled.into(),
            new.settings.may_create_without_token.into(),
            new.created_at.into(),
        ],
    )?;
    tx.execute(&BEGIN_SEQUENCE, &[id.get().into()])?;
    Ok(Project {
        id,
        public_key: new.public_key.clone(),
        name: new.name.clone(),
        settings: new.settings.clone(),
        created_at: new.created_at,
    })
}

/// The project of that number.
pub fn find(tx: &mut Tx<'_>, id: ProjectId) -> Result<Option<Project>, Error> {
    tx.row(&FIND, &[id.get().into()])?.map(project).transpose()
}

/// The project of that public key.
pub fn find_by_public_key(tx: &mut Tx<'_>, public_key: &str) -> Result<Option<Project>, Error> {
    tx.row(&FIND_BY_PUBLIC_KEY, &[public_key.into()])?.map(project).transpose()
}

/// Every project, by number.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Project>, Error> {
    tx.rows(&LIST, &[])?.into_iter().map(project).collect()
}

fn project(mut row: Row) -> Result<Project, Error> {
    Ok(Project {
        id: ProjectId::new(row.int(0)?),
        public_key: row.text(1)?,
        name: row.text(2)?,
        settings: Settings { is_autostore_enabled: row.flag(3)?, may_create_without_token: row.flag(4)? },
        created_at: row.timestamp(5)?,
    })
}
