//! Every reason for a refusal → this wire's status and words: always `{"errors": ["…"]}`, with the statuses that section 15 decides (C13).
//!
//! No malformed request is ever a 5xx: what a caller can get wrong is a reason of its own here.

use crate::document::respond;
use crate::policy;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use platform::{Error, Noun};
use serde::Serialize;
use std::borrow::Cow;
use web::stack::Wording;
use web::{body, form};

/// After how many seconds a caller may try again what is unavailable now.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// What the layers around the routes say for this door. Its answers carry nothing that its routes have not put there.
pub const WORDING: Wording = Wording {
    panicked: |_| respond(StatusCode::INTERNAL_SERVER_ERROR, &Errors { errors: [FAILED] }),
    dress: |_, _| {},
};

/// All that a caller learns of a defect.
const FAILED: &str = "Internal server error";

/// Why a request is not answered with a resource.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// A token is missing, or opens something else.
    Unauthorized,
    /// No such path, or no such method on it: the reference does not tell them apart.
    NoSuchPath,
    /// The body has neither this root key nor any attribute that belongs under it.
    RootMissing(&'static str),
    /// `page` or `items` are no such numbers.
    Page(&'static str),
    /// A parameter of a query is no such number.
    Number(&'static str),
    /// As many streams are open as may be.
    StreamsTooMany(usize),
    /// A test is in the log, but nothing has come of it in this time.
    TestUnanswered { sequence: i64, seconds: u64 },
    /// An attribute is missing or wrong: the sentence names it, and the value.
    Invalid(String),
    /// The body could not be read.
    Form(form::Error),
    /// The verb refused.
    Platform(Error),
}

impl Refusal {
    /// An attribute's value is wrong.
    pub(crate) fn invalid(attribute: &str, reason: impl std::fmt::Display) -> Self {
        Self::Invalid(format!("{attribute}: {reason}"))
    }

    /// The status and the sentence.
    fn wording(&self) -> (StatusCode, Cow<'static, str>) {
        let (status, text) = match self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "Unauthorized".into()),
            Self::NoSuchPath => (StatusCode::NOT_FOUND, "Not found".into()),
            Self::RootMissing(root) => (
                StatusCode::BAD_REQUEST,
                format!("{root} is missing: send JSON, an urlencoded form or multipart/form-data with attributes under {root:?}")
                    .into(),
            ),
            Self::Page(name) => (
                StatusCode::BAD_REQUEST,
                format!("{name} must be a whole number from 1").into(),
            ),
            Self::Number(name) => (StatusCode::BAD_REQUEST, format!("{name} must be a whole number from 0").into()),
            Self::StreamsTooMany(max) => (
                StatusCode::SERVICE_UNAVAILABLE,
                format!("{max} streams are open, the most there may be").into(),
            ),
            Self::TestUnanswered { sequence, seconds } => (
                StatusCode::GATEWAY_TIMEOUT,
                format!("the test has sequence {sequence}, but no attempt was made and answered within {seconds} seconds")
                    .into(),
            ),
            Self::Invalid(sentence) => (StatusCode::UNPROCESSABLE_ENTITY, sentence.clone().into()),
            Self::Form(error) => (of_form(error), error.to_string().into()),
            Self::Platform(error) => of_platform(error),
        };
        (status, text)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Platform(error)
    }
}

impl From<form::Error> for Refusal {
    fn from(error: form::Error) -> Self {
        Self::Form(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, text) = self.wording();
        if let (true, Self::Platform(error)) = (status.is_server_error(), &self) {
            log(error);
        }
        let mut response = respond(status, &Errors { errors: [&text] });
        if status == StatusCode::UNAUTHORIZED {
            let headers = response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response
    }
}

#[derive(Serialize)]
struct Errors<'a> {
    errors: [&'a str; 1],
}

fn of_platform(error: &Error) -> (StatusCode, Cow<'static, str>) {
    match error {
        Error::NotFound(noun) => (StatusCode::NOT_FOUND, not_found(*noun).into()),
        // What a caller holds does not open this: to this wire the same as holding nothing (section 3).
        Error::Forbidden => (StatusCode::UNAUTHORIZED, "Unauthorized".into()),
        Error::Rule(rule) => (StatusCode::UNPROCESSABLE_ENTITY, rule.to_string().into()),
        Error::TargetUrl(problem) => {
            (StatusCode::UNPROCESSABLE_ENTITY, format!("target_url: {}", chain(problem)).into())
        }
        Error::Policy(problem) => {
            (StatusCode::UNPROCESSABLE_ENTITY, format!("{}: {problem}", policy::attribute(problem)).into())
        }
        Error::AlreadySubscribed | Error::WebhooksTooMany { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, error.to_string().into())
        }
        Error::FileTooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, error.to_string().into()),
        Error::UploadInterrupted => (StatusCode::BAD_REQUEST, error.to_string().into()),
        Error::NoSpace => (StatusCode::INSUFFICIENT_STORAGE, error.to_string().into()),
        Error::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "Unavailable, try again".into()),
        Error::Bug(_) => (StatusCode::INTERNAL_SERVER_ERROR, FAILED.into()),
    }
}

const fn not_found(noun: Noun) -> &'static str {
    match noun {
        Noun::Project => "Project not found",
        Noun::File => "File not found",
        Noun::MetadataKey => "Metadata key not found",
        Noun::Webhook => "Webhook not found",
        Noun::Event => "Event not found",
        Noun::Key => "Key not found",
    }
}

fn of_form(error: &form::Error) -> StatusCode {
    match error {
        form::Error::HeadTooLarge
        | form::Error::TextTooLarge { .. }
        | form::Error::Body(body::Error::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
        form::Error::Body(body::Error::Stalled { .. }) => StatusCode::REQUEST_TIMEOUT,
        form::Error::NotMultipart
        | form::Error::NoBoundary
        | form::Error::Truncated
        | form::Error::BadHead
        | form::Error::TooManyFields { .. }
        | form::Error::TooManyParams(_)
        | form::Error::Tree(_)
        | form::Error::Body(body::Error::Broken(_)) => StatusCode::BAD_REQUEST,
        form::Error::FieldStillOpen => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What went wrong and why, as one line: each error tells only what it knew.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        line = format!("{line}: {error}");
        source = error.source();
    }
    line
}

fn log(error: &Error) {
    tracing::error!(error = chain(error), "a uc v1 request failed");
}
