//! `POST P/files`: one file, sent whole as the part `file[content]` of a form (section 5.4).
//!
//! The bytes are staged as they come, before the parameters behind them are known; what is refused in the end leaves nothing behind.

use super::{ROOT, metadata};
use crate::Door;
use crate::attributes::{Attributes, Given};
use crate::auth::Call;
use crate::document::answer;
use crate::error::Refusal;
use crate::resource::file::resource;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use domain::Timestamp;
use domain::metadata::Metadata;
use futures_util::StreamExt;
use http::request::Parts;
use platform::Platform;
use platform::intake::Received;
use platform::uploads::{Arrival, StoreWish};
use std::io;
use std::sync::Arc;
use web::form::{self, Encoding, Field, Multipart};
use web::params::Params;
use web::tree::Tree;

/// What a body may hold, with or without its root key.
const KNOWN: [&str; 10] = [
    "content",
    "source_url",
    "is_chunked_upload",
    "filename",
    "size",
    "content_type",
    "chunk_size",
    "metadata",
    "expires_at",
    "original_protected",
];

/// How much longer than a file's bytes a form with it may be: all its texts, and the framing of its parts.
const FORM_BYTES_OVERHEAD_MAX: u64 = form::TEXT_BYTES_MAX + 1024 * 1024;

/// What this server takes, for who asks for something else.
const ACCEPTED: &str = "this server takes the bytes of a file as the part file[content] of a multipart/form-data body";

/// `POST P/files`
pub(crate) async fn create(State(door): State<Arc<Door>>, call: Call, request: Request) -> Result<Response, Refusal> {
    let principal = call.by_secret_or_nothing(&door).await?;
    let (head, body) = request.into_parts();
    let (tree, content) = read(&door.platform, &head, body).await?;
    let attributes = match Attributes::under(ROOT, &KNOWN, tree) {
        Err(Refusal::RootMissing(_)) if content.is_some() => Attributes::none(),
        attributes => attributes?,
    };
    let wish = Wish::of(&attributes)?;
    let content = content.ok_or_else(|| Refusal::invalid("file[content]", format!("is required: {ACCEPTED}")))?;
    let arrival = wish.about(content.name, content.declared_mime);
    let admitted = door.platform.admit(&principal, vec![(content.received, arrival)]).await?;
    let file = admitted.first().expect("one arrival is one file");
    Ok(answer(resource(file, &principal.project.public_key, &door.bases, true)))
}

/// The part with the bytes.
struct Content {
    received: Received,
    name: String,
    declared_mime: String,
}

/// What is asked of the new file.
struct Wish {
    metadata: Metadata,
    expires_at: Option<Timestamp>,
    is_original_protected: bool,
}

impl Wish {
    /// In the order of precedence: from a URL, in chunks, whole.
    fn of(attributes: &Attributes) -> Result<Self, Refusal> {
        if attributes.text("source_url")?.is_some() {
            return Err(Refusal::invalid("source_url", format!("is not supported yet: {ACCEPTED}")));
        }
        if attributes.boolean("is_chunked_upload")? == Some(true) {
            return Err(Refusal::invalid("is_chunked_upload", format!("is not supported yet: {ACCEPTED}")));
        }
        Ok(Self {
            metadata: metadata::first(attributes)?,
            expires_at: match attributes.instant("expires_at")? {
                Given::Absent | Given::Null => None,
                Given::Value(at) => Some(at),
            },
            is_original_protected: attributes.boolean("original_protected")?.unwrap_or(true),
        })
    }

    /// Files of this wire stay until somebody removes them: it has no word for temporary ones.
    fn about(self, name: String, declared_mime: String) -> Arrival {
        Arrival {
            name,
            declared_mime,
            stored: StoreWish::Yes,
            metadata: self.metadata,
            expires_at: self.expires_at,
            is_original_protected: self.is_original_protected,
        }
    }
}

/// The parameters of query and body, and the bytes if the body brings any. Of several contents the last counts, as of any parameter.
async fn read(platform: &Platform, head: &Parts, body: Body) -> Result<(Tree, Option<Content>), Refusal> {
    let limits = form::Limits::of_bytes(platform.settings().direct_upload_bytes_max + FORM_BYTES_OVERHEAD_MAX);
    if Encoding::of(&head.headers) != Encoding::Multipart {
        return Ok((form::read_tree(head, body, &limits).await?, None));
    }
    let (mut params, mut content) = (Params::new(), None);
    let mut form = Multipart::new(&head.headers, body, &limits)?;
    while let Some(field) = form.next_field().await? {
        // Browsers send a file field that was left empty with an empty filename.
        if field.filename.as_deref().is_some_and(str::is_empty) {
            continue;
        }
        let is_content = matches!(field.name.as_str(), "file[content]" | "content");
        match (is_content, field.is_file()) {
            (true, true) => content = Some(receive(platform, field).await?),
            (true, false) => {
                return Err(Refusal::invalid(&field.name, format!("has no filename: {ACCEPTED}")));
            }
            (false, true) => {}
            (false, false) => {
                let name = field.name.clone();
                params.push(name, field.text().await?).map_err(form::Error::from)?;
            }
        }
    }
    let query = form::query(head).map_err(form::Error::from)?;
    let below = Tree::from_params(&query).map_err(form::Error::from)?;
    let tree = Tree::from_params(&params).map_err(form::Error::from)?;
    Ok((tree.over(below), content))
}

async fn receive(platform: &Platform, mut field: Field) -> Result<Content, Refusal> {
    let name = field.filename.clone().unwrap_or_default();
    let declared_mime = field.content_type.clone().unwrap_or_default();
    let mut broken = None;
    let bytes = field.by_ref().map(|piece| {
        piece.map_err(|error| {
            let told = io::Error::other(error.to_string());
            broken = Some(error);
            told
        })
    });
    let received = platform.receive(bytes, &name).await;
    // What is wrong with the form says more than that it broke off.
    match (received, broken) {
        (Err(_), Some(error)) => Err(error.into()),
        (received, _) => Ok(Content { received: received?, name, declared_mime }),
    }
}
