//! Answers made of exact bytes with an exact Content-Type: nothing is appended, no charset is guessed.
//!
//! Clients compare the type as a plain string, so it is the caller's to the letter.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// An answer with these bytes and this Content-Type, such as `application/json`.
pub fn respond(status: StatusCode, content_type: HeaderValue, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}

/// 204, without a body and without a Content-Type.
pub fn no_content() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// JSON without a space between its tokens. The value is one whose serialisation cannot fail: maps have text keys.
pub fn compact(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value).expect("wire types have text keys and do not fail").into()
}

/// JSON with `", "` and `": "`, as Python's `json.dumps` writes it. Of the value the same is asked as by [`compact`].
pub fn spaced(value: &impl Serialize) -> Bytes {
    let mut bytes = Vec::new();
    let serialized = value.serialize(&mut Serializer::with_formatter(&mut bytes, Spaced));
    serialized.expect("wire types have text keys and do not fail");
    bytes.into()
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn the_type_is_the_callers_to_the_letter() {
        let content_type = HeaderValue::from_static("application/vnd.example-v1+json");
        let response = respond(StatusCode::CREATED, content_type, "{}");
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/vnd.example-v1+json");
        assert_eq!(response.headers().len(), 1);
    }

    #[test]
    fn no_content_says_nothing() {
        assert_eq!(no_content().status(), StatusCode::NO_CONTENT);
        assert!(no_content().headers().is_empty());
    }

    #[test]
    fn two_spacings() {
        let value = json!({"a": [1, {"b": "x, y: z"}], "c": {}, "d": []});
        assert_eq!(compact(&value), r#"{"a":[1,{"b":"x, y: z"}],"c":{},"d":[]}"#);
        assert_eq!(spaced(&value), r#"{"a": [1, {"b": "x, y: z"}], "c": {}, "d": []}"#);
    }
}
