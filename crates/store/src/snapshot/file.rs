//! A file right after a change, as JSON. Instants are in microseconds since 1970.

use super::Pairs;
use super::content::ContentForm;
use super::hex::Hex;
use domain::Timestamp;
use domain::file::File;
use domain::id::{AccessToken, FileId, ProjectId};
use domain::metadata::Metadata;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

#[derive(Serialize, Deserialize)]
pub(super) struct FileForm<'a> {
    #[serde(rename = "r")]
    revision: i64,
    #[serde(rename = "n", borrow)]
    name: Cow<'a, str>,
    #[serde(rename = "m", borrow)]
    declared_mime: Cow<'a, str>,
    #[serde(rename = "b")]
    size_bytes: i64,
    #[serde(rename = "h")]
    sha256: Hex<32>,
    #[serde(rename = "c", borrow)]
    content: ContentForm<'a>,
    #[serde(rename = "k", default, skip_serializing_if = "is_empty")]
    metadata: Pairs<'a>,
    #[serde(rename = "t")]
    access_token: Hex<16>,
    #[serde(rename = "p")]
    is_original_protected: bool,
    #[serde(rename = "u")]
    uploaded_at: i64,
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    stored_at: Option<i64>,
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    removed_at: Option<i64>,
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
}

fn is_empty(pairs: &Pairs<'_>) -> bool {
    pairs.is_empty()
}

impl<'a> FileForm<'a> {
    pub(super) fn of(file: &'a File) -> Self {
        Self {
            revision: file.revision,
            name: Cow::Borrowed(&file.name),
            declared_mime: Cow::Borrowed(&file.declared_mime),
            size_bytes: file.size_bytes,
            sha256: Hex(file.sha256),
            content: ContentForm::of(&file.content),
            metadata: Cow::Borrowed(file.metadata.pairs()),
            access_token: Hex(*file.access_token.as_bytes()),
            is_original_protected: file.is_original_protected,
            uploaded_at: file.uploaded_at.as_micros(),
            stored_at: file.stored_at.map(Timestamp::as_micros),
            removed_at: file.removed_at.map(Timestamp::as_micros),
            expires_at: file.expires_at.map(Timestamp::as_micros),
        }
    }

    pub(super) fn into_file(self, id: FileId, project: ProjectId) -> File {
        File {
            id,
            project,
            revision: self.revision,
            name: self.name.into_owned(),
            declared_mime: self.declared_mime.into_owned(),
            size_bytes: self.size_bytes,
            sha256: self.sha256.0,
            content: self.content.into_content(),
            metadata: Metadata::from_trusted(self.metadata.into_owned()),
            access_token: AccessToken::from_bytes(self.access_token.0),
            is_original_protected: self.is_original_protected,
            uploaded_at: Timestamp::from_micros(self.uploaded_at),
            stored_at: self.stored_at.map(Timestamp::from_micros),
            removed_at: self.removed_at.map(Timestamp::from_micros),
            expires_at: self.expires_at.map(Timestamp::from_micros),
        }
    }
}
