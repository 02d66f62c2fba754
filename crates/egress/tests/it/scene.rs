//! A client, a request, and a receiver that does with each connection as it is told.

use std::{
    future::Future,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use bytes::Bytes;
use egress::{Client, Request, Settings, Target};
use http::HeaderMap;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

pub const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// A deadline that no test reaches unless it means to.
pub const AMPLE: Duration = Duration::from_secs(30);

/// A deadline that a silent receiver must run into.
pub const SHORT: Duration = Duration::from_millis(100);

pub fn settings(rules: &[&str]) -> Settings {
    Settings { allow: rules.iter().map(|rule| rule.parse().unwrap()).collect(), ..Settings::default() }
}

pub fn client() -> Client {
    Client::new(settings(&["127.0.0.1"])).unwrap()
}

pub fn post(url: &str) -> Request {
    let request = Request::post(Target::parse(url).unwrap(), HeaderMap::new(), Bytes::from_static(b"{\"a\":1}"));
    Request { timeout: AMPLE, ..request }
}

/// A receiver on loopback.
pub struct Receiver {
    pub address: SocketAddr,
    accepted: Arc<AtomicUsize>,
}

impl Receiver {
    /// Calls `serve` with each connection and its number, from 1.
    pub async fn start<F, S>(serve: S) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
        S: Fn(usize, TcpStream) -> F + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let (address, accepted) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&accepted);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(count.fetch_add(1, SeqCst) + 1, stream));
            }
        });
        Self { address, accepted }
    }

    /// Answers every request with the same text.
    pub async fn answering(text: &'static str) -> Self {
        Self::start(move |_, mut stream| async move {
            while read_request(&mut stream).await.is_some() {
                stream.write_all(text.as_bytes()).await.unwrap();
            }
        })
        .await
    }

    /// How many connections there were.
    pub fn accepted(&self) -> usize {
        self.accepted.load(SeqCst)
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }
}

/// One request as it came, head and body; nothing when the sender hung up.
pub async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        text.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(text).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(head + std::str::from_utf8(&body).unwrap())
}

/// Waits until the sender has hung up, whatever it still sends.
pub async fn hung_up(stream: &mut (impl AsyncRead + Unpin)) {
    let mut scratch = [0; 1024];
    while stream.read(&mut scratch).await.is_ok_and(|read| read > 0) {}
}

/// Closes with a reset instead of a goodbye.
pub fn reset(stream: TcpStream) {
    stream.set_zero_linger().unwrap();
    drop(stream);
}
