//! The feed: lets the multipart parser have one piece of the body at a time, and only when it has used up the last.
//!
//! The parser reads all that its source will give before it looks at any of it. Over a fast source that would be the
//! whole body in memory, so the tap stays shut until what was given before no longer gets it anywhere.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, ready};

use super::Error;
use crate::body::{self, Pieces};

/// The reader's hand on the tap. One task at a time holds it, so the order of its loads and stores is its own.
#[derive(Debug, Default)]
pub(super) struct Feed {
    is_open: AtomicBool,
    has_ended: AtomicBool,
    bytes_given: AtomicU64,
}

impl Feed {
    /// How much of the body the parser was given so far.
    pub fn bytes_given(&self) -> u64 {
        self.bytes_given.load(Relaxed)
    }

    /// Polls the parser, giving it piece after piece until it is ready or the body is not. Where the parser keeps what
    /// it is given, it is given no more once [`bytes_given`](Self::bytes_given) has reached `given_max`.
    pub fn poll<T>(
        &self,
        task: &mut Context<'_>,
        given_max: Option<u64>,
        mut parser: impl FnMut(&mut Context<'_>) -> Poll<Result<T, multer::Error>>,
    ) -> Poll<Result<T, Error>> {
        loop {
            self.is_open.store(false, Relaxed);
            if let Poll::Ready(ready) = parser(task) {
                return Poll::Ready(ready.map_err(named));
            }
            let given = self.bytes_given();
            if given_max.is_some_and(|given_max| given >= given_max) {
                return Poll::Ready(Err(Error::HeadTooLarge));
            }
            let had_ended = self.has_ended.load(Relaxed);
            self.is_open.store(true, Relaxed);
            if let Poll::Ready(ready) = parser(task) {
                return Poll::Ready(ready.map_err(named));
            }
            if had_ended {
                return Poll::Ready(Err(Error::Truncated));
            }
            if self.bytes_given() == given && !self.has_ended.load(Relaxed) {
                return Poll::Pending;
            }
        }
    }
}

/// What the parser reads from: the body behind the tap.
pub(super) struct Tap {
    pub pieces: Pieces,
    pub feed: Arc<Feed>,
}

impl Stream for Tap {
    type Item = Result<Bytes, body::Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.feed.is_open.load(Relaxed) {
            // Nobody needs waking: whoever shut the tap polls again after opening it.
            return Poll::Pending;
        }
        let piece = ready!(self.pieces.poll_next_unpin(task));
        self.feed.is_open.store(false, Relaxed);
        match &piece {
            Some(Ok(piece)) => _ = self.feed.bytes_given.fetch_add(piece.len() as u64, Relaxed),
            Some(Err(_)) | None => self.feed.has_ended.store(true, Relaxed),
        }
        Poll::Ready(piece)
    }
}

/// The parser's errors in our words. It is given no limits of its own, so its errors about limits do not occur.
fn named(error: multer::Error) -> Error {
    match error {
        multer::Error::StreamReadFailed(source) => {
            source.downcast::<body::Error>().map_or(Error::Truncated, |error| Error::Body(*error))
        }
        multer::Error::IncompleteHeaders
        | multer::Error::ReadHeaderFailed(_)
        | multer::Error::DecodeHeaderName { .. }
        | multer::Error::DecodeHeaderValue { .. } => Error::BadHead,
        multer::Error::LockFailure => Error::FieldStillOpen,
        _ => Error::Truncated,
    }
}
