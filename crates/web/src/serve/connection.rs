//! One connection: which HTTP it speaks, the time it has to begin, and how it is asked to leave.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::sleep;
use tower::ServiceExt;

use super::{Peer, Settings, unread};

/// The smallest buffer that hyper accepts for HTTP/1 headers.
const HTTP1_BUFFER_BYTES_MIN: usize = 8 * 1024;

/// An HTTP/2 peer is asked this often whether it is still there, and has as long to answer.
const HTTP2_PING_INTERVAL: Duration = Duration::from_secs(20);

/// Requests at once on one HTTP/2 connection.
const HTTP2_STREAMS_MAX: u32 = 200;

/// Serves a connection until it ends. `stopped` asks it to leave by having lost its sender.
pub(super) async fn run(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    settings: Settings,
    mut stopped: watch::Receiver<()>,
) {
    // Answers are written whole; waiting to fill a packet only delays them. A socket that refuses is closed already.
    let _ = stream.set_nodelay(true);
    let has_begun = AtomicBool::new(false);
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        has_begun.store(true, Relaxed);
        request.extensions_mut().insert(peer);
        let router = router.clone();
        async move {
            let (request, unread) = unread::lend(request);
            let mut response = router.oneshot(request).await?;
            unread.finish(&mut response).await;
            Ok::<_, Infallible>(response)
        }
    });
    let builder = builder(&settings);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let mut first_request_due = pin!(sleep(settings.header_read_timeout));
    let mut is_leaving = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(peer = %peer.0, error, "a connection ended early");
                }
                return;
            }
            // hyper's own timeout begins only when it knows which HTTP is spoken; a client may not even tell.
            () = first_request_due.as_mut(), if !has_begun.load(Relaxed) => {
                // It may have begun since the condition above was looked at.
                if !has_begun.load(Relaxed) {
                    tracing::debug!(peer = %peer.0, "a connection sent no request in time");
                    return;
                }
            }
            _ = stopped.changed(), if !is_leaving => {
                is_leaving = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

fn builder(settings: &Settings) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(settings.header_read_timeout)
        .max_buf_size(settings.header_bytes_max.max(HTTP1_BUFFER_BYTES_MIN));
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HTTP2_PING_INTERVAL)
        .keep_alive_timeout(HTTP2_PING_INTERVAL)
        .max_concurrent_streams(HTTP2_STREAMS_MAX)
        .max_header_list_size(settings.header_bytes_max.try_into().unwrap_or(u32::MAX));
    builder
}
