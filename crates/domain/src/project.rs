//! Project: a tenant with its keys and its settings; and what a caller may hold of it.

use crate::clock::Timestamp;
use crate::id::{FileId, ProjectId};
use crate::secret::Secret;

/// A tenant: everything else belongs to exactly one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its number; also Uploadcare's numeric project id.
    pub id: ProjectId,
    /// 20 lower-case hex digits; also the project id of the uc wire.
    pub public_key: String,
    /// What its people call it; 1 to [`NAME_CHARS_MAX`] characters.
    pub name: String,
    /// What it wants done without being asked.
    pub settings: Settings,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a project decides for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whether a file is stored when the caller leaves the choice to the project (`auto`).
    pub is_autostore_enabled: bool,
    /// Whether a caller without any secret may create files through the uc wire.
    pub may_create_without_token: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { is_autostore_enabled: true, may_create_without_token: true }
    }
}

/// The longest name of a project, in characters.
pub const NAME_CHARS_MAX: usize = 100;

/// One of a project's secret keys. A revoked key is kept, so that the log can still name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretKey {
    /// Its number: what `boathook key revoke` takes.
    pub number: i64,
    /// The project it opens.
    pub project: ProjectId,
    /// The key itself: 20 lower-case hex digits.
    pub secret: Secret,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stopped opening anything.
    pub revoked_at: Option<Timestamp>,
}

/// What a caller has shown to hold: it decides what a verb lets them do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// A secret key: everything of the project.
    Secret,
    /// The public key alone: uploading, and what anyone may see of a file they can name.
    Public,
    /// The access token of one file: showing, changing and removing that file.
    File(FileId),
}

/// Checks a project's name.
pub fn check_name(name: &str) -> Result<(), crate::Error> {
    let chars = name.trim().chars().count();
    if chars == 0 || chars > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(crate::Error::ProjectName);
    }
    Ok(())
}
