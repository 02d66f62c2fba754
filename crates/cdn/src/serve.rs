//! Answers: conditions and ranges weighed, headers written, bytes streamed.

use crate::Door;
use crate::error::Refusal;
use crate::media;
use crate::path::Asked;
use axum::body::Body;
use axum::response::Response;
use domain::file::File;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use std::fmt::Write;
use std::ops::Range;
use web::conditional::{Representation, Verdict, content_range, evaluate, unsatisfied_content_range};
use web::{disposition, instant};

/// The original, in whole or in part, or the news that the caller has it already.
pub(crate) async fn original(door: &Door, head: &Parts, file: &File, asked: &Asked) -> Result<Response, Refusal> {
    let etag = etag(file);
    let size = file.size_bytes as u64;
    let representation = Representation { etag: Some(&etag), modified_at: Some(file.uploaded_at.as_micros()), size };
    let mut response = match evaluate(&head.method, &head.headers, &representation) {
        Verdict::Full => bytes(door, head, file, None).await?,
        Verdict::Partial(range) => bytes(door, head, file, Some(range)).await?,
        Verdict::NotModified => bare(StatusCode::NOT_MODIFIED),
        Verdict::PreconditionFailed => return Ok(bare(StatusCode::PRECONDITION_FAILED)),
        Verdict::Unsatisfiable => return Ok(unsatisfiable(size)),
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, text(&etag));
    headers.insert(header::CACHE_CONTROL, cache_control(door, file));
    headers.insert(header::LAST_MODIFIED, text(&instant::http_date(file.uploaded_at.as_micros())));
    if response.status() != StatusCode::NOT_MODIFIED {
        describe(response.headers_mut(), file, asked);
    }
    Ok(response)
}

/// 302, to be kept as long as what it leads to: the id at its end never changes.
pub(crate) fn redirect(door: &Door, location: &str) -> Result<Response, Refusal> {
    let location = HeaderValue::try_from(location).map_err(|_| Refusal::NotFound)?;
    let mut response = bare(StatusCode::FOUND);
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, location);
    headers.insert(header::CACHE_CONTROL, public(door));
    Ok(response)
}

/// 200 or 206. The length is written out because a HEAD has it too, and there the bytes are not even opened.
async fn bytes(door: &Door, head: &Parts, file: &File, range: Option<Range<u64>>) -> Result<Response, Refusal> {
    let size = file.size_bytes as u64;
    let length = range.as_ref().map_or(size, |range| range.end - range.start);
    let mut response = bare(StatusCode::OK);
    if let Some(range) = &range {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        response.headers_mut().insert(header::CONTENT_RANGE, content_range(range, size));
    }
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    if head.method != Method::HEAD {
        *response.body_mut() = Body::from_stream(door.platform.open_content(file, range).await?);
    }
    Ok(response)
}

fn unsatisfiable(size: u64) -> Response {
    let mut response = bare(StatusCode::RANGE_NOT_SATISFIABLE);
    response.headers_mut().insert(header::CONTENT_RANGE, unsatisfied_content_range(size));
    response
}

/// What the bytes are, and what a browser may do with them.
fn describe(headers: &mut HeaderMap, file: &File, asked: &Asked) {
    let mime = media::mime(file);
    let name = asked.name.as_deref().unwrap_or(&file.name);
    headers.insert(header::CONTENT_TYPE, text(&mime));
    headers.insert(header::CONTENT_DISPOSITION, disposition::write(asked.kind, Some(name)));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if !media::is_passive(&mime) {
        headers.insert(header::CONTENT_SECURITY_POLICY, media::SANDBOX);
    }
}

/// A protected original is kept by nobody: the next request must show its key again.
fn cache_control(door: &Door, file: &File) -> HeaderValue {
    if file.is_original_protected { HeaderValue::from_static("private, no-store") } else { public(door) }
}

fn public(door: &Door) -> HeaderValue {
    text(&format!("public, max-age={}", door.settings.public_cache_for.as_secs()))
}

/// The hash of the bytes: the same wherever they are uploaded, and strong.
fn etag(file: &File) -> String {
    let mut etag = String::with_capacity(2 + 2 * file.sha256.len());
    etag.push('"');
    for byte in file.sha256 {
        write!(etag, "{byte:02x}").expect("a String takes all that is written");
    }
    etag.push('"');
    etag
}

fn bare(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A header made of text that is ours, or sniffed and listed.
fn text(text: &str) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"))
}
