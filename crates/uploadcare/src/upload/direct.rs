//! `POST /base/`: one or more files in one form, under any names; the answer tells the id that each name's file got.
//!
//! The form says whose files they are anywhere, often after them. So bytes are received as they come, belonging to nobody, the whole form
//! is read, and only then is anything checked; what is refused is dropped, and its bytes with it.

mod form;

use super::{Upload, ok, query, refuse_nulls};
use crate::error::upload::Error;
use crate::id;
use axum::extract::Request;
use axum::response::Response;
use domain::metadata::Metadata;
use domain::project::Grant;
use form::{Form, Sent};
use platform::access::Principal;
use platform::intake::Received;
use platform::uploads::{Arrival, StoreWish};
use serde_json::{Map, Value};
use web::RequestId;
use web::params::Params;

/// This endpoint's name for the public key.
const PUBLIC_KEY: &str = "UPLOADCARE_PUB_KEY";

/// The type of bytes of which the sender says nothing.
const MIME_UNDECLARED: &str = "application/octet-stream";

/// Receives the form, then admits its files: all of them or none.
pub(super) async fn create(upload: &Upload, request: Request) -> Result<Response, Error> {
    let (parts, body) = request.into_parts();
    let form = Form::read(&upload.door.platform, &parts, body).await;
    let params = form.params.over(query(&parts)?).map_err(|_| Error::FieldsTooMany)?;
    let keyring = upload.keyring(&params, PUBLIC_KEY).await;
    // Of a form that broke off the key may be in the part that is missing.
    let keyring = match (keyring, form.problem) {
        (Err(Error::PublicKeyRequired { .. }), Some(problem)) if form.is_cut => return Err(problem),
        (Err(refused), _) => return Err(refused),
        (Ok(_), Some(problem)) => return Err(problem),
        (Ok(keyring), None) => keyring,
    };
    refuse_nulls(&params)?;
    let wish = Wish::read(&params)?;
    if form.files.is_empty() {
        return Err(Error::FilesRequired);
    }
    let request = parts.extensions.get::<RequestId>().expect("the stack names every request");
    let principal = Principal { project: keyring.project.clone(), grant: Grant::Public, request: id::request(request) };
    let (fields, arrivals): (Vec<String>, Vec<(Received, Arrival)>) =
        form.files.into_iter().map(|sent| wish.arrival(sent)).unzip();
    let files = upload.door.platform.admit(&principal, arrivals).await?;
    // A name given twice keeps its place and tells the last of its files.
    let answer = fields.into_iter().zip(files).map(|(field, file)| (field, file.id.to_string().into()));
    Ok(ok(&answer.collect::<Map<String, Value>>()))
}

/// What the form asks for all of its files.
#[derive(Debug)]
struct Wish {
    stored: StoreWish,
    metadata: Metadata,
}

impl Wish {
    fn read(params: &Params) -> Result<Self, Error> {
        let pairs = params.iter().filter_map(|(name, value)| Some((metadata_key(name)?.to_owned(), value.to_owned())));
        let metadata = Metadata::from_pairs(pairs).map_err(platform::Error::Rule)?;
        let stored = store_wish(params.get("UPLOADCARE_STORE"));
        Ok(Self { stored, metadata })
    }

    fn arrival(&self, sent: Sent) -> (String, (Received, Arrival)) {
        let arrival = Arrival {
            name: sent.name,
            declared_mime: sent.mime.unwrap_or_else(|| MIME_UNDECLARED.to_owned()),
            stored: self.stored,
            metadata: self.metadata.clone(),
            expires_at: None,
            is_original_protected: false,
        };
        (sent.field, (sent.received, arrival))
    }
}

/// `key` of `metadata[key]`.
fn metadata_key(name: &str) -> Option<&str> {
    name.strip_prefix("metadata[")?.strip_suffix(']')
}

/// Old widgets send nothing between the quotes for "do not store"; what nobody documents is left to the project.
fn store_wish(value: Option<&str>) -> StoreWish {
    match value.map(|value| value.trim().to_ascii_lowercase()).as_deref() {
        Some("1" | "true") => StoreWish::Yes,
        Some("0" | "false" | "") => StoreWish::No,
        Some(_) | None => StoreWish::Auto,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whether_to_store() {
        for (value, expected) in [
            (Some("1"), StoreWish::Yes),
            (Some("true"), StoreWish::Yes),
            (Some("0"), StoreWish::No),
            (Some("False"), StoreWish::No),
            (Some(""), StoreWish::No),
            (Some("auto"), StoreWish::Auto),
            (Some("later"), StoreWish::Auto),
            (None, StoreWish::Auto),
        ] {
            assert_eq!(store_wish(value), expected, "{value:?}");
        }
    }

    #[test]
    fn metadata_by_name() {
        let params = Params::parse(b"metadata[b]=2&metadata[a]=1&metadata=no&tags=x&metadata[=no").unwrap();
        let wish = Wish::read(&params).unwrap();
        assert_eq!(wish.metadata.pairs().iter().map(|(k, v)| format!("{k}{v}")).collect::<Vec<_>>(), ["a1", "b2"]);
        let twice = Params::parse(b"metadata[a]=1&metadata[a]=2").unwrap();
        assert!(matches!(
            Wish::read(&twice),
            Err(Error::Platform(platform::Error::Rule(domain::Error::MetadataKeyDuplicated(_))))
        ));
    }
}
