//! The table of the REST API's errors, to the letter. Sentences marked as ours are not known of the original.
#![allow(clippy::unwrap_used)]

use super::*;
use domain::Error as Rule;
use platform::{Error as Verb, Noun};

async fn said(error: Error, version: Version) -> (u16, String, String) {
    let response = error.answer(version);
    let status = response.status().as_u16();
    let content_type = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, content_type, String::from_utf8(body.to_vec()).unwrap())
}

async fn check(error: impl Into<Error>, status: u16, body: &str) {
    let media_type = "application/vnd.uploadcare-v0.7+json".to_owned();
    assert_eq!(said(error.into(), Version::V07).await, (status, media_type, body.to_owned()));
}

async fn check_detail(error: impl Into<Error>, status: u16, detail: &str) {
    let body = format!(r#"{{"detail":{}}}"#, serde_json::to_string(detail).unwrap());
    check(error, status, &body).await;
}

#[tokio::test]
async fn requests() {
    check_detail(Error::NotFound, 404, "Not found.").await;
    check_detail(Error::MethodNotAllowed(Method::PATCH), 405, "Method \"PATCH\" not allowed.").await;
    check_detail(
        Error::NotAcceptable(NotAcceptable { is_old: false }),
        406,
        "Incorrect Accept header provided. Make sure to specify API version. Refer to REST API docs for details.",
    )
    .await;
    check_detail(
        Error::NotAcceptable(NotAcceptable { is_old: true }),
        406,
        "Could not satisfy the request Accept header.",
    )
    .await;
    check_detail(
        Error::MediaTypeUnsupported("text/plain".into()),
        415,
        "Unsupported media type \"text/plain\" in request.",
    )
    .await;
    // Ours.
    check_detail(Error::BodyTooLarge(9), 413, "The request body can not be more than 9 bytes.").await;
    check_detail(Error::BodyInterrupted, 400, "The request body could not be read.").await;
    check_detail(Error::ParametersTooMany, 400, "The request contains too many parameters.").await;
    check_detail(Error::BodyMalformed("JSON parse error - x".into()), 400, "JSON parse error - x").await;
}

#[tokio::test]
async fn credentials() {
    let simple = "Simple authentication over HTTP is forbidden. Please, use HTTPS or signed requests instead.";
    check_detail(Error::SimpleOverHttp, 400, simple).await;
    check_detail(Error::CredentialsIncorrect, 401, "Incorrect authentication credentials.").await;
    check_detail(Error::PublicKeyUnknown("a\"b".into()), 401, "Public key a\"b not found.").await;
    check_detail(Error::SecretKeyMissing, 401, "Secret key not found.").await;
    let sentence = "Invalid signature. Please check your Secret key.";
    check_detail(Error::SignatureInvalid, 401, sentence).await;
    let older = (
        401,
        "application/vnd.uploadcare-v0.6+json".to_owned(),
        r#"{"detail":"Invalid signature. Please check your secret key."}"#.to_owned(),
    );
    assert_eq!(said(Error::SignatureInvalid, Version::V06).await, older);
    let response = Error::CredentialsIncorrect.answer(Version::V07);
    assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Uploadcare");
}

#[tokio::test]
async fn throttling() {
    for (retry_after_seconds, sentence) in [
        (1, "Request was throttled. Expected available in 1 second."),
        (10, "Request was throttled. Expected available in 10 seconds."),
    ] {
        let throttled = || Error::Throttled(Throttled { retry_after_seconds });
        check_detail(throttled(), 429, sentence).await;
        let header = retry_after_seconds.to_string();
        assert_eq!(throttled().answer(Version::V07).headers()[header::RETRY_AFTER], header);
    }
}

#[tokio::test]
async fn parameters() {
    check_detail(Error::ParameterMissing("target_url"), 400, "`target_url` is missing.").await;
    check_detail(Error::BatchMalformed, 400, "Expected list of UUIDs").await;
    check_detail(Error::BatchEmpty, 400, "List of UUIDs can not be empty").await;
    check_detail(Error::BatchTooLong(100), 400, "Maximum UUIDs per request is exceeded. The limit is 100").await;
    let fields = Error::Fields(vec![("target_url", "Enter a valid URL.".into()), ("event", "\"x\" is not.".into())]);
    check(fields, 400, r#"{"target_url":["Enter a valid URL."],"event":["\"x\" is not."]}"#).await;
    // Ours.
    check_detail(Error::ParameterInvalid("from"), 400, "Invalid value of the `from` parameter.").await;
    check_detail(
        Error::MetadataValueMalformed,
        400,
        "Expected a JSON string of 1 to 512 symbols as the value of the metadata key.",
    )
    .await;
}

#[tokio::test]
async fn verbs() {
    for noun in [Noun::Project, Noun::File, Noun::MetadataKey, Noun::Webhook, Noun::Key] {
        check_detail(Verb::NotFound(noun), 404, "Not found.").await;
    }
    check_detail(Verb::Rule(Rule::FileRemoved), 404, "Not found.").await;
    let subscribed = r#"{"non_field_errors":["This project is already subscribed on this event."]}"#;
    check(Verb::AlreadySubscribed, 400, subscribed).await;
    // In the manner of the framework behind the original.
    let problem = TargetProblem::Blocked;
    check(Verb::TargetUrl(problem), 400, r#"{"target_url":["Only public IPs are allowed."]}"#).await;
    check(
        Verb::Rule(Rule::WebhookTargetTooLong),
        400,
        r#"{"target_url":["Ensure this field has no more than 255 characters."]}"#,
    )
    .await;
    check(
        Verb::Rule(Rule::WebhookSecretTooLong),
        400,
        r#"{"signing_secret":["Ensure this field has no more than 32 characters."]}"#,
    )
    .await;
    check(Verb::Rule(Rule::WebhookEventsEmpty), 400, r#"{"event":["This field is required."]}"#).await;
    check_detail(Verb::Forbidden, 403, "You do not have permission to perform this action.").await;
    for internal in [Error::from(Verb::Bug("x".into())), Error::Panicked] {
        check_detail(internal, 500, "A server error occurred.").await;
    }
    for unavailable in [Error::from(Verb::Unavailable("x".into())), Verb::NoSpace.into(), Error::TimedOut] {
        check_detail(unavailable, 503, "Service temporarily unavailable, try again later.").await;
    }
    // Ours.
    check_detail(Verb::WebhooksTooMany { max: 3 }, 400, "A project can not have more than 3 webhooks.").await;
    check_detail(
        Verb::Rule(Rule::MetadataKeyForbidden("a b".into())),
        400,
        "File's metadata key `a b` contains symbols not allowed by the metadata key format.",
    )
    .await;
}
