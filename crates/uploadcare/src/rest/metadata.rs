//! `/files/{uuid}/metadata/`: key-value pairs of one file. Values travel as JSON strings, also those that clients forget to escape.

use super::call::Call;
use crate::error::rest::Error;
use crate::id;
use axum::response::Response;
use http::StatusCode;
use platform::Noun;
use web::json::no_content;

/// `GET /files/{uuid}/metadata/`.
pub(super) async fn list(call: &Call, file: &str) -> Result<Response, Error> {
    let file = id::file(file).ok_or(Error::NotFound)?;
    let file = call.platform().find_file(&call.principal, file).await?;
    Ok(call.ok(file.metadata.pairs()))
}

/// `GET /files/{uuid}/metadata/{key}/`.
pub(super) async fn show(call: &Call, file: &str, key: &str) -> Result<Response, Error> {
    let file = id::file(file).ok_or(Error::NotFound)?;
    let file = call.platform().find_file(&call.principal, file).await?;
    let missing = platform::Error::NotFound(Noun::MetadataKey);
    let value = file.metadata.get(key).ok_or(missing)?;
    Ok(call.ok(&value))
}

/// `PUT /files/{uuid}/metadata/{key}/`: 201 if the key is new.
pub(super) async fn set(call: &Call, file: &str, key: &str) -> Result<Response, Error> {
    let file = id::file(file).ok_or(Error::NotFound)?;
    let value = value_of(call.json_body()?)?;
    let set = call.platform().set_file_metadata(&call.principal, file, key.to_owned(), value.clone());
    let status = if set.await? { StatusCode::CREATED } else { StatusCode::OK };
    Ok(call.json(status, &value))
}

/// `DELETE /files/{uuid}/metadata/{key}/`.
pub(super) async fn delete(call: &Call, file: &str, key: &str) -> Result<Response, Error> {
    let file = id::file(file).ok_or(Error::NotFound)?;
    call.platform().delete_file_metadata(&call.principal, file, key).await?;
    Ok(no_content())
}

/// The value in a body. Two clients put quotes around it without escaping what is between; one sends nothing for an empty value, which
/// the noun then refuses.
fn value_of(body: &[u8]) -> Result<String, Error> {
    if body.is_empty() {
        return Ok(String::new());
    }
    if let Ok(value) = serde_json::from_slice(body) {
        return Ok(value);
    }
    let quoted = body.trim_ascii().strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    let text = quoted.and_then(|text| std::str::from_utf8(text).ok());
    text.map(str::to_owned).ok_or(Error::MetadataValueMalformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &[u8], expected: Option<&str>) {
        assert_eq!(value_of(body).ok().as_deref(), expected, "{}", body.escape_ascii());
    }

    #[test]
    fn values_as_clients_write_them() {
        check(br#""uploader""#, Some("uploader"));
        check(br#""a \"b\" \u00e9""#, Some(r#"a "b" é"#));
        check(br#" "padded" "#, Some("padded"));
        check(br#""he said "hi"""#, Some(r#"he said "hi""#));
        check(b"\"two\nlines\"", Some("two\nlines"));
        check(br#""C:\dir""#, Some(r"C:\dir"));
        check("\"é\"".as_bytes(), Some("é"));
        check(b"\"\"", Some(""));
        check(b"", Some(""));
    }

    #[test]
    fn bodies_that_are_no_string() {
        for body in [&b"uploader"[..], b"1", b"null", b"{}", b"[\"a\"]", b"\"", b"\"\xff\""] {
            check(body, None);
        }
    }
}
