//! `GET /info/`: what is known of a file, to anyone who can name it and its project.

use super::{Upload, ok, query, refuse_nulls};
use crate::error::upload::Error;
use crate::id;
use crate::wire::info::UploadedFile;
use axum::extract::Request;
use axum::response::Response;
use platform::Noun;

/// Removed files and those of other projects are not found.
pub(super) async fn show(upload: &Upload, request: Request) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    let params = query(&parts)?;
    let keyring = upload.keyring(&params, "pub_key").await?;
    refuse_nulls(&params)?;
    let file = params.get("file_id").map(str::trim).filter(|id| !id.is_empty());
    let file = id::file(file.ok_or(Error::FileIdRequired)?).ok_or(Error::FileIdInvalid)?;
    let file = upload.door.platform.shown_file(file).await?;
    if file.project != keyring.project.id {
        return Err(platform::Error::NotFound(Noun::File).into());
    }
    Ok(ok(&UploadedFile::from(&file)))
}
