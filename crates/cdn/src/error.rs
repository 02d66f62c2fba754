//! Every reason for a refusal → a status and a short sentence in plain text.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use platform::{Error, Kind};
use std::borrow::Cow;
use web::stack::Wording;

/// After how many seconds a caller may try again what is unavailable now.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");
/// The longest word of a path that is told back, in characters.
const WORD_CHARS_MAX: usize = 64;

/// All that a caller learns of a defect.
const FAILED: &str = "Something went wrong here.";

/// What the layers around the routes say for this door. Its answers carry nothing that its routes have not put there.
pub const WORDING: Wording =
    Wording { panicked: |_| plain(StatusCode::INTERNAL_SERVER_ERROR, FAILED), dress: |_, _| {} };

/// Why a request is not answered with bytes.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// There is no such file, or it is not for this caller.
    NotFound,
    /// The path asks for what it may not.
    BadRequest(String),
    /// Neither GET nor HEAD.
    MethodNotAllowed,
    /// The verb refused.
    Platform(Error),
}

impl Refusal {
    /// This word of a path is an operation that this server does not do.
    pub(crate) fn not_done(word: &str) -> Self {
        let word: String = word.chars().take(WORD_CHARS_MAX).collect();
        Self::BadRequest(format!(
            "This server does not transform files yet, so it cannot do {word:?}. The original is at the file's address without operations."
        ))
    }

    fn wording(&self) -> (StatusCode, Cow<'static, str>) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "There is no such file.".into()),
            Self::BadRequest(sentence) => (StatusCode::BAD_REQUEST, sentence.clone().into()),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "Files are read with GET or HEAD.".into()),
            Self::Platform(error) => of_platform(error),
        }
    }
}

/// A file may be shown or it may not; more is not asked of the verbs here.
fn of_platform(error: &Error) -> (StatusCode, Cow<'static, str>) {
    match error.kind() {
        Kind::NotFound | Kind::Forbidden => Refusal::NotFound.wording(),
        Kind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "Storage is unavailable; try again.".into()),
        Kind::Invalid | Kind::Conflict | Kind::TooLarge | Kind::Bug => {
            (StatusCode::INTERNAL_SERVER_ERROR, FAILED.into())
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Platform(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, sentence) = self.wording();
        if let (true, Self::Platform(error)) = (status.is_server_error(), &self) {
            log(error);
        }
        let mut response = plain(status, &sentence);
        let headers = response.headers_mut();
        if status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response
    }
}

/// A sentence, for whoever looks, and for no cache.
fn plain(status: StatusCode, sentence: &str) -> Response {
    let mut response = Response::new(format!("{sentence}\n").into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// One line with the whole chain: each error tells only what it knew.
fn log(error: &Error) {
    let mut chain = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        chain = format!("{chain}: {error}");
        source = error.source();
    }
    tracing::error!(error = chain, "a request for a file failed");
}
