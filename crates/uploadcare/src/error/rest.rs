//! The REST API's errors: `{"detail": …}`, or lists of what is wrong with each field.

use super::{log, metadata_sentence};
use crate::version::{NotAcceptable, Version};
use axum::response::Response;
use domain::metadata::VALUE_CHARS_MAX;
use http::{HeaderValue, Method, StatusCode, header};
use platform::TargetProblem;
use serde::Serialize;
use serde::ser::Serializer;
use std::borrow::Cow;
use web::json::{compact, respond};
use web::throttle::Throttled;

/// Why a REST request is refused.
#[derive(Debug)]
pub(crate) enum Error {
    /// No such endpoint, or nothing under that id; a malformed id is one of nothing.
    NotFound,
    /// The endpoint is there, but not for this method.
    MethodNotAllowed(Method),
    /// The caller takes no edition that is spoken here.
    NotAcceptable(NotAcceptable),
    /// The body's type is not one that the endpoint reads.
    MediaTypeUnsupported(String),
    /// The body is too long; holds the limit in bytes.
    BodyTooLarge(u64),
    /// The body broke off.
    BodyInterrupted,
    /// The body is not what its type says; holds why.
    BodyMalformed(String),
    /// More parameters than one request may have.
    ParametersTooMany,
    /// `Uploadcare.Simple` over plain HTTP, where that is refused.
    SimpleOverHttp,
    /// No credentials, garbled ones, or a wrong secret key.
    CredentialsIncorrect,
    /// A public key of no project.
    PublicKeyUnknown(String),
    /// The project has no active secret key.
    SecretKeyMissing,
    /// A signature of something else, by another key, or of another time.
    SignatureInvalid,
    /// Too many requests.
    Throttled(Throttled),
    /// A query parameter that says nothing; holds its name.
    ParameterInvalid(&'static str),
    /// A required parameter is not there; holds its name.
    ParameterMissing(&'static str),
    /// Fields that cannot be taken, each with its reason.
    Fields(Vec<(&'static str, String)>),
    /// A batch that is no list of texts.
    BatchMalformed,
    /// A batch of nothing.
    BatchEmpty,
    /// A batch beyond the limit; holds it.
    BatchTooLong(usize),
    /// A metadata value that is no JSON string.
    MetadataValueMalformed,
    /// What a verb refused.
    Platform(platform::Error),
    /// A handler panicked; the panic is logged already.
    Panicked,
    /// The request took too long; logged already.
    TimedOut,
}

impl From<platform::Error> for Error {
    fn from(error: platform::Error) -> Self {
        Self::Platform(error)
    }
}

enum Told {
    Detail(Cow<'static, str>),
    Fields(Vec<(&'static str, String)>),
}

impl Error {
    /// The answer, in the media type of that edition.
    pub fn answer(self, version: Version) -> Response {
        if let Self::Platform(error) = &self {
            log(error);
        }
        let retry_after_seconds = match &self {
            Self::Throttled(throttled) => Some(throttled.retry_after_seconds),
            _ => None,
        };
        let (status, told) = self.told(version);
        let mut response = respond(status, version.content_type(), compact(&told));
        if let Some(seconds) = retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110, section 11.6.1, asks for it.
            let challenge = HeaderValue::from_static("Uploadcare");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }

    fn told(self, version: Version) -> (StatusCode, Told) {
        match self {
            Self::NotFound => not_found(),
            Self::MethodNotAllowed(method) => {
                (StatusCode::METHOD_NOT_ALLOWED, format!("Method \"{method}\" not allowed.").into())
            }
            Self::NotAcceptable(refused) => (
                StatusCode::NOT_ACCEPTABLE,
                if refused.is_old {
                    "Could not satisfy the request Accept header.".into()
                } else {
                    "Incorrect Accept header provided. Make sure to specify API version. Refer to REST API docs for details.".into()
                },
            ),
            Self::MediaTypeUnsupported(media_type) => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                format!("Unsupported media type \"{media_type}\" in request.").into(),
            ),
            Self::BodyTooLarge(bytes_max) => (
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("The request body can not be more than {bytes_max} bytes.").into(),
            ),
            Self::BodyInterrupted => bad("The request body could not be read."),
            Self::BodyMalformed(reason) => bad(reason),
            Self::ParametersTooMany => bad("The request contains too many parameters."),
            Self::SimpleOverHttp => {
                bad("Simple authentication over HTTP is forbidden. Please, use HTTPS or signed requests instead.")
            }
            Self::CredentialsIncorrect => unauthorized("Incorrect authentication credentials."),
            Self::PublicKeyUnknown(key) => unauthorized(format!("Public key {key} not found.")),
            Self::SecretKeyMissing => unauthorized("Secret key not found."),
            Self::SignatureInvalid if version == Version::V07 => {
                unauthorized("Invalid signature. Please check your Secret key.")
            }
            Self::SignatureInvalid => unauthorized("Invalid signature. Please check your secret key."),
            Self::Throttled(throttled) => (StatusCode::TOO_MANY_REQUESTS, throttled_sentence(throttled).into()),
            Self::ParameterInvalid(name) => bad(format!("Invalid value of the `{name}` parameter.")),
            Self::ParameterMissing(name) => bad(format!("`{name}` is missing.")),
            Self::Fields(fields) => (StatusCode::BAD_REQUEST, Told::Fields(fields)),
            Self::BatchMalformed => bad("Expected list of UUIDs"),
            Self::BatchEmpty => bad("List of UUIDs can not be empty"),
            Self::BatchTooLong(max) => bad(format!("Maximum UUIDs per request is exceeded. The limit is {max}")),
            Self::MetadataValueMalformed => bad(format!(
                "Expected a JSON string of 1 to {VALUE_CHARS_MAX} symbols as the value of the metadata key."
            )),
            Self::Platform(error) => told_of_verb(error),
            Self::Panicked => internal(),
            Self::TimedOut => unavailable(),
        }
    }
}

fn told_of_verb(error: platform::Error) -> (StatusCode, Told) {
    use platform::Error as Verb;
    match error {
        Verb::NotFound(_) => not_found(),
        Verb::Rule(rule) => told_of_rule(&rule),
        Verb::Forbidden => (StatusCode::FORBIDDEN, "You do not have permission to perform this action.".into()),
        Verb::TargetUrl(TargetProblem::Unusable(_)) => field("target_url", "Enter a valid URL."),
        Verb::TargetUrl(TargetProblem::Blocked) => field("target_url", "Only public IPs are allowed."),
        // Clients recognise this one by its words.
        Verb::AlreadySubscribed => field("non_field_errors", "This project is already subscribed on this event."),
        Verb::WebhooksTooMany { max } => bad(format!("A project can not have more than {max} webhooks.")),
        Verb::FileTooLarge { bytes_max } => {
            (StatusCode::PAYLOAD_TOO_LARGE, format!("A file can not be more than {bytes_max} bytes.").into())
        }
        Verb::UploadInterrupted => bad("The request body could not be read."),
        Verb::NoSpace | Verb::Unavailable(_) => unavailable(),
        // Nothing that this API asks for is refused with it.
        Verb::Policy(_) | Verb::Bug(_) => internal(),
    }
}

fn told_of_rule(rule: &domain::Error) -> (StatusCode, Told) {
    use domain::Error as Rule;
    if let Some((_, sentence)) = metadata_sentence(rule) {
        return bad(sentence);
    }
    match rule {
        Rule::FileRemoved => not_found(),
        Rule::WebhookEventsEmpty => field("event", "This field is required."),
        Rule::WebhookTargetTooLong => field("target_url", "Ensure this field has no more than 255 characters."),
        Rule::WebhookSecretTooLong => field("signing_secret", "Ensure this field has no more than 32 characters."),
        // Said above, or of a noun that cannot be changed through this API.
        Rule::MetadataKeysTooMany
        | Rule::MetadataKeyEmpty
        | Rule::MetadataKeyDuplicated(_)
        | Rule::MetadataKeyForbidden(_)
        | Rule::MetadataKeyTooLong(_)
        | Rule::MetadataValueEmpty(_)
        | Rule::MetadataValueForbidden(_)
        | Rule::MetadataValueTooLong(_)
        | Rule::ProjectName => bad("Bad request."),
    }
}

fn throttled_sentence(throttled: Throttled) -> String {
    let seconds = throttled.retry_after_seconds;
    let unit = if seconds == 1 { "second" } else { "seconds" };
    format!("Request was throttled. Expected available in {seconds} {unit}.")
}

fn bad(detail: impl Into<Cow<'static, str>>) -> (StatusCode, Told) {
    (StatusCode::BAD_REQUEST, Told::Detail(detail.into()))
}

fn unauthorized(detail: impl Into<Cow<'static, str>>) -> (StatusCode, Told) {
    (StatusCode::UNAUTHORIZED, Told::Detail(detail.into()))
}

fn field(name: &'static str, problem: &str) -> (StatusCode, Told) {
    (StatusCode::BAD_REQUEST, Told::Fields(vec![(name, problem.to_owned())]))
}

fn not_found() -> (StatusCode, Told) {
    (StatusCode::NOT_FOUND, "Not found.".into())
}

fn internal() -> (StatusCode, Told) {
    (StatusCode::INTERNAL_SERVER_ERROR, "A server error occurred.".into())
}

fn unavailable() -> (StatusCode, Told) {
    let sentence = "Service temporarily unavailable, try again later.";
    (StatusCode::SERVICE_UNAVAILABLE, sentence.into())
}

impl From<&'static str> for Told {
    fn from(detail: &'static str) -> Self {
        Self::Detail(detail.into())
    }
}

impl From<String> for Told {
    fn from(detail: String) -> Self {
        Self::Detail(detail.into())
    }
}

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Detail(detail) => serializer.collect_map([("detail", detail)]),
            Self::Fields(fields) => serializer.collect_map(fields.iter().map(|(name, problem)| (name, [problem]))),
        }
    }
}

#[cfg(test)]
mod tests;
