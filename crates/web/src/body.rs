//! A request's body under limits: how long it may be, how long it may stall, how big its pieces are.
//!
//! Everything that reads a body reads it through here: forms, raw parts, JSON.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, ready};
use tokio::time::{Instant, Sleep, sleep};

/// The biggest piece a body is handed on in.
pub const CHUNK_BYTES_MAX: usize = 64 * 1024;

/// How long a sender may pause unless the door says otherwise. Phones in tunnels pause; this outlasts most of them.
pub const STALL_MAX: Duration = Duration::from_mins(1);

/// How fast a sender must be on the whole, in bytes per second, so that nobody holds a connection for days with a byte now
/// and then. A modem of 1990 was faster.
pub const BYTES_PER_SECOND_MIN: u64 = 1024;

/// How much of a body is taken, and how patiently.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest body.
    pub bytes_max: u64,
    /// The longest wait for its next piece; and for all of them together, beyond what [`BYTES_PER_SECOND_MIN`] allows.
    pub stall_max: Duration,
}

impl Limits {
    /// Up to this many bytes, with the usual patience, [`STALL_MAX`].
    pub fn of_bytes(bytes_max: u64) -> Self {
        Self { bytes_max, stall_max: STALL_MAX }
    }
}

/// Why a body could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is longer than the limit, or said that it would be.
    #[error("the body is longer than {bytes_max} bytes")]
    TooLarge {
        /// The limit.
        bytes_max: u64,
    },
    /// Nothing came for too long, or little for very long.
    #[error("the body came too slowly: waited {} s for more of it", stall_max.as_secs_f32())]
    Stalled {
        /// The limit.
        stall_max: Duration,
    },
    /// The connection broke, or the framing did.
    #[error("the body broke off")]
    Broken(#[source] axum::Error),
}

/// Reads all of a body into memory.
pub async fn read(body: Body, limits: Limits) -> Result<Bytes, Error> {
    let mut pieces = stream(body, limits)?;
    let mut bytes = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        bytes.extend_from_slice(&piece?);
    }
    Ok(bytes.freeze())
}

/// A body as pieces of at most [`CHUNK_BYTES_MAX`]. One whose Content-Length is beyond the limit is refused unread.
pub fn stream(body: Body, limits: Limits) -> Result<Pieces, Error> {
    if body.size_hint().lower() > limits.bytes_max {
        return Err(Error::TooLarge { bytes_max: limits.bytes_max });
    }
    Ok(Pieces {
        body: body.into_data_stream(),
        limits,
        bytes_read: 0,
        left: Bytes::new(),
        patience: Box::pin(sleep(limits.stall_max)),
        waiting_since: None,
        waited: Duration::ZERO,
    })
}

/// The pieces of a body, none of them empty. After an error there are no more.
pub struct Pieces {
    body: axum::body::BodyDataStream,
    limits: Limits,
    bytes_read: u64,
    /// The rest of a frame that was too big to hand on at once.
    left: Bytes,
    patience: Pin<Box<Sleep>>,
    waiting_since: Option<Instant>,
    /// For how long the sender was waited for, before this wait.
    waited: Duration,
}

impl Stream for Pieces {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while self.left.is_empty() {
            let Some(frame) = ready!(self.poll_frame(task)) else {
                return Poll::Ready(None);
            };
            let frame = match frame {
                Ok(frame) => frame,
                Err(error) => return Poll::Ready(Some(Err(self.fail(error)))),
            };
            self.bytes_read += frame.len() as u64;
            if self.bytes_read > self.limits.bytes_max {
                let bytes_max = self.limits.bytes_max;
                return Poll::Ready(Some(Err(self.fail(Error::TooLarge { bytes_max }))));
            }
            self.left = frame;
        }
        let length = self.left.len().min(CHUNK_BYTES_MAX);
        Poll::Ready(Some(Ok(self.left.split_to(length))))
    }
}

impl Pieces {
    /// The next frame, or the end of patience. The clock runs only while the sender is waited for, so a reader that
    /// takes its time is never held against the sender.
    fn poll_frame(&mut self, task: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        if let Poll::Ready(frame) = self.body.poll_next_unpin(task) {
            self.waited += self.waiting_since.take().map_or(Duration::ZERO, |since| since.elapsed());
            return Poll::Ready(frame.map(|frame| frame.map_err(Error::Broken)));
        }
        if self.waiting_since.is_none() {
            let now = Instant::now();
            self.waiting_since = Some(now);
            let deadline = now + self.patience_left();
            self.patience.as_mut().reset(deadline);
        }
        ready!(self.patience.as_mut().poll(task));
        let stall_max = self.limits.stall_max;
        Poll::Ready(Some(Err(Error::Stalled { stall_max })))
    }

    /// For how long the next piece is waited for.
    fn patience_left(&self) -> Duration {
        let earned = Duration::from_secs(self.bytes_read / BYTES_PER_SECOND_MIN);
        (self.limits.stall_max + earned).saturating_sub(self.waited).min(self.limits.stall_max)
    }

    fn fail(&mut self, error: Error) -> Error {
        self.body = Body::empty().into_data_stream();
        error
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::convert::Infallible;
    use std::future::ready;

    use futures_util::stream::{iter, pending, unfold};

    use super::*;

    fn limits(bytes_max: u64) -> Limits {
        Limits::of_bytes(bytes_max)
    }

    /// A body of unannounced length.
    fn unannounced(pieces: &'static [&'static str]) -> Body {
        Body::from_stream(iter(pieces.iter().map(|piece| Ok::<_, Infallible>(*piece))))
    }

    #[tokio::test]
    async fn reads_up_to_the_limit() {
        assert_eq!(read(Body::from("12345"), limits(5)).await.unwrap(), "12345");
        assert_eq!(read(unannounced(&["123", "", "45"]), limits(5)).await.unwrap(), "12345");
        assert_eq!(read(Body::empty(), limits(0)).await.unwrap(), "");
    }

    #[tokio::test]
    async fn refuses_beyond_the_limit() {
        assert!(stream(Body::from("123456"), limits(5)).is_err(), "announced, so refused unread");
        let error = read(unannounced(&["123", "456"]), limits(5)).await.unwrap_err();
        assert!(matches!(error, Error::TooLarge { bytes_max: 5 }));
    }

    #[tokio::test]
    async fn big_frames_are_cut() {
        let size = 3 * CHUNK_BYTES_MAX + 1;
        let pieces = stream(Body::from(vec![7; size]), limits(size as u64)).unwrap();
        let lengths: Vec<usize> = pieces.map(|piece| piece.unwrap().len()).collect().await;
        assert_eq!(lengths, [CHUNK_BYTES_MAX, CHUNK_BYTES_MAX, CHUNK_BYTES_MAX, 1]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stalled_sender_is_given_up_and_a_slow_reader_is_not_its_fault() {
        let endless = iter([Ok::<_, Infallible>("one"), Ok("two")]).chain(pending());
        let mut pieces = stream(Body::from_stream(endless), limits(100)).unwrap();
        assert_eq!(pieces.next().await.unwrap().unwrap(), "one");
        tokio::time::advance(STALL_MAX * 2).await;
        assert_eq!(pieces.next().await.unwrap().unwrap(), "two");
        assert!(matches!(pieces.next().await, Some(Err(Error::Stalled { .. }))));
        assert!(pieces.next().await.is_none());
    }

    /// A piece of so many bytes every second, of a body with many.
    fn one_each_second(piece_bytes: usize) -> Pieces {
        let pieces = unfold((), move |()| async move {
            sleep(Duration::from_secs(1)).await;
            Some((Ok::<_, Infallible>(vec![7; piece_bytes]), ()))
        });
        stream(Body::from_stream(pieces.take(300)), limits(u64::MAX)).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_now_and_then_is_not_enough() {
        let lengths = async |pieces: Pieces| pieces.filter(|piece| ready(piece.is_ok())).count().await;
        let drips = lengths(one_each_second(1)).await as u64;
        assert!((59..=60).contains(&drips), "{drips}");
        assert_eq!(lengths(one_each_second(BYTES_PER_SECOND_MIN as usize)).await, 300);
    }
}
