//! Projects and their keys: the operator's verbs, which need no principal.

use domain::id::ProjectId;
use domain::project::{Project, SecretKey, check_name};
use domain::secret::Secret;
use store::{keys, projects};

use crate::{Error, Noun, Platform};

impl Platform {
    /// Makes a project and its first secret key. Names need not differ.
    pub async fn create_project(&self, name: &str) -> Result<(Project, SecretKey), Error> {
        check_name(name)?;
        let new = projects::NewProject {
            public_key: self.chance().key(),
            name: name.trim().to_owned(),
            settings: self.settings().new_projects.clone(),
            created_at: self.now(),
        };
        let secret = Secret::new(self.chance().key());
        let made = self.store().write(move |tx| {
            let project = projects::insert(tx, &new)?;
            let key = keys::insert(tx, project.id, &secret, new.created_at)?;
            Ok((project, key))
        });
        self.forgetting(made.await)
    }

    /// Every project, by number.
    pub async fn list_projects(&self) -> Result<Vec<Project>, Error> {
        self.store().read(|tx| Ok(projects::list(tx)?)).await
    }

    /// The project of that number, public key or name, looked for in this order; the oldest of those that share a name.
    pub async fn find_project(&self, designation: &str) -> Result<Project, Error> {
        let wanted = designation.trim().to_owned();
        let found = self.store().read(move |tx| {
            if let Ok(number) = wanted.parse()
                && let Some(project) = projects::find(tx, ProjectId::new(number))?
            {
                return Ok(Some(project));
            }
            if let Some(project) = projects::find_by_public_key(tx, &wanted)? {
                return Ok(Some(project));
            }
            let all = projects::list(tx)?.into_iter();
            Ok::<_, Error>(all.filter(|project| project.name == wanted).min_by_key(|project| project.id))
        });
        found.await?.ok_or(Error::NotFound(Noun::Project))
    }

    /// The project's secret keys, revoked ones too.
    pub async fn list_keys(&self, project: &Project) -> Result<Vec<SecretKey>, Error> {
        let project = project.id;
        self.store().read(move |tx| Ok(keys::list(tx, project)?)).await
    }

    /// Makes one more secret key.
    pub async fn create_key(&self, project: &Project) -> Result<SecretKey, Error> {
        let (project, now) = (project.id, self.now());
        let secret = Secret::new(self.chance().key());
        let made = self.store().write(move |tx| Ok(keys::insert(tx, project, &secret, now)?));
        self.forgetting(made.await)
    }

    /// Revokes a secret key of the project: from now on it opens nothing. [`Noun::Key`] is not found if it was revoked before.
    pub async fn revoke_key(&self, project: &Project, number: i64) -> Result<(), Error> {
        let (project, now) = (project.id, self.now());
        let revoked = self.store().write(move |tx| Ok(keys::revoke(tx, project, number, now)?));
        let was_active: bool = self.forgetting(revoked.await)?;
        was_active.then_some(()).ok_or(Error::NotFound(Noun::Key))
    }

    /// Whatever came of a change to keys, what is remembered of them may be wrong now.
    fn forgetting<T>(&self, outcome: Result<T, Error>) -> Result<T, Error> {
        self.0.keyrings.forget();
        outcome
    }
}
