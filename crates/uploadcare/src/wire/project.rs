//! A project.

use serde::Serialize;

/// What `GET /project/` answers.
#[derive(Serialize)]
pub(crate) struct Project<'a> {
    /// People have no accounts here; clients expect a list.
    collaborators: [&'a str; 0],
    name: &'a str,
    pub_key: &'a str,
    autostore_enabled: bool,
}

impl<'a> From<&'a domain::project::Project> for Project<'a> {
    fn from(project: &'a domain::project::Project) -> Self {
        Self {
            collaborators: [],
            name: &project.name,
            pub_key: &project.public_key,
            autostore_enabled: project.settings.is_autostore_enabled,
        }
    }
}
