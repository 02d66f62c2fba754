//! The Upload API's errors: a sentence as plain text under its own status; or, when `jsonerrors` asks for it, an envelope with a code
//! under 200, on which the browser clients depend.

use super::{log, metadata_sentence};
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode, header};
use platform::Noun;
use serde::Serialize;
use std::borrow::Cow;
use web::json::{compact, respond};
use web::throttle::Throttled;

/// Why an upload request is refused.
#[derive(Debug)]
pub(crate) enum Error {
    /// There is no such endpoint.
    EndpointUnknown,
    /// The endpoint is there, but not for this method.
    MethodNotAllowed { method: Method, path: &'static str, allowed: &'static str },
    /// Too many requests.
    Throttled(Throttled),
    /// No public key, under the name that this endpoint has for it.
    PublicKeyRequired { parameter: &'static str },
    /// A public key of no project.
    PublicKeyInvalid { parameter: &'static str },
    /// A parameter with a NUL character.
    NullCharacters,
    /// A form that is none.
    FormMalformed,
    /// More files than one request may bring.
    FilesTooMany,
    /// More parameters than one request may have.
    FieldsTooMany,
    /// A body beyond the limit.
    RequestTooLarge,
    /// A form without files.
    FilesRequired,
    /// No `file_id`.
    FileIdRequired,
    /// A `file_id` that is no UUID.
    FileIdInvalid,
    /// What a verb refused.
    Platform(platform::Error),
    /// A handler panicked; the panic is logged already.
    Panicked,
}

impl From<platform::Error> for Error {
    fn from(error: platform::Error) -> Self {
        Self::Platform(error)
    }
}

/// Status, code and sentence.
type Told = (StatusCode, &'static str, Cow<'static, str>);

#[derive(Serialize)]
struct Envelope<'a> {
    error: Refusal<'a>,
}

#[derive(Serialize)]
struct Refusal<'a> {
    status_code: u16,
    content: &'a str,
    error_code: &'static str,
}

impl Error {
    /// The answer, as an envelope or in plain text.
    pub fn answer(&self, is_json: bool) -> Response {
        let (status, error_code, content) = self.told();
        let mut response = if is_json {
            let error = Refusal { status_code: status.as_u16(), content: &content, error_code };
            let body = compact(&Envelope { error });
            respond(StatusCode::OK, HeaderValue::from_static("application/json"), body)
        } else {
            let plain = HeaderValue::from_static("text/plain; charset=utf-8");
            respond(status, plain, content.into_owned())
        };
        match self {
            Self::Throttled(throttled) => {
                response.headers_mut().insert(header::RETRY_AFTER, throttled.retry_after_seconds.into());
            }
            Self::MethodNotAllowed { allowed, .. } => {
                response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
            }
            Self::Platform(error) => log(error),
            _ => {}
        }
        response
    }

    fn told(&self) -> Told {
        let forbidden = StatusCode::FORBIDDEN;
        match self {
            // Unlike all others not of the recorded table, which knows only endpoints that exist.
            Self::EndpointUnknown => (StatusCode::NOT_FOUND, "EndpointNotFoundError", "Not found.".into()),
            Self::MethodNotAllowed { method, path, .. } => (
                StatusCode::METHOD_NOT_ALLOWED,
                "MethodNotAllowedError",
                format!("HTTP method {method} is not allowed for {path}").into(),
            ),
            Self::Throttled(_) => {
                (StatusCode::TOO_MANY_REQUESTS, "RequestThrottledError", "Request was throttled.".into())
            }
            Self::PublicKeyRequired { parameter } => {
                (forbidden, "ProjectPublicKeyRequiredError", format!("{parameter} is required.").into())
            }
            Self::PublicKeyInvalid { parameter } => {
                (forbidden, "ProjectPublicKeyInvalidError", format!("{parameter} is invalid.").into())
            }
            Self::NullCharacters => bad("NullCharactersForbiddenError", "Null characters are not allowed."),
            Self::FormMalformed => bad("PostRequestParserFailedError", "HTTP POST request parsing failed."),
            Self::FilesTooMany => bad("RequestFileNumberLimitExceededError", "The request contains too many files."),
            // The code is misspelt on the wire.
            Self::FieldsTooMany => {
                bad("RequestFiledsNumberLimitExceededError", "The request contains too many HTTP POST fields.")
            }
            Self::RequestTooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "RequestSizeLimitExceededError",
                "The size of the request is too large.".into(),
            ),
            Self::FilesRequired => bad("FilesRequiredError", "Request does not contain files."),
            Self::FileIdRequired => bad("FileIdRequiredError", "file_id is required."),
            Self::FileIdInvalid => bad("FileIdInvalidError", "file_id is invalid."),
            Self::Platform(error) => told_of_verb(error),
            Self::Panicked => internal(),
        }
    }
}

fn told_of_verb(error: &platform::Error) -> Told {
    use platform::Error as Verb;
    match error {
        Verb::NotFound(Noun::File) => file_not_found(),
        Verb::Rule(rule) => told_of_rule(rule),
        Verb::Forbidden => (StatusCode::FORBIDDEN, "InternalRequestForbiddenError", "Forbidden request.".into()),
        Verb::FileTooLarge { .. } => bad("FileSizeLimitExceededError", "File is too large."),
        Verb::UploadInterrupted => bad("PostRequestParserFailedError", "HTTP POST request parsing failed."),
        Verb::NoSpace | Verb::Unavailable(_) | Verb::Bug(_) => internal(),
        // Nothing that this API asks for is refused with these.
        Verb::NotFound(Noun::Project | Noun::MetadataKey | Noun::Webhook | Noun::Event | Noun::Key)
        | Verb::TargetUrl(_)
        | Verb::Policy(_)
        | Verb::AlreadySubscribed
        | Verb::WebhooksTooMany { .. } => unexpected(),
    }
}

fn told_of_rule(rule: &domain::Error) -> Told {
    use domain::Error as Rule;
    if let Some((code, sentence)) = metadata_sentence(rule) {
        return (StatusCode::BAD_REQUEST, code, sentence.into());
    }
    match rule {
        Rule::FileRemoved => file_not_found(),
        // Said above, or of a noun that this API does not touch.
        Rule::MetadataKeysTooMany
        | Rule::MetadataKeyEmpty
        | Rule::MetadataKeyDuplicated(_)
        | Rule::MetadataKeyForbidden(_)
        | Rule::MetadataKeyTooLong(_)
        | Rule::MetadataValueEmpty(_)
        | Rule::MetadataValueForbidden(_)
        | Rule::MetadataValueTooLong(_)
        | Rule::ProjectName
        | Rule::WebhookEventsEmpty
        | Rule::WebhookTargetTooLong
        | Rule::WebhookSecretTooLong => unexpected(),
    }
}

fn bad(code: &'static str, sentence: &'static str) -> Told {
    (StatusCode::BAD_REQUEST, code, sentence.into())
}

fn file_not_found() -> Told {
    (StatusCode::NOT_FOUND, "FileNotFoundError", "File is not found.".into())
}

fn unexpected() -> Told {
    bad("BaseViewsError", "Request processing failed.")
}

fn internal() -> Told {
    (StatusCode::INTERNAL_SERVER_ERROR, "UploadAPIError", "Internal error.".into())
}

#[cfg(test)]
mod tests;
