//! The leanest receiver there is, on a thread of its own: reads whole requests, answers 200, counts, and tells how old each body is.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
/// Metadata that the load writes: when the change was asked for, in nanoseconds of [`nanos`].
const TAG: &[u8] = b"{\"at\":\"";

/// Nanoseconds since the benchmark began.
pub fn nanos() -> u64 {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    BEGUN.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

#[derive(Clone)]
pub struct Receiver {
    pub address: SocketAddr,
    counted: Arc<AtomicUsize>,
    ages: Arc<Mutex<Vec<u64>>>,
}

/// How old bodies were when they arrived, sorted, in nanoseconds.
pub struct Latencies(Vec<u64>);

impl Latencies {
    /// The age, in milliseconds, below which this share of them lies.
    pub fn at(&self, share: f64) -> f64 {
        let index = ((self.0.len() as f64 * share) as usize).min(self.0.len().saturating_sub(1));
        self.0.get(index).map_or(f64::NAN, |nanos| *nanos as f64 / 1e6)
    }
}

impl Receiver {
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let receiver = Self { address, counted: Arc::default(), ages: Arc::default() };
        let mine = receiver.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(stream, mine.clone()));
                }
            });
        });
        receiver
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many requests have arrived, in all.
    pub fn count(&self) -> usize {
        self.counted.load(Ordering::Relaxed)
    }

    /// Waits until so many have arrived.
    pub async fn wait_for(&self, count: usize) {
        while self.count() < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// The ages gathered since the last time.
    pub fn take_latencies(&self) -> Latencies {
        let mut ages = std::mem::take(&mut *self.ages.lock().unwrap());
        ages.sort_unstable();
        Latencies(ages)
    }
}

async fn serve(mut stream: TcpStream, receiver: Receiver) {
    let _ = stream.set_nodelay(true);
    let mut buffer = Vec::with_capacity(16 * 1024);
    while stream.read_buf(&mut buffer).await.is_ok_and(|read| read > 0) {
        while let Some(length) = whole_request(&buffer) {
            receiver.counted.fetch_add(1, Ordering::Relaxed);
            if let Some(asked) = tag(&buffer[..length]) {
                receiver.ages.lock().unwrap().push(nanos().saturating_sub(asked));
            }
            buffer.drain(..length);
            if stream.write_all(ANSWER).await.is_err() {
                return;
            }
        }
    }
}

/// The length of the first request in the buffer, if it has arrived whole.
fn whole_request(buffer: &[u8]) -> Option<usize> {
    let head = find(buffer, b"\r\n\r\n")? + 4;
    let length = find(&buffer[..head], b"content-length: ").map_or(0, |at| number(&buffer[at + 16..]));
    (buffer.len() >= head + length as usize).then_some(head + length as usize)
}

fn tag(request: &[u8]) -> Option<u64> {
    find(request, TAG).map(|at| number(&request[at + TAG.len()..]))
}

fn number(text: &[u8]) -> u64 {
    text.iter().take_while(|byte| byte.is_ascii_digit()).fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
