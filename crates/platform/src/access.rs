//! Principal: who is asking and for which project; and the keys that prove it.

mod keyrings;

use std::sync::Arc;

use domain::id::{AccessToken, FileId, RequestId};
use domain::project::{Grant, Project};
use domain::secret::Secret;
use store::files;
use subtle::{Choice, ConstantTimeEq};

use crate::{Error, Platform};

pub use keyrings::Keyring;
pub(crate) use keyrings::Keyrings;

/// Whoever is asking, once a door has seen what they hold.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The project they ask for.
    pub project: Arc<Project>,
    /// What they have shown to hold.
    pub grant: Grant,
    /// The request they ask with; events remember it.
    pub request: RequestId,
}

impl Principal {
    /// Refuses all but holders of a secret key.
    pub(crate) fn holds_secret(&self) -> Result<(), Error> {
        match self.grant {
            Grant::Secret => Ok(()),
            Grant::Public | Grant::File(_) => Err(Error::Forbidden),
        }
    }

    /// Refuses all but holders of a secret key or of this very file's token.
    pub(crate) fn holds_file(&self, id: FileId) -> Result<(), Error> {
        match self.grant {
            Grant::Secret => Ok(()),
            Grant::File(own) if own == id => Ok(()),
            Grant::Public | Grant::File(_) => Err(Error::Forbidden),
        }
    }

    /// Refuses holders of a file's token, who may not bring more files.
    pub(crate) fn may_upload(&self) -> Result<(), Error> {
        match self.grant {
            Grant::Secret | Grant::Public => Ok(()),
            Grant::File(_) => Err(Error::Forbidden),
        }
    }
}

impl Keyring {
    /// Whether this text is one of the project's active secret keys. How long it takes tells nothing but the text's length.
    pub fn opens(&self, secret: &str) -> bool {
        let none = Choice::from(0);
        let is_any = |found: Choice, key: &Secret| found | key.expose().as_bytes().ct_eq(secret.as_bytes());
        self.secrets.iter().fold(none, is_any).into()
    }
}

impl Platform {
    /// The project of a public key with its active secret keys; none if there is no such project.
    ///
    /// Remembered for [`key_cache_for`](crate::Settings::key_cache_for); changes made through this platform are seen at once.
    pub async fn keyring(&self, public_key: &str) -> Result<Option<Arc<Keyring>>, Error> {
        self.0.keyrings.find(self.store(), public_key, self.now()).await
    }

    /// Whether the token is the one of that file of the project. How long it takes does not depend on how much of it is right.
    pub async fn file_opened_by(&self, project: &Project, id: FileId, token: AccessToken) -> Result<bool, Error> {
        let project = project.id;
        let found = self.store().read(move |tx| files::find(tx, project, id).map_err(Error::from)).await?;
        Ok(found.is_some_and(|file| file.access_token.as_bytes().ct_eq(token.as_bytes()).into()))
    }
}
