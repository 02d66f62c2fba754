//! The JSON that columns hold: a file's content and metadata, a webhook's events, an event's snapshot.
//!
//! The forms borrow from the nouns, so that writing an event copies nothing but its text. Field names are short because every event
//! repeats them, and stable because old rows are read for ever: a new field is optional, and none ever changes its meaning.
//! A snapshot leaves out what its row's own columns say: the subject's id and project.

mod content;
mod file;
mod hex;
mod policy;
mod webhook;

use crate::error::Error;
use domain::content::Content;
use domain::event::{EventKind, Previous, Subject};
use domain::id::{FileId, ProjectId, WebhookId};
use domain::metadata::Metadata;
use domain::policy::Policy;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Metadata: the pairs themselves.
type Pairs<'a> = Cow<'a, BTreeMap<String, String>>;

#[derive(Serialize, Deserialize)]
struct PreviousForm<'a> {
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    metadata: Option<Pairs<'a>>,
}

pub(crate) fn write_subject(subject: &Subject) -> String {
    match subject {
        Subject::File(file) => write(&file::FileForm::of(file)),
        Subject::Webhook(told) => write(&webhook::WebhookForm::of(told)),
    }
}

pub(crate) fn read_subject(
    kind: EventKind,
    project: ProjectId,
    resource: [u8; 16],
    text: &str,
) -> Result<Subject, Error> {
    match kind {
        EventKind::FileUploaded
        | EventKind::FileStored
        | EventKind::FileInfoUpdated
        | EventKind::FileAmended
        | EventKind::FileRemoved => {
            let form: file::FileForm<'_> = read(text)?;
            Ok(Subject::File(form.into_file(FileId::from_bytes(resource), project)))
        }
        EventKind::WebhookFailing | EventKind::WebhookDisabled | EventKind::WebhookRecovered => {
            let form: webhook::WebhookForm<'_> = read(text)?;
            form.into_told(WebhookId::from_bytes(resource), project).map(|told| Subject::Webhook(Box::new(told)))
        }
    }
}

/// None when there is nothing to remember, as for most events.
pub(crate) fn write_previous(previous: &Previous) -> Option<String> {
    let metadata = previous.metadata.as_ref()?;
    Some(write(&PreviousForm { metadata: Some(Cow::Borrowed(metadata.pairs())) }))
}

pub(crate) fn read_previous(text: Option<&str>) -> Result<Previous, Error> {
    let Some(text) = text else {
        return Ok(Previous::default());
    };
    let form: PreviousForm<'_> = read(text)?;
    Ok(Previous { metadata: form.metadata.map(|pairs| Metadata::from_trusted(pairs.into_owned())) })
}

pub(crate) fn write_content(content: &Content) -> String {
    write(&content::ContentForm::of(content))
}

pub(crate) fn read_content(text: &str) -> Result<Content, Error> {
    read::<content::ContentForm<'_>>(text).map(content::ContentForm::into_content)
}

pub(crate) fn write_metadata(metadata: &Metadata) -> String {
    write(metadata.pairs())
}

pub(crate) fn read_metadata(text: &str) -> Result<Metadata, Error> {
    read(text).map(Metadata::from_trusted)
}

pub(crate) fn write_policy(policy: &Policy) -> String {
    write(&policy::PolicyForm::of(policy))
}

pub(crate) fn read_policy(text: &str) -> Result<Policy, Error> {
    read::<policy::PolicyForm<'_>>(text)?.into_policy()
}

pub(crate) fn write_words(words: &[String]) -> String {
    write(words)
}

pub(crate) fn read_words(text: &str) -> Result<Vec<String>, Error> {
    read(text)
}

fn write<T: Serialize + ?Sized>(form: &T) -> String {
    serde_json::to_string(form).expect("texts, numbers and maps with text keys always have a JSON")
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Bug(error.into()))
}

#[cfg(test)]
mod tests;
