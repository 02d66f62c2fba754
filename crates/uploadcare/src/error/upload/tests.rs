//! The table of the Upload API's errors that this server can answer, to the letter.
#![allow(clippy::unwrap_used)]

use super::*;
use domain::Error as Rule;
use platform::Error as Verb;

async fn said(error: &Error, is_json: bool) -> (u16, String, String) {
    let response = error.answer(is_json);
    let status = response.status().as_u16();
    let content_type = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, content_type, String::from_utf8(body.to_vec()).unwrap())
}

async fn check(error: impl Into<Error>, status: u16, code: &str, sentence: &str) {
    let error = error.into();
    let plain = (status, "text/plain; charset=utf-8".to_owned(), sentence.to_owned());
    assert_eq!(said(&error, false).await, plain);
    let content = serde_json::to_string(sentence).unwrap();
    let envelope = format!(r#"{{"error":{{"status_code":{status},"content":{content},"error_code":"{code}"}}}}"#);
    assert_eq!(said(&error, true).await, (200, "application/json".to_owned(), envelope));
}

#[tokio::test]
async fn requests() {
    check(Error::EndpointUnknown, 404, "EndpointNotFoundError", "Not found.").await;
    let not_allowed = Error::MethodNotAllowed { method: Method::GET, path: "/base/", allowed: "POST, OPTIONS" };
    check(not_allowed, 405, "MethodNotAllowedError", "HTTP method GET is not allowed for /base/").await;
    let throttled = || Error::Throttled(Throttled { retry_after_seconds: 7 });
    check(throttled(), 429, "RequestThrottledError", "Request was throttled.").await;
    for is_json in [false, true] {
        assert_eq!(throttled().answer(is_json).headers()[header::RETRY_AFTER], "7");
    }
    let required = Error::PublicKeyRequired { parameter: "pub_key" };
    check(required, 403, "ProjectPublicKeyRequiredError", "pub_key is required.").await;
    let invalid = Error::PublicKeyInvalid { parameter: "UPLOADCARE_PUB_KEY" };
    check(invalid, 403, "ProjectPublicKeyInvalidError", "UPLOADCARE_PUB_KEY is invalid.").await;
    check(Error::NullCharacters, 400, "NullCharactersForbiddenError", "Null characters are not allowed.").await;
    check(Error::FormMalformed, 400, "PostRequestParserFailedError", "HTTP POST request parsing failed.").await;
    check(Error::FilesTooMany, 400, "RequestFileNumberLimitExceededError", "The request contains too many files.")
        .await;
    check(
        Error::FieldsTooMany,
        400,
        "RequestFiledsNumberLimitExceededError",
        "The request contains too many HTTP POST fields.",
    )
    .await;
    check(Error::RequestTooLarge, 413, "RequestSizeLimitExceededError", "The size of the request is too large.").await;
    check(Error::FilesRequired, 400, "FilesRequiredError", "Request does not contain files.").await;
    check(Error::FileIdRequired, 400, "FileIdRequiredError", "file_id is required.").await;
    check(Error::FileIdInvalid, 400, "FileIdInvalidError", "file_id is invalid.").await;
    check(Error::Panicked, 500, "UploadAPIError", "Internal error.").await;
}

#[tokio::test]
async fn verbs() {
    check(Verb::NotFound(Noun::File), 404, "FileNotFoundError", "File is not found.").await;
    check(Verb::Rule(Rule::FileRemoved), 404, "FileNotFoundError", "File is not found.").await;
    check(Verb::Forbidden, 403, "InternalRequestForbiddenError", "Forbidden request.").await;
    check(Verb::FileTooLarge { bytes_max: 1 }, 400, "FileSizeLimitExceededError", "File is too large.").await;
    check(Verb::UploadInterrupted, 400, "PostRequestParserFailedError", "HTTP POST request parsing failed.").await;
    for internal in [Verb::NoSpace, Verb::Unavailable("x".into()), Verb::Bug("x".into())] {
        check(internal, 500, "UploadAPIError", "Internal error.").await;
    }
    for unexpected in [
        Verb::NotFound(Noun::Webhook),
        Verb::AlreadySubscribed,
        Verb::WebhooksTooMany { max: 1 },
        Verb::Rule(Rule::ProjectName),
    ] {
        check(unexpected, 400, "BaseViewsError", "Request processing failed.").await;
    }
}

#[tokio::test]
async fn metadata() {
    let rule = Verb::Rule;
    check(
        rule(Rule::MetadataKeyDuplicated("a".into())),
        400,
        "FileMetadataKeyDuplicatedError",
        "File's metadata key `a` has a duplicate.",
    )
    .await;
    check(rule(Rule::MetadataKeyEmpty), 400, "FileMetadataKeyEmptyError", "File's metadata key can not be empty.")
        .await;
    check(
        rule(Rule::MetadataKeyForbidden("a b".into())),
        400,
        "FileMetadataKeyForbiddenError",
        "File's metadata key `a b` contains symbols not allowed by the metadata key format.",
    )
    .await;
    check(
        rule(Rule::MetadataKeyTooLong("k".repeat(65))),
        400,
        "FileMetadataKeyLengthTooBigError",
        &format!("Length of file metadata key `{}...` can not be more than 64 symbols.", "k".repeat(64)),
    )
    .await;
    check(
        rule(Rule::MetadataKeysTooMany),
        400,
        "FileMetadataKeysNumberTooBigError",
        "A file can not have more than 50 metadata keys.",
    )
    .await;
    check(
        rule(Rule::MetadataValueEmpty("a".into())),
        400,
        "FileMetadataValueEmptyError",
        "Value of the file metadata key `a` can not be empty.",
    )
    .await;
    check(
        rule(Rule::MetadataValueForbidden("a".into())),
        400,
        "FileMetadataValueForbiddenError",
        "Value of file metadata key `a` contains symbols not allowed by the metadata value format.",
    )
    .await;
    check(
        rule(Rule::MetadataValueTooLong("a".into())),
        400,
        "FileMetadataValueLengthTooBigError",
        "Value of file metadata's key `a` can not be more than 512 symbols in length.",
    )
    .await;
}
