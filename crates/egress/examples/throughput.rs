//! How many requests a second this client makes, over kept connections to a receiver that does next to nothing.
//!
//! The bare limit of delivery: `cargo run --release -p egress --example throughput -- [seconds] [concurrency]`. Sender and receiver share
//! the process and its cores, so the figure is for both halves.
#![allow(clippy::unwrap_used)]

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use egress::{Client, Request, Settings, Target};
use http::{HeaderMap, HeaderValue};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const BODY_BYTES: usize = 1200;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse().expect("a number"));
    let seconds = arguments.next().unwrap_or(5);
    let concurrency = arguments.next().unwrap_or(64);

    let address = start_receiver().await;
    let client = Client::new(Settings { allow: vec!["127.0.0.1".parse().unwrap()], ..Settings::default() }).unwrap();
    let request = request(address);
    let (sent, reused) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let started = Instant::now();
    let senders: Vec<_> = (0..concurrency)
        .map(|_| {
            let (client, request, sent, reused) =
                (client.clone(), request.clone(), Arc::clone(&sent), Arc::clone(&reused));
            tokio::spawn(async move {
                while started.elapsed() < Duration::from_secs(seconds) {
                    let response = client.send(request.clone()).await.unwrap();
                    assert_eq!(response.status, 200);
                    sent.fetch_add(1, Relaxed);
                    reused.fetch_add(u64::from(response.is_reused_connection), Relaxed);
                }
            })
        })
        .collect();
    for sender in senders {
        sender.await.unwrap();
    }
    let (sent, reused, elapsed) = (sent.load(Relaxed), reused.load(Relaxed), started.elapsed().as_secs_f64());
    println!("{:.0} requests/s ({sent} in {elapsed:.1} s, {reused} on kept connections)", sent as f64 / elapsed);
}

/// About what a webhook carries.
fn request(address: SocketAddr) -> Request {
    let target = Target::parse(&format!("http://{address}/hook")).unwrap();
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("content-type", "application/json"),
        ("user-agent", "throughput"),
        ("x-uc-signature", "v1=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
        ("webhook-id", "0190f3a0-0000-7000-8000-000000000000"),
        ("webhook-timestamp", "1700000000"),
        ("webhook-signature", "v1,MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Request::post(target, headers, Bytes::from(vec![b'a'; BODY_BYTES]))
}

async fn start_receiver() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(receive(stream));
        }
    });
    address
}

/// Finds the end of each request and answers it; knows no more HTTP than that.
async fn receive(mut stream: TcpStream) {
    stream.set_nodelay(true).unwrap();
    let mut buffer = BytesMut::with_capacity(16 * 1024);
    while stream.read_buf(&mut buffer).await.is_ok_and(|read| read > 0) {
        while let Some(head) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let whole = head + 4 + BODY_BYTES;
            if buffer.len() < whole {
                break;
            }
            let _ = buffer.split_to(whole);
            if stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.is_err() {
                return;
            }
        }
        buffer.reserve(16 * 1024);
    }
}
