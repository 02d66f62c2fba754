//! HEAD: an answer without its body, bearing the length that the body would have (RFC 9110, section 9.3.2).

use axum::body::{Body, HttpBody};
use axum::response::Response;
use http::{StatusCode, header};

/// The head alone.
pub(crate) fn without_body(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let length = body.size_hint().exact();
    if let Some(length) = length.filter(|_| parts.status != StatusCode::NO_CONTENT) {
        parts.headers.insert(header::CONTENT_LENGTH, length.into());
    }
    Response::from_parts(parts, Body::empty())
}
