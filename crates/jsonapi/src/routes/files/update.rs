//! `PUT|PATCH P/files/{id}`: metadata, expiry, protection; whatever is not given stays (section 5.6, C9, C10).

use super::{ROOT, metadata};
use crate::Door;
use crate::attributes::{Attributes, Given};
use crate::auth::Call;
use crate::document::answer;
use crate::error::Refusal;
use crate::resource::file::resource;
use axum::extract::{Request, State};
use axum::response::Response;
use domain::file::Expiry;
use platform::files::FileWish;
use std::sync::Arc;
use web::form;

/// What a body may hold, with or without its root key. Completing a chunked upload is known and has no effect on a file that is none.
const KNOWN: [&str; 4] = ["metadata", "expires_at", "original_protected", "is_chunked_upload_complete"];

/// The longest body, in bytes: fifty pairs, however they are escaped.
const BODY_BYTES_MAX: u64 = 1024 * 1024;

/// `PUT|PATCH P/files/{id}`
pub(crate) async fn update(State(door): State<Arc<Door>>, call: Call, request: Request) -> Result<Response, Refusal> {
    let (principal, id) = call.by_secret_or_own_token(&door).await?;
    // So that a file that is not there is told before what is wrong with the body.
    door.platform.find_file(&principal, id).await?;
    let (head, body) = request.into_parts();
    let tree = form::read_tree(&head, body, &form::Limits::of_bytes(BODY_BYTES_MAX)).await?;
    let wish = wish(&Attributes::under(ROOT, &KNOWN, tree)?)?;
    let file = door.platform.amend_file(&principal, id, wish).await?;
    Ok(answer(resource(&file, &principal.project.public_key, &door.bases, true)))
}

fn wish(attributes: &Attributes) -> Result<FileWish, Refusal> {
    Ok(FileWish {
        metadata: metadata::wish(attributes)?,
        expiry: match attributes.instant("expires_at")? {
            Given::Absent => None,
            Given::Null => Some(Expiry::Never),
            Given::Value(at) => Some(Expiry::At(at)),
        },
        is_original_protected: attributes.boolean("original_protected")?,
    })
}
