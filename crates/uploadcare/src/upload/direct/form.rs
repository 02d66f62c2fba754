//! The form of a direct upload, read to its end whatever is wrong with it: only then is it known whose it is.
//!
//! The first problem is remembered; after it no more bytes are kept, but parameters still are.

use crate::error::upload::Error;
use axum::body::Body;
use domain::file::tidy_name;
use futures_util::StreamExt;
use http::request::Parts;
use platform::Platform;
use platform::intake::Received;
use std::io;
use web::body;
use web::form::{self, Encoding, Field, Limits, Multipart, TEXT_BYTES_MAX};
use web::params::{PARAMS_MAX, Params};

/// The most files of one request: the original's framework refuses more than a hundred.
const FILES_MAX: usize = 100;

/// What a form may have beyond the bytes of its files: its texts, and the framing of everything.
const BEYOND_FILES_BYTES_MAX: u64 = 2 * TEXT_BYTES_MAX;

/// A form that was read.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub params: Params,
    pub files: Vec<Sent>,
    /// The first thing that was wrong.
    pub problem: Option<Error>,
    /// The form could not be read to its end, so something may be missing.
    pub is_cut: bool,
}

/// A file of the form.
#[derive(Debug)]
pub(super) struct Sent {
    /// The field it came in.
    pub field: String,
    /// Its name as sent.
    pub name: String,
    /// Its type as declared.
    pub mime: Option<String>,
    pub received: Received,
}

impl Form {
    /// A body that is no form is an empty form.
    pub async fn read(platform: &Platform, parts: &Parts, body: Body) -> Self {
        let mut form = Self::default();
        match Encoding::of(&parts.headers) {
            Encoding::Multipart => form.read_multipart(platform, parts, body).await,
            Encoding::Urlencoded => form.read_urlencoded(body).await,
            Encoding::Json | Encoding::Other => {}
        }
        form
    }

    async fn read_urlencoded(&mut self, body: Body) {
        match body::read(body, body::Limits::of_bytes(TEXT_BYTES_MAX)).await {
            Ok(text) => match Params::parse(&text) {
                Ok(params) => self.params = params,
                Err(_) => self.cut(Error::FieldsTooMany),
            },
            Err(error) => self.cut(worded(&form::Error::Body(error))),
        }
    }

    async fn read_multipart(&mut self, platform: &Platform, parts: &Parts, body: Body) {
        let limits = Limits {
            fields_max: PARAMS_MAX + FILES_MAX + 1,
            ..Limits::of_bytes(platform.settings().direct_upload_bytes_max + BEYOND_FILES_BYTES_MAX)
        };
        let mut multipart = match Multipart::new(&parts.headers, body, &limits) {
            Ok(multipart) => multipart,
            Err(error) => return self.cut(worded(&error)),
        };
        loop {
            match multipart.next_field().await {
                Ok(Some(field)) if field.is_file() => self.take_file(platform, field).await,
                Ok(Some(field)) => self.take_text(field).await,
                Ok(None) => return,
                Err(error) => return self.cut(worded(&error)),
            }
        }
    }

    async fn take_text(&mut self, field: Field) {
        let name = field.name.clone();
        match field.text().await {
            Ok(text) => {
                if self.params.push(name, text).is_err() {
                    self.note(Error::FieldsTooMany);
                }
            }
            Err(error) => self.note(worded(&error)),
        }
    }

    /// Browsers send a nameless part for a file field in which nothing was chosen.
    async fn take_file(&mut self, platform: &Platform, mut field: Field) {
        let name = field.filename.take().unwrap_or_default();
        if self.problem.is_some() || tidy_name(&name).is_empty() {
            return;
        }
        if self.files.len() >= FILES_MAX {
            return self.note(Error::FilesTooMany);
        }
        let (into, mime) = (field.name.clone(), field.content_type.take());
        let mut failure = None;
        let pieces = field.map(|piece| {
            piece.map_err(|error| {
                failure = Some(error);
                io::Error::other("the form could not be read further")
            })
        });
        let received = platform.receive(pieces, &name).await;
        match (received, failure) {
            (_, Some(failure)) => self.note(worded(&failure)),
            (Err(error), None) => self.note(error.into()),
            (Ok(received), None) => {
                self.files.push(Sent { field: into, name, mime: mime.filter(|mime| !mime.is_empty()), received });
            }
        }
    }

    fn note(&mut self, problem: Error) {
        self.files.clear();
        self.problem.get_or_insert(problem);
    }

    fn cut(&mut self, problem: Error) {
        self.is_cut = true;
        self.note(problem);
    }
}

fn worded(error: &form::Error) -> Error {
    match error {
        form::Error::Body(body::Error::TooLarge { .. }) | form::Error::TextTooLarge { .. } => Error::RequestTooLarge,
        form::Error::TooManyFields { .. } | form::Error::TooManyParams(_) => Error::FieldsTooMany,
        form::Error::NotMultipart
        | form::Error::NoBoundary
        | form::Error::Truncated
        | form::Error::BadHead
        | form::Error::HeadTooLarge
        | form::Error::FieldStillOpen
        | form::Error::Tree(_)
        | form::Error::Body(body::Error::Stalled { .. } | body::Error::Broken(_)) => Error::FormMalformed,
    }
}
