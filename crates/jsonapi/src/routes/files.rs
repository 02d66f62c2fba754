//! Files: list, create, show, update, destroy (section 5).

mod create;
mod metadata;
mod update;

use crate::Door;
use crate::auth::Call;
use crate::document::{List, answer, respond};
use crate::error::Refusal;
use crate::page::Page;
use crate::resource::file::resource;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::page::{Listing, Order};
use http::StatusCode;
use std::sync::Arc;

pub(crate) use create::create;
pub(crate) use update::update;

/// The root key of bodies.
const ROOT: &str = "file";

/// `GET P/files`: removed ones too, oldest first.
pub(crate) async fn index(
    State(door): State<Arc<Door>>,
    call: Call,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let principal = call.by_secret(&door).await?;
    let page = Page::of(query.as_deref())?;
    let totals = door.platform.file_totals(&principal).await?;
    let listing = Listing {
        is_removed: None,
        is_stored: None,
        order: Order::UploadedAt,
        is_descending: false,
        after: None,
        before: None,
        skip: page.skip(),
        limit: page.limit(),
    };
    let files = door.platform.list_files(&principal, &listing).await?;
    let project = principal.project.public_key.as_str();
    let list = List {
        data: files.iter().map(|file| resource(file, project, &door.bases, true)).collect(),
        pagination: page.among(totals.stored + totals.temporary + totals.removed),
    };
    Ok(respond(StatusCode::OK, &list))
}

/// `GET P/files/{id}`
pub(crate) async fn show(State(door): State<Arc<Door>>, call: Call) -> Result<Response, Refusal> {
    let (principal, id) = call.by_secret_or_own_token(&door).await?;
    let file = door.platform.find_file(&principal, id).await?;
    Ok(answer(resource(&file, &principal.project.public_key, &door.bases, true)))
}

/// `DELETE P/files/{id}`: the record stays. A second time changes nothing and tells nobody (C30).
pub(crate) async fn destroy(State(door): State<Arc<Door>>, call: Call) -> Result<Response, Refusal> {
    let (principal, id) = call.by_secret_or_own_token(&door).await?;
    let file = door.platform.remove_file(&principal, id).await?;
    Ok(answer(resource(&file, &principal.project.public_key, &door.bases, true)))
}
