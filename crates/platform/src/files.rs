//! Files: find, list, show; and in the rooms beside, what changes them.

mod lifecycle;
mod metadata;

use std::ops::Range;

use blobs::Body;
use domain::file::{File, State};
use domain::id::FileId;
use domain::page::{Listing, Totals};
use store::files;

use crate::access::Principal;
use crate::uploads::key_of;
use crate::{Error, Noun, Platform};

pub use metadata::{FileWish, MetadataWish};

impl Platform {
    /// A file, removed or not. Open to holders of a secret key or of its own token.
    pub async fn find_file(&self, principal: &Principal, id: FileId) -> Result<File, Error> {
        principal.holds_file(id)?;
        let project = principal.project.id;
        let found = self.store().read(move |tx| files::find(tx, project, id).map_err(Error::from));
        found.await?.ok_or(Error::NotFound(Noun::File))
    }

    /// Those of the files that there are, by the instant of their upload. Open to holders of a secret key.
    pub async fn find_files(&self, principal: &Principal, ids: &[FileId]) -> Result<Vec<File>, Error> {
        principal.holds_secret()?;
        let (project, ids) = (principal.project.id, ids.to_vec());
        self.store().read(move |tx| Ok(files::find_many(tx, project, &ids)?)).await
    }

    /// A stretch of the project's files. Ask for one more than you show to learn whether there are more. Open to holders of a secret key.
    pub async fn list_files(&self, principal: &Principal, listing: &Listing) -> Result<Vec<File>, Error> {
        principal.holds_secret()?;
        let (project, listing) = (principal.project.id, listing.clone());
        self.store().read(move |tx| Ok(files::list(tx, project, &listing)?)).await
    }

    /// How many files the project has, by state. Open to holders of a secret key.
    pub async fn file_totals(&self, principal: &Principal) -> Result<Totals, Error> {
        principal.holds_secret()?;
        let project = principal.project.id;
        self.store().read(move |tx| Ok(files::totals(tx, project)?)).await
    }

    /// A file of any project that may be shown to who can name it: not a removed one. Whether its original is protected is for the door
    /// to heed, which knows what was asked for.
    pub async fn shown_file(&self, id: FileId) -> Result<File, Error> {
        let found = self.store().read(move |tx| files::find_anywhere(tx, id).map_err(Error::from));
        found.await?.filter(|file| file.state() != State::Removed).ok_or(Error::NotFound(Noun::File))
    }

    /// The bytes of a file that a verb has answered, or those inside the range (end exclusive, clamped to what there is).
    pub async fn open_content(&self, file: &File, range: Option<Range<u64>>) -> Result<Body, Error> {
        Ok(self.blobs().open(&key_of(file.id), range).await?)
    }
}
