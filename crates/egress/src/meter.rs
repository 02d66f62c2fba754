//! The meter: how much a receiver may say, in bytes as they come from the socket.
//!
//! The libraries above pass over what is of no use to us: interim responses, resets of streams long gone, TLS tickets. A receiver that
//! sends those faster than they are passed over would keep whoever reads at it, beyond any deadline, as there is always more to read. So
//! every exchange brings an allowance, a connection at rest has a small one, and reading beyond it fails. Counted beneath TLS, which has
//! such messages of its own.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// What may be said outside of any exchange: handshakes, settings, pings, the rest of an answer that was left.
const AT_REST_BYTES_MAX: i64 = 128 * 1024;

/// A socket that is read from as far as the allowance goes.
pub(crate) struct Metered {
    socket: TcpStream,
    allowance: Allowance,
}

/// What a receiver may still say on one connection. Exchanges that share the connection share it.
#[derive(Clone)]
pub(crate) struct Allowance(Arc<Balance>);

struct Balance {
    left: AtomicI64,
    granted: AtomicI64,
}

/// A part of one exchange, until dropped: what it did not need is not kept for the next.
pub(crate) struct Grant {
    allowance: Allowance,
    bytes: i64,
}

impl Allowance {
    pub(crate) fn grant(&self, bytes: usize) -> Grant {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX / 1024);
        self.0.granted.fetch_add(bytes, Relaxed);
        self.0.left.fetch_add(bytes, Relaxed);
        Grant { allowance: self.clone(), bytes }
    }
}

impl Drop for Grant {
    fn drop(&mut self) {
        let balance = &self.allowance.0;
        let granted = balance.granted.fetch_sub(self.bytes, Relaxed) - self.bytes;
        balance.left.fetch_min(AT_REST_BYTES_MAX + granted, Relaxed);
    }
}

impl Metered {
    pub(crate) fn new(socket: TcpStream) -> (Self, Allowance) {
        let allowance =
            Allowance(Arc::new(Balance { left: AtomicI64::new(AT_REST_BYTES_MAX), granted: AtomicI64::new(0) }));
        (Self { socket, allowance: allowance.clone() }, allowance)
    }
}

impl AsyncRead for Metered {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.allowance.0.left.load(Relaxed) <= 0 {
            let error = "the receiver says more than anyone asked";
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, error)));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.socket).poll_read(cx, buffer))?;
        let heard = (buffer.filled().len() - before) as i64;
        self.allowance.0.left.fetch_sub(heard, Relaxed);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Metered {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
