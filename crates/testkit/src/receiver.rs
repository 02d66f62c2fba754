//! A webhook receiver that remembers, and misbehaves on demand.

use bytes::Bytes;
use http::header::{HeaderValue, RETRY_AFTER};
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};

/// How long a test waits for a delivery before it gives up: far longer than any takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// Path and query.
    pub path: String,
    /// Headers.
    pub headers: HeaderMap,
    /// The raw body.
    pub body: Bytes,
}

impl Received {
    /// A header's text; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What a receiver does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Answers this status, with a short body.
    Status(u16),
    /// Answers this status with a `Retry-After` header.
    RetryAfter(u16, &'static str),
    /// Answers this status once [`Receiver::release`] is called.
    Held(u16),
    /// Never answers.
    Hang,
}

type Manners = Box<dyn Fn(&Received) -> Answer + Send + Sync>;

/// A receiver on loopback, until dropped.
#[derive(Clone)]
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    remembers: AtomicBool,
    received: Mutex<Vec<Received>>,
    manners: Mutex<Manners>,
    arrived: Notify,
    released: Notify,
    /// Takes connections; none while they are refused.
    door: Mutex<Option<JoinHandle<()>>>,
}

impl Receiver {
    /// Starts one that answers 200.
    ///
    /// # Panics
    /// If loopback has no free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let manners: Manners = Box::new(|_| Answer::Status(200));
        let shared = Arc::new(Shared {
            remembers: AtomicBool::new(true),
            received: Mutex::default(),
            manners: Mutex::new(manners),
            arrived: Notify::new(),
            released: Notify::new(),
            door: Mutex::default(),
        });
        let receiver = Self { address, shared };
        receiver.open(listener);
        receiver
    }

    /// Closes every connection and refuses new ones.
    pub async fn refuse(&self) {
        let door = lock(&self.shared.door).take();
        if let Some(door) = door {
            door.abort();
            let _ = door.await;
        }
    }

    /// Takes connections again, at the same address.
    ///
    /// # Panics
    /// If another process has taken its port meanwhile.
    pub fn welcome(&self) {
        let listener = std::net::TcpListener::bind(self.address).expect("the port is free again");
        listener.set_nonblocking(true).expect("a socket can be told not to block");
        self.open(TcpListener::from_std(listener).expect("a listener of this runtime"));
    }

    fn open(&self, listener: TcpListener) {
        let shared = Arc::clone(&self.shared);
        let door = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, Arc::clone(&shared)));
                while connections.try_join_next().is_some() {}
            }
        });
        *lock(&self.shared.door) = Some(door);
    }

    /// Answers all that is held.
    pub fn release(&self) {
        self.shared.released.notify_waiters();
    }

    /// Starts one that answers as it is told and keeps nothing: for many requests, noted elsewhere.
    pub async fn observing(manners: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> Self {
        let receiver = Self::start().await;
        receiver.shared.remembers.store(false, Ordering::Relaxed);
        receiver.answer(manners);
        receiver
    }

    /// Decides from now on what is done with a request.
    pub fn answer(&self, manners: impl Fn(&Received) -> Answer + Send + Sync + 'static) {
        *lock(&self.shared.manners) = Box::new(manners);
    }

    /// Where it listens, with a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// All that has arrived.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.shared.received).clone()
    }

    /// Waits until so many requests that pass the test have arrived, and answers them in order of arrival.
    ///
    /// # Panics
    /// If they do not arrive.
    pub async fn wait_for(&self, count: usize, wanted: impl Fn(&Received) -> bool) -> Vec<Received> {
        let found = |received: &[Received]| received.iter().filter(|one| wanted(one)).cloned().collect::<Vec<_>>();
        found(&self.wait_until(|received| found(received).len() >= count).await)
    }

    /// Waits until what has arrived is enough, and answers all of it in order of arrival.
    ///
    /// # Panics
    /// If it never is.
    pub async fn wait_until(&self, is_enough: impl Fn(&[Received]) -> bool) -> Vec<Received> {
        let arrive = async {
            loop {
                let arrived = self.shared.arrived.notified();
                let received = self.received();
                if is_enough(&received) {
                    return received;
                }
                arrived.await;
            }
        };
        let patience = tokio::time::timeout(PATIENCE, arrive).await;
        patience.unwrap_or_else(|_| panic!("only {} requests arrived, and that was not enough", self.received().len()))
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(move |request| receive(request, Arc::clone(&shared)));
    // A sender that goes away is not this end's business.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn receive(request: Request<Incoming>, shared: Arc<Shared>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        return Ok(Response::new(Full::default()));
    };
    let path = head.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let received = Received { path, headers: head.headers, body: body.to_bytes() };
    let answer = lock(&shared.manners)(&received);
    // Listens before anybody learns of the request, so that no release comes too early.
    let released = shared.released.notified();
    if shared.remembers.load(Ordering::Relaxed) {
        lock(&shared.received).push(received);
        shared.arrived.notify_waiters();
    }
    match answer {
        Answer::Status(status) => Ok(respond(status)),
        Answer::RetryAfter(status, value) => {
            let mut response = respond(status);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(value));
            Ok(response)
        }
        Answer::Held(status) => {
            released.await;
            Ok(respond(status))
        }
        Answer::Hang => std::future::pending().await,
    }
}

fn respond(status: u16) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(format!("answered {status}")));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
