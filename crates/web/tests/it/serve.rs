//! The listener: what it finishes, what it cuts, what it speaks.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Extension;
use axum::routing::get;
use http::{Request, StatusCode, Version};
use http_body_util::BodyExt;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, Semaphore, oneshot};
use tokio::task::JoinHandle;
use web::OriginalTarget;
use web::serve::{BindError, Drained, Peer, Settings, bind, serve};
use web::stack::{Paths, Wording, around};

/// Long enough for a loaded machine to get a word in, short enough to wait for.
const SHORT: Duration = Duration::from_millis(200);

struct Server {
    address: SocketAddr,
    stopper: oneshot::Sender<()>,
    task: JoinHandle<Drained>,
}

impl Server {
    async fn start(router: Router, settings: Settings) -> Self {
        let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stopper, stopping) = oneshot::channel();
        let task = tokio::spawn(serve(listener, router, settings, async move { _ = stopping.await }));
        Self { address, stopper, task }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    async fn stop(self) -> Drained {
        self.stopper.send(()).unwrap();
        self.task.await.unwrap()
    }
}

/// A route that says when it was entered and answers when it is let go.
#[derive(Clone)]
struct Gate {
    entered: Arc<Notify>,
    exit: Arc<Semaphore>,
}

impl Gate {
    fn new() -> (Self, Router) {
        let gate = Self { entered: Arc::new(Notify::new()), exit: Arc::new(Semaphore::new(0)) };
        let router = Router::new().route("/gate", get(Self::pass)).layer(Extension(gate.clone()));
        (gate, router)
    }

    async fn pass(Extension(gate): Extension<Self>) -> &'static str {
        gate.entered.notify_one();
        gate.exit.acquire().await.unwrap().forget();
        "through"
    }
}

async fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

fn pong() -> Router {
    Router::new().route("/ping", get(|| async { "pong" }))
}

fn short_headers() -> Settings {
    Settings { header_read_timeout: SHORT, ..Settings::default() }
}

#[tokio::test]
async fn a_stop_finishes_the_request_in_flight_and_closes_the_idle() {
    let (gate, router) = Gate::new();
    let server = Server::start(router, Settings::default()).await;
    let idle = server.connect().await;
    let busy = server.send("GET /gate HTTP/1.1\r\nHost: x\r\n\r\n").await;
    gate.entered.notified().await;
    let address = server.address;
    let stopped = tokio::spawn(server.stop());
    assert_eq!(answer(idle).await, "", "closed while the other is still in flight");
    gate.exit.add_permits(1);
    let text = answer(busy).await;
    assert!(text.starts_with("HTTP/1.1 200 OK") && text.ends_with("through"), "{text}");
    assert_eq!(stopped.await.unwrap(), Drained { connections_cut: 0 });
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn what_is_not_finished_within_the_drain_limit_is_cut() {
    let (gate, router) = Gate::new();
    let server = Server::start(router, Settings { drain_limit: SHORT, ..Settings::default() }).await;
    let busy = server.send("GET /gate HTTP/1.1\r\nHost: x\r\n\r\n").await;
    gate.entered.notified().await;
    assert_eq!(server.stop().await, Drained { connections_cut: 1 });
    assert_eq!(answer(busy).await, "");
}

#[tokio::test]
async fn clients_slow_with_their_headers_are_cut() {
    let server = Server::start(pong(), short_headers()).await;
    // Nothing; what may yet be HTTP/2; half a head; and half a second one.
    for text in ["", "P", "PRI * HT", "GET /ping HTTP/1.1\r\nHost: x\r\nX-Slow"] {
        let text = answer(server.send(text).await).await;
        assert!(!text.contains("pong"), "{text}");
    }
    let text = answer(server.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\nGET /ping HTTP/1.1\r\n").await).await;
    assert_eq!(text.matches("pong").count(), 1, "{text}");
}

#[tokio::test]
async fn a_request_may_take_longer_than_its_headers_may() {
    let (gate, router) = Gate::new();
    let server = Server::start(router, short_headers()).await;
    let busy = server.send("GET /gate HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    gate.entered.notified().await;
    // A connection that came later is cut, so the time of the first one has passed too.
    answer(server.send("GET").await).await;
    gate.exit.add_permits(1);
    assert!(answer(busy).await.ends_with("through"));
}

#[tokio::test]
async fn past_the_cap_connections_wait() {
    let (gate, router) = Gate::new();
    let server = Server::start(router.merge(pong()), Settings { connections_max: 1, ..Settings::default() }).await;
    let first = server.send("GET /gate HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    gate.entered.notified().await;
    let mut second = server.send("GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    let early = tokio::time::timeout(SHORT, second.read_u8()).await;
    assert!(early.is_err(), "not served while the first is");
    gate.exit.add_permits(1);
    assert!(answer(first).await.ends_with("through"));
    assert!(answer(second).await.ends_with("pong"));
}

#[tokio::test]
async fn a_doors_stack_sees_the_target_as_it_was_on_the_wire() {
    let target = get(|Extension(OriginalTarget(target)): Extension<OriginalTarget>| async move { target.to_string() });
    let wording = Wording { panicked: |_| unreachable!(), dress: |_, _| {} };
    let door = around(Router::new().route("/info", target), wording, Paths::Tidied);
    let server = Server::start(door, Settings::default()).await;
    for target in ["/info", "//info/", "/info/?a=%2f&b=c+d"] {
        let text =
            answer(server.send(&format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).await).await;
        assert!(text.starts_with("HTTP/1.1 200 ") && text.ends_with(&format!("\r\n\r\n{target}")), "{text}");
    }
}

#[tokio::test]
async fn speaks_http2_without_being_asked() {
    let peer = get(|Extension(Peer(peer)): Extension<Peer>| async move { peer.to_string() });
    let server = Server::start(Router::new().route("/peer", peer), Settings::default()).await;
    let stream = server.connect().await;
    let ours = stream.local_addr().unwrap();
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.unwrap();
    tokio::spawn(connection);
    let request = Request::get(format!("http://{}/peer", server.address)).body(Body::empty()).unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!((response.status(), response.version()), (StatusCode::OK, Version::HTTP_2));
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), ours.to_string());
    assert_eq!(server.stop().await, Drained { connections_cut: 0 });
}

#[tokio::test]
async fn headers_have_a_size_limit() {
    let server = Server::start(pong(), Settings { header_bytes_max: 1, ..Settings::default() }).await;
    let mut stream = server.connect().await;
    let head = format!("GET /ping HTTP/1.1\r\nHost: x\r\nX-Long: {}", "x".repeat(8 * 1024));
    stream.write_all(head.as_bytes()).await.unwrap();
    assert!(answer(stream).await.starts_with("HTTP/1.1 431 "));
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let taken = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = taken.local_addr().unwrap();
    let error = bind(address).await.unwrap_err();
    assert!(matches!(error, BindError::InUse { .. }));
    assert_eq!(error.to_string(), format!("address in use: {address}"));
}

/// Sends a head that announces a body, then what there is of the body.
async fn put(stream: &mut TcpStream, announced: usize, body: &str) {
    let head = format!("PUT /elsewhere HTTP/1.1\r\nhost: test\r\ncontent-length: {announced}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
}

async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap().to_ascii_lowercase()
}

#[tokio::test]
async fn an_answer_that_needs_no_body_leaves_the_connection_usable() {
    let server = Server::start(Router::new(), Settings::default()).await;
    let mut stream = server.connect().await;
    for _ in 0..3 {
        put(&mut stream, 5, "hello").await;
        let head = head(&mut stream).await;
        assert!(head.starts_with("http/1.1 404") && !head.contains("connection: close"), "{head}");
    }
    server.stop().await;
}

#[tokio::test]
async fn an_answer_that_leaves_much_unread_says_that_the_connection_closes() {
    let server = Server::start(Router::new(), Settings::default()).await;
    let mut stream = server.connect().await;
    put(&mut stream, 10_000_000, "hello").await;
    let head = head(&mut stream).await;
    assert!(head.contains("connection: close"), "{head}");
    server.stop().await;
}
