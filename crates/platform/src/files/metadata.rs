//! What an application notes on a file: metadata, expiry, protection.

use domain::event::Change;
use domain::file::{Amendment, Expiry, File};
use domain::id::FileId;
use domain::metadata::Metadata;

use crate::access::Principal;
use crate::record::{claim, record};
use crate::{Error, Noun, Platform};

/// What shall be changed of a file at once; none leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct FileWish {
    /// Its pairs.
    pub metadata: Option<MetadataWish>,
    /// When it shall go.
    pub expiry: Option<Expiry>,
    /// Whether its original is protected.
    pub is_original_protected: Option<bool>,
}

/// How new pairs join those there are.
#[derive(Clone, Debug)]
pub enum MetadataWish {
    /// These and no others.
    Replace(Metadata),
    /// These, leaving the rest; of a key given twice the last counts.
    Merge(Vec<(String, String)>),
}

impl Platform {
    /// Sets one metadata value; answers whether the key is new. Open to holders of a secret key.
    pub async fn set_file_metadata(
        &self,
        principal: &Principal,
        id: FileId,
        key: String,
        value: String,
    ) -> Result<bool, Error> {
        principal.holds_secret()?;
        let (project, occasion) = (principal.project.id, self.occasion(principal));
        self.store()
            .write(move |tx| {
                let mut file = claim(tx, project, id)?;
                let (is_new, change) = file.set_metadata(key.clone(), value.clone())?;
                if let Some(change) = change {
                    record(tx, file, change, occasion)?;
                }
                Ok(is_new)
            })
            .await
    }

    /// Deletes one metadata key. Open to holders of a secret key.
    pub async fn delete_file_metadata(&self, principal: &Principal, id: FileId, key: &str) -> Result<(), Error> {
        principal.holds_secret()?;
        let key = key.to_owned();
        let delete = move |file: &mut File, _| {
            let missing = Error::NotFound(Noun::MetadataKey);
            file.metadata.get(&key).ok_or(missing)?;
            Ok(file.delete_metadata(&key)?)
        };
        self.change_file(principal, id, delete).await.map(|_| ())
    }

    /// Changes what differs, in one change. Open to holders of a secret key or of the file's own token.
    pub async fn amend_file(&self, principal: &Principal, id: FileId, wish: FileWish) -> Result<File, Error> {
        principal.holds_file(id)?;
        self.change_file(principal, id, move |file, _| wish.grant(file)).await
    }
}

impl FileWish {
    fn grant(&self, file: &mut File) -> Result<Option<Change>, Error> {
        let metadata = self.metadata.as_ref().map(|wish| wish.applied_to(&file.metadata));
        Ok(file.amend(Amendment {
            metadata: metadata.transpose()?,
            expiry: self.expiry,
            is_original_protected: self.is_original_protected,
        })?)
    }
}

impl MetadataWish {
    fn applied_to(&self, present: &Metadata) -> Result<Metadata, Error> {
        let pairs = match self {
            Self::Replace(metadata) => return Ok(metadata.clone()),
            Self::Merge(pairs) => pairs,
        };
        let mut metadata = present.clone();
        for (key, value) in pairs {
            metadata.set(key.clone(), value.clone())?;
        }
        Ok(metadata)
    }
}
