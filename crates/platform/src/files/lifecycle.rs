//! Storing and removing files, one or several.

use domain::clock::Timestamp;
use domain::event::{Change, Initiator};
use domain::file::File;
use domain::id::FileId;

use crate::access::Principal;
use crate::record::{change_each, claim, record};
use crate::{Error, Platform};

impl Platform {
    /// Stores a file for good; brings back a removed one. Open to holders of a secret key.
    pub async fn store_file(&self, principal: &Principal, id: FileId) -> Result<File, Error> {
        principal.holds_secret()?;
        self.change_file(principal, id, |file, now| Ok(file.store(now))).await
    }

    /// Removes a file; its record stays. Open to holders of a secret key or of its own token.
    pub async fn remove_file(&self, principal: &Principal, id: FileId) -> Result<File, Error> {
        principal.holds_file(id)?;
        self.change_file(principal, id, |file, now| Ok(file.remove(now))).await
    }

    /// Stores those of the files that there are, at one instant; answers them all, by the instant of their upload. Open to holders of a
    /// secret key.
    pub async fn store_files(&self, principal: &Principal, ids: &[FileId]) -> Result<Vec<File>, Error> {
        self.change_files(principal, ids, File::store).await
    }

    /// Removes those of the files that there are, at one instant; answers them all, by the instant of their upload. Open to holders of a
    /// secret key.
    pub async fn remove_files(&self, principal: &Principal, ids: &[FileId]) -> Result<Vec<File>, Error> {
        self.change_files(principal, ids, File::remove).await
    }

    /// One file through one transition; answers it, changed or not.
    pub(super) async fn change_file(
        &self,
        principal: &Principal,
        id: FileId,
        transition: impl Fn(&mut File, Timestamp) -> Result<Option<Change>, Error> + Send + 'static,
    ) -> Result<File, Error> {
        let (project, occasion) = (principal.project.id, self.occasion(principal));
        self.store()
            .write(move |tx| {
                let mut file = claim(tx, project, id)?;
                if let Some(change) = transition(&mut file, occasion.at)? {
                    record(tx, file.clone(), change, occasion)?;
                }
                Ok(file)
            })
            .await
    }

    async fn change_files(
        &self,
        principal: &Principal,
        ids: &[FileId],
        transition: fn(&mut File, Timestamp) -> Option<Change>,
    ) -> Result<Vec<File>, Error> {
        principal.holds_secret()?;
        let (project, ids) = (principal.project.id, ids.to_vec());
        let occasions = self.occasions(ids.len(), self.now(), Initiator::Api(principal.request));
        self.store().write(move |tx| change_each(tx, project, &ids, &occasions, transition)).await
    }
}
