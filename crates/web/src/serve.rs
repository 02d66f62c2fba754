//! Listeners: accept, speak HTTP/1.1 or h2c, and stop gracefully.
//!
//! Our own loop over hyper, because a server on the open internet needs what `axum::serve` does not offer: a time limit
//! for sending headers, a cap on connections, and an end to waiting when it stops.
//!
//! Stopping: no more connections are accepted, idle ones close, requests in flight are finished; those that are not
//! finished within the drain limit are cut.

mod connection;
mod unread;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

/// How long a client may take to send a request's headers. An idle connection counts as one that does not send any.
pub const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(10);

/// Connections at once; past it, new ones wait in the kernel's queue.
pub const CONNECTIONS_MAX: usize = 10_000;

/// Bytes of request line and headers. Longer ones are answered 431.
pub const HEADER_BYTES_MAX: usize = 64 * 1024;

/// How long requests in flight may take to finish once the server stops.
pub const DRAIN_LIMIT: Duration = Duration::from_secs(30);

/// The rest after accepting failed for want of descriptors or memory: long enough for some to be given back.
const ACCEPT_BACK_OFF: Duration = Duration::from_millis(200);

/// What an operator may change about a listener. The default of each is the constant above of its name.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// See [`HEADER_READ_TIMEOUT`].
    pub header_read_timeout: Duration,
    /// See [`CONNECTIONS_MAX`].
    pub connections_max: usize,
    /// See [`HEADER_BYTES_MAX`]. Less than 8 KiB is taken as 8 KiB.
    pub header_bytes_max: usize,
    /// See [`DRAIN_LIMIT`].
    pub drain_limit: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            header_read_timeout: HEADER_READ_TIMEOUT,
            connections_max: CONNECTIONS_MAX,
            header_bytes_max: HEADER_BYTES_MAX,
            drain_limit: DRAIN_LIMIT,
        }
    }
}

/// The address at the other end of the connection. An extension of every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Why an address cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another process, or an earlier run of this one, listens there.
    #[error("address in use: {address}")]
    InUse {
        /// The address asked for.
        address: SocketAddr,
    },
    /// Ports below 1024 are for the privileged.
    #[error("not allowed to listen on {address}")]
    NotAllowed {
        /// The address asked for.
        address: SocketAddr,
    },
    /// No interface of this machine has the address.
    #[error("not an address of this machine: {address}")]
    NotOurs {
        /// The address asked for.
        address: SocketAddr,
    },
    /// Anything else.
    #[error("cannot listen on {address}")]
    Other {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
}

/// Listens on an address; port 0 is any free one.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => BindError::InUse { address },
        io::ErrorKind::PermissionDenied => BindError::NotAllowed { address },
        io::ErrorKind::AddrNotAvailable => BindError::NotOurs { address },
        _ => BindError::Other { address, source },
    })
}

/// What was left when the server had stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Connections whose requests were not finished within the drain limit, and were cut.
    pub connections_cut: usize,
}

/// Serves until `stopping` is done, then drains.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: Settings,
    stopping: impl Future<Output = ()>,
) -> Drained {
    let permits = Arc::new(Semaphore::new(settings.connections_max));
    let (going_on, stopped) = watch::channel(());
    let mut connections = JoinSet::new();
    tokio::pin!(stopping);
    loop {
        tokio::select! {
            () = &mut stopping => break,
            Some(ended) = connections.join_next() => note(ended),
            (permit, stream, peer) = accept(&listener, &permits) => {
                let connection = connection::run(stream, Peer(peer), router.clone(), settings, stopped.clone());
                connections.spawn(async move {
                    connection.await;
                    drop(permit);
                });
            }
        }
    }
    drop(listener);
    drop(going_on);
    drain(connections, settings.drain_limit).await
}

/// A connection, once there is room for one.
async fn accept(listener: &TcpListener, permits: &Arc<Semaphore>) -> (OwnedSemaphorePermit, TcpStream, SocketAddr) {
    let permit = permits.clone().acquire_owned().await.expect("the semaphore is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (permit, stream, peer),
            // These are about one connection that is gone already.
            Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => {
            }
            Err(error) => {
                tracing::error!(%error, "a connection could not be accepted");
                sleep(ACCEPT_BACK_OFF).await;
            }
        }
    }
}

async fn drain(mut connections: JoinSet<()>, limit: Duration) -> Drained {
    let all_ended = async {
        while let Some(ended) = connections.join_next().await {
            note(ended);
        }
    };
    let _ = timeout(limit, all_ended).await;
    let connections_cut = connections.len();
    if connections_cut > 0 {
        tracing::warn!(connections_cut, "requests were still in flight at the end of the drain limit");
    }
    connections.shutdown().await;
    Drained { connections_cut }
}

/// A handler's panic is caught by its door's stack; what arrives here happened while an answer was being streamed.
fn note(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a connection panicked while streaming an answer");
    }
}
