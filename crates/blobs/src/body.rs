//! Bytes on their way out: a stream of chunks, each read on the blocking pool when asked for.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Stream;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::{Error, HOP_BYTES};

/// A stream of chunks of at most [`HOP_BYTES`]. The first was read on opening, so a small file costs one hop in all.
#[derive(Debug)]
pub struct Body {
    size_bytes: u64,
    range: Range<u64>,
    /// How much is still to be read from the file.
    unread_bytes: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Read, not yet handed out.
    Ready(File, Bytes),
    Waiting(File),
    Reading(JoinHandle<io::Result<(File, Bytes)>>),
    Done,
}

impl Body {
    pub(crate) fn open((mut file, size_bytes): (File, u64), range: Option<&Range<u64>>) -> Result<Self, Error> {
        let range = match range {
            None => 0..size_bytes,
            Some(&Range { start, end }) if start < end.min(size_bytes) => start..end.min(size_bytes),
            Some(_) => return Err(Error::RangeBeyondEnd { size_bytes }),
        };
        if range.start > 0 {
            file.seek(SeekFrom::Start(range.start)).map_err(Error::during("seek in a file"))?;
        }
        let mut unread_bytes = range.end - range.start;
        let first = read(&mut file, unread_bytes).map_err(Error::during("read a file"))?;
        unread_bytes -= first.len() as u64;
        Ok(Self { size_bytes, range, unread_bytes, state: State::Ready(file, first) })
    }

    /// How many bytes lie under the key in all.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Which of them this is: the range asked for, clamped.
    pub fn range(&self) -> Range<u64> {
        self.range.clone()
    }
}

impl Stream for Body {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let this = self.get_mut();
        loop {
            match std::mem::replace(&mut this.state, State::Done) {
                State::Ready(file, chunk) => {
                    this.state = State::Waiting(file);
                    if !chunk.is_empty() {
                        return Poll::Ready(Some(Ok(chunk)));
                    }
                }
                State::Waiting(mut file) => {
                    let unread_bytes = this.unread_bytes;
                    if unread_bytes == 0 {
                        return Poll::Ready(None);
                    }
                    this.state = State::Reading(spawn_blocking(move || {
                        let chunk = read(&mut file, unread_bytes)?;
                        Ok((file, chunk))
                    }));
                }
                State::Reading(mut reading) => {
                    let Poll::Ready(joined) = Pin::new(&mut reading).poll(cx) else {
                        this.state = State::Reading(reading);
                        return Poll::Pending;
                    };
                    let (file, chunk) = match joined.map_err(io::Error::other).flatten() {
                        Ok(read) => read,
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    };
                    this.unread_bytes -= chunk.len() as u64;
                    this.state = State::Ready(file, chunk);
                }
                State::Done => return Poll::Ready(None),
            }
        }
    }
}

/// The next chunk. A file that ends early was damaged from outside: what follows must not look like a clean end.
fn read(file: &mut File, unread_bytes: u64) -> io::Result<Bytes> {
    let wanted = unread_bytes.min(HOP_BYTES as u64);
    let mut chunk = Vec::with_capacity(wanted as usize);
    file.take(wanted).read_to_end(&mut chunk)?;
    if chunk.len() as u64 == wanted { Ok(Bytes::from(chunk)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
