//! Multipart forms, streamed: one field after another, in order, in constant memory (RFC 7578).

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::future::poll_fn;
use futures_util::{Stream, StreamExt, ready};
use http::header::{self, HeaderMap, HeaderValue};

use super::feed::{Feed, Tap};
use super::{Encoding, Error, Limits};
use crate::body;
use crate::disposition;
use crate::parameters::Parameters;

/// How long the headers of a part may be, or what stands before the first part. Counted in pieces of the body, so up
/// to a piece more may pass.
pub const HEAD_BYTES_MAX: u64 = 64 * 1024;

/// How long a boundary may be. RFC 2046 section 5.1.1 stops at 70; some clients do not.
const BOUNDARY_BYTES_MAX: usize = 256;

/// How much of a field's name is told back.
const FIELD_CHARS_TOLD_MAX: usize = 64;

/// A form being read. Fields come one at a time: drop one before asking for the next; what was unread of it is skipped.
#[derive(Debug)]
pub struct Multipart {
    parser: multer::Multipart<'static>,
    shared: Arc<Shared>,
    fields_seen: usize,
    fields_max: usize,
}

/// What a form and its field in hand both touch.
#[derive(Debug)]
struct Shared {
    feed: Arc<Feed>,
    /// A field dropped before its end, to be skipped.
    unfinished: Mutex<Option<multer::Field<'static>>>,
    text_bytes_max: u64,
    text_bytes_read: AtomicU64,
}

/// One field: what its part's headers say, and its content as a stream of pieces, none of them empty.
#[derive(Debug)]
pub struct Field {
    /// The field's name; empty when the part names none.
    pub name: String,
    /// The file's name as sent; present, though perhaps empty, exactly when the field is a file.
    pub filename: Option<String>,
    /// The part's Content-Type, to the letter.
    pub content_type: Option<String>,
    content: Option<multer::Field<'static>>,
    shared: Arc<Shared>,
}

impl Multipart {
    /// Begins reading a form. Headers are those of the request.
    pub fn new(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Self, Error> {
        let boundary = boundary(headers)?;
        let feed = Arc::new(Feed::default());
        let tap = Tap { pieces: body::stream(body, limits.body)?, feed: feed.clone() };
        let shared = Shared {
            feed,
            unfinished: Mutex::default(),
            text_bytes_max: limits.text_bytes_max,
            text_bytes_read: AtomicU64::new(0),
        };
        Ok(Self {
            parser: multer::Multipart::new(tap, boundary),
            shared: Arc::new(shared),
            fields_seen: 0,
            fields_max: limits.fields_max,
        })
    }

    /// The next field, or None after the last boundary.
    pub async fn next_field(&mut self) -> Result<Option<Field>, Error> {
        self.skip_unfinished().await?;
        let Self { parser, shared, .. } = self;
        let given_max = shared.feed.bytes_given().saturating_add(HEAD_BYTES_MAX);
        let next = poll_fn(|task| shared.feed.poll(task, Some(given_max), |task| parser.poll_next_field(task)));
        let Some(content) = next.await? else { return Ok(None) };
        self.fields_seen += 1;
        if self.fields_seen > self.fields_max {
            return Err(Error::TooManyFields { fields_max: self.fields_max });
        }
        let field = Field::new(content, self.shared.clone());
        self.shared.count(&field.name, field.said_bytes())?;
        Ok(Some(field))
    }

    async fn skip_unfinished(&mut self) -> Result<(), Error> {
        let unfinished = self.shared.unfinished.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut content) = unfinished else { return Ok(()) };
        while poll_fn(|task| poll_content(&self.shared, &mut content, task)).await?.is_some() {}
        Ok(())
    }
}

impl Shared {
    /// Counts so many bytes of text, which came with this field.
    fn count(&self, field: &str, bytes: usize) -> Result<(), Error> {
        let bytes = bytes as u64;
        if self.text_bytes_read.fetch_add(bytes, Relaxed) + bytes > self.text_bytes_max {
            let field = field.chars().take(FIELD_CHARS_TOLD_MAX).collect();
            let text_bytes_max = self.text_bytes_max;
            return Err(Error::TextTooLarge { field, text_bytes_max });
        }
        Ok(())
    }
}

impl Field {
    fn new(content: multer::Field<'static>, shared: Arc<Shared>) -> Self {
        let headers = content.headers();
        let disposition = headers.get(header::CONTENT_DISPOSITION).map(|value| disposition::read(value.as_bytes()));
        let disposition = disposition.unwrap_or_default();
        let content_type = headers.get(header::CONTENT_TYPE);
        Self {
            name: disposition.name.unwrap_or_default(),
            filename: disposition.filename,
            content_type: content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
            content: Some(content),
            shared,
        }
    }

    /// How long all that the part says of itself is: whoever reads a form may keep it.
    fn said_bytes(&self) -> usize {
        let optional = [&self.filename, &self.content_type];
        self.name.len() + optional.into_iter().flatten().map(String::len).sum::<usize>()
    }

    /// Whether the field is a file, which is to say that it has a filename.
    pub fn is_file(&self) -> bool {
        self.filename.is_some()
    }

    /// The whole content as text, within what the form's limit leaves. Bytes that are not UTF-8 become U+FFFD.
    pub async fn text(mut self) -> Result<String, Error> {
        let mut text = BytesMut::new();
        while let Some(piece) = self.next().await {
            let piece = piece?;
            let length = piece.len() as u64;
            let text_bytes_max = self.shared.text_bytes_max;
            if self.shared.text_bytes_read.fetch_add(length, Relaxed) + length > text_bytes_max {
                return Err(Error::TextTooLarge { field: std::mem::take(&mut self.name), text_bytes_max });
            }
            text.extend_from_slice(&piece);
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

impl Stream for Field {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { content: slot, shared, .. } = &mut *self;
        let Some(content) = slot else { return Poll::Ready(None) };
        let piece = ready!(poll_content(shared, content, task)).transpose();
        if !matches!(piece, Some(Ok(_))) {
            *slot = None;
        }
        Poll::Ready(piece)
    }
}

impl Drop for Field {
    fn drop(&mut self) {
        *self.shared.unfinished.lock().unwrap_or_else(PoisonError::into_inner) = self.content.take();
    }
}

fn boundary(headers: &HeaderMap) -> Result<String, Error> {
    if Encoding::of(headers) != Encoding::Multipart {
        return Err(Error::NotMultipart);
    }
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let boundary = Parameters::of(content_type).find(b"boundary").ok_or(Error::NoBoundary)?;
    let boundary = String::from_utf8(boundary.bytes).map_err(|_| Error::NoBoundary)?;
    if (1..=BOUNDARY_BYTES_MAX).contains(&boundary.len()) { Ok(boundary) } else { Err(Error::NoBoundary) }
}

/// The next piece of a field that is not empty.
fn poll_content(
    shared: &Shared,
    content: &mut multer::Field<'static>,
    task: &mut Context<'_>,
) -> Poll<Result<Option<Bytes>, Error>> {
    loop {
        let piece =
            ready!(shared.feed.poll(task, None, |task| { content.poll_next_unpin(task).map(Option::transpose) }))?;
        if piece.as_ref().is_none_or(|piece| !piece.is_empty()) {
            return Poll::Ready(Ok(piece));
        }
    }
}
