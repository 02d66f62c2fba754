//! Inbox: a real webhook receiver on this machine. It takes whatever is posted to it and verifies it as any receiver would.

use crate::clock::SystemClock;
use crate::failure::Failure;
use crate::signature::{Envelope, Signed};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use domain::{Clock, Timestamp};
use http::{HeaderMap, StatusCode, Uri};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;

/// How many deliveries wait to be printed; more are answered 503 and come again.
const WAITING_MAX: usize = 1024;

/// A receiver, until dropped.
pub struct Inbox {
    /// Where it listens.
    pub address: SocketAddr,
    arrivals: Receiver<Arrival>,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// A delivery that has arrived.
#[derive(Debug)]
pub struct Arrival {
    /// When.
    pub at: Timestamp,
    /// `webhook-id`
    pub id: String,
    /// How often this delivery has arrived here by now.
    pub attempt: usize,
    /// What its signatures are worth.
    pub verdict: Verdict,
    /// The raw body.
    pub body: Bytes,
}

/// What a delivery's signatures are worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both schemes fit the secret.
    Verified,
    /// It bears no signature: its webhook has no secret.
    Unsigned,
    /// Nobody told the inbox the secret.
    SecretUnknown,
    /// A signature is missing or does not fit.
    Refused(String),
}

#[derive(Default)]
struct Shared {
    /// The signing secret of the webhook that calls a path.
    secrets: Mutex<HashMap<String, String>>,
    seen: Mutex<HashMap<String, usize>>,
}

impl Inbox {
    /// Listens there, or at any free port if that one is taken.
    pub async fn open(wished: SocketAddr) -> Result<Self, Failure> {
        let listener = match TcpListener::bind(wished).await {
            Err(_) => TcpListener::bind(SocketAddr::new(wished.ip(), 0)).await?,
            Ok(listener) => listener,
        };
        let address = listener.local_addr()?;
        let (sender, arrivals) = channel(WAITING_MAX);
        let shared = Arc::<Shared>::default();
        let router = Router::new().fallback(receive).with_state((shared.clone(), sender));
        let task = tokio::spawn(async move {
            let settings = web::serve::Settings::default();
            web::serve(listener, router, settings, std::future::pending()).await;
        });
        Ok(Self { address, arrivals, shared, task })
    }

    /// The address of a path here.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// From now on deliveries to this path are verified with this secret.
    pub fn learn(&self, path: &str, secret: &str) {
        lock(&self.shared.secrets).insert(path.to_owned(), secret.to_owned());
    }

    /// Waits for the next delivery.
    pub async fn next(&mut self) -> Arrival {
        match self.arrivals.recv().await {
            Some(arrival) => arrival,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn receive(
    State((shared, sender)): State<(Arc<Shared>, Sender<Arrival>)>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let at = SystemClock.now();
    let id = text(&headers, "webhook-id").to_owned();
    let secret = lock(&shared.secrets).get(uri.path()).cloned();
    let attempt = {
        let mut seen = lock(&shared.seen);
        let times = seen.entry(id.clone()).or_default();
        *times += 1;
        *times
    };
    let arrival = Arrival { at, attempt, verdict: Verdict::of(&headers, &body, secret.as_deref()), id, body };
    sender.try_send(arrival).map_or(StatusCode::SERVICE_UNAVAILABLE, |()| StatusCode::OK)
}

impl Verdict {
    fn of(headers: &HeaderMap, body: &[u8], secret: Option<&str>) -> Self {
        let (own, standard) = (text(headers, "x-uc-signature"), text(headers, "webhook-signature"));
        if own.is_empty() && standard.is_empty() {
            return Self::Unsigned;
        }
        let Some(secret) = secret else { return Self::SecretUnknown };
        let envelope = Envelope { id: text(headers, "webhook-id"), timestamp: text(headers, "webhook-timestamp") };
        let check = |signature| Signed { secret, signature, body, envelope: Some(envelope) }.check();
        match (check(own), check(standard)) {
            (Ok(_), Ok(_)) => Self::Verified,
            (Err(reason), _) => Self::Refused(format!("X-Uc-Signature: {reason}")),
            (_, Err(reason)) => Self::Refused(format!("webhook-signature: {reason}")),
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
