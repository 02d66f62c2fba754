//! The load over HTTP: `PUT /files/{uuid}/metadata/at/` on keep-alive connections, from a thread of its own.

use crate::Told;
use crate::house::House;
use crate::receiver::{Latencies, Receiver, nanos};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use uploadcare::{Door, Settings};

/// How many clients call at once.
const CLIENTS: usize = 64;
/// As in-process: how far the changes may run ahead of the deliveries.
const AHEAD_MAX: usize = 4096;

/// Serves the REST API as the binary does.
pub async fn serve(house: &House) -> SocketAddr {
    let door = Door { platform: house.platform.clone(), bases: house.bases.clone(), settings: Settings::default() };
    let listener = web::serve::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = uploadcare::rest_routes(door);
    tokio::spawn(web::serve::serve(listener, router, web::serve::Settings::default(), std::future::pending::<()>()));
    address
}

/// Calls as fast as the server answers, without running ahead of the deliveries.
pub async fn as_fast_as_possible(house: &House, receiver: &Receiver, server: SocketAddr, span: Duration) -> Told {
    call(house, receiver, server, span, None).await
}

/// Calls at a steady rate.
pub async fn at_rate(
    house: &House,
    receiver: &Receiver,
    server: SocketAddr,
    rate: usize,
    span: Duration,
) -> (Told, Latencies) {
    receiver.take_latencies();
    let told = call(house, receiver, server, span, Some(rate)).await;
    (told, receiver.take_latencies())
}

async fn call(house: &House, receiver: &Receiver, server: SocketAddr, span: Duration, rate: Option<usize>) -> Told {
    let (begun, received_before) = (Instant::now(), receiver.count());
    let changes = Arc::new(AtomicUsize::new(0));
    let heads: Vec<String> = house.files.iter().map(|file| head(house, file)).collect();
    let (counted, watched) = (changes.clone(), receiver.clone());
    let clients = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let mut clients = JoinSet::new();
            for (number, heads) in heads.chunks(heads.len() / CLIENTS).enumerate() {
                let (heads, changes, receiver) = (heads.to_vec(), counted.clone(), watched.clone());
                let pace = rate.map(|rate| Duration::from_secs_f64(CLIENTS as f64 / rate as f64));
                clients.spawn(async move {
                    let mut connection = Connection::open(server).await;
                    // Each client begins at a moment of its own, so that they do not call all at once.
                    let first_call =
                        |pace: Duration| tokio::time::Instant::now() + pace.mul_f64(number as f64 / CLIENTS as f64);
                    let mut ticks = pace.map(|pace| tokio::time::interval_at(first_call(pace), pace));
                    for head in heads.iter().cycle() {
                        if let Some(ticks) = &mut ticks {
                            ticks.tick().await;
                        }
                        if begun.elapsed() > span {
                            return;
                        }
                        while changes.load(Ordering::Relaxed) > receiver.count() - received_before + AHEAD_MAX {
                            tokio::time::sleep(Duration::from_millis(1)).await;
                        }
                        connection.put(head).await;
                        changes.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            clients.join_all().await;
        });
    });
    clients.await.unwrap();
    let changes = changes.load(Ordering::Relaxed);
    receiver.wait_for(received_before + changes).await;
    Told::since(begun, changes, changes)
}

fn head(house: &House, file: &domain::id::FileId) -> String {
    let (public, secret) = (&house.principal.project.public_key, house.key.secret.expose());
    format!(
        "PUT /files/{file}/metadata/at/ HTTP/1.1\r\nhost: bench\r\naccept: application/vnd.uploadcare-v0.7+json\r\n\
         authorization: Uploadcare.Simple {public}:{secret}\r\ncontent-type: application/json\r\ncontent-length: "
    )
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(server: SocketAddr) -> Self {
        let stream = TcpStream::connect(server).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::with_capacity(4096) }
    }

    async fn put(&mut self, head: &str) {
        let body = format!("\"{}\"", nanos());
        let request = format!("{head}{}\r\n\r\n{body}", body.len());
        self.stream.write_all(request.as_bytes()).await.unwrap();
        self.buffer.clear();
        while !self.is_answered() {
            assert_ne!(self.stream.read_buf(&mut self.buffer).await.unwrap(), 0, "the server hung up");
        }
    }

    /// Whether the answer has arrived: its head, and the JSON string that ends it.
    fn is_answered(&self) -> bool {
        let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
        let status = &self.buffer[9..12];
        assert!(status == b"200" || status == b"201", "{}", String::from_utf8_lossy(&self.buffer));
        self.buffer.len() > end + 5 && self.buffer.ends_with(b"\"")
    }
}
