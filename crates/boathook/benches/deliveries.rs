//! How fast a change becomes a receipt: `cargo bench -p boathook --bench deliveries [-- SECONDS]`.
//!
//! Everything runs on this machine's cores at once: the load, the store (SQLite, `synchronous=FULL`), the engine and the receiver. Each
//! figure stands beside the bare limit of the same run: the same body, signed the same way, posted over the same client to the same
//! receiver, with nothing stored.
#![allow(clippy::unwrap_used, missing_docs, clippy::cast_lossless)]

#[path = "deliveries/bare.rs"]
mod bare;
#[path = "deliveries/house.rs"]
mod house;
#[path = "deliveries/load.rs"]
mod load;
#[path = "deliveries/over_http.rs"]
mod over_http;
#[path = "deliveries/receiver.rs"]
mod receiver;

use house::House;
use receiver::{Latencies, Receiver};
use std::time::{Duration, Instant};

/// How long each figure is measured, unless the command line says otherwise.
const SECONDS: u64 = 10;
/// How many events the backlog holds.
const BACKLOG: usize = 100_000;

fn main() {
    let seconds = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(SECONDS);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(measure(Duration::from_secs(seconds)));
}

async fn measure(span: Duration) {
    println!("| what | changes/s | deliveries/s | of the bare limit | p50 ms | p99 ms |");
    println!("|---|---:|---:|---:|---:|---:|");
    let receiver = Receiver::start();
    let bare = bare::requests_per_second(&receiver, span).await;
    row("bare limit: keep-alive POST, signed, nothing stored", None, bare, bare, None);
    for webhooks in [1, 4] {
        let house = House::open(&receiver, webhooks).await;
        let told = load::as_fast_as_possible(&house, &receiver, span).await;
        row(
            &format!("in-process, {webhooks} webhook(s), as fast as it goes"),
            Some(told.changes),
            told.deliveries,
            bare,
            None,
        );
        house.close().await;
    }
    for rate in [500, 5_000] {
        let house = House::open(&receiver, 1).await;
        let (told, latencies) = load::at_rate(&house, &receiver, rate, span).await;
        row(
            &format!("in-process, 1 webhook, {rate} changes/s"),
            Some(told.changes),
            told.deliveries,
            bare,
            Some(latencies),
        );
        house.close().await;
    }
    let house = House::open(&receiver, 1).await;
    let drained = load::drain_backlog(house, &receiver, BACKLOG).await;
    row(&format!("backlog of {BACKLOG} drained"), None, drained, bare, None);
    over_http(&receiver, span, bare).await;
}

async fn over_http(receiver: &Receiver, span: Duration, bare: f64) {
    let house = House::open(receiver, 1).await;
    let server = over_http::serve(&house).await;
    let told = over_http::as_fast_as_possible(&house, receiver, server, span).await;
    row("over HTTP, 1 webhook, as fast as it goes", Some(told.changes), told.deliveries, bare, None);
    for rate in [500, 5_000] {
        let (told, latencies) = over_http::at_rate(&house, receiver, server, rate, span).await;
        row(
            &format!("over HTTP, 1 webhook, {rate} changes/s"),
            Some(told.changes),
            told.deliveries,
            bare,
            Some(latencies),
        );
    }
    house.close().await;
}

/// What a run came to, per second.
pub struct Told {
    pub changes: f64,
    pub deliveries: f64,
}

impl Told {
    fn since(begun: Instant, changes: usize, deliveries: usize) -> Self {
        let seconds = begun.elapsed().as_secs_f64();
        Self { changes: changes as f64 / seconds, deliveries: deliveries as f64 / seconds }
    }
}

fn row(what: &str, changes: Option<f64>, deliveries: f64, bare: f64, latencies: Option<Latencies>) {
    let changes = changes.map_or_else(String::new, |changes| format!("{changes:.0}"));
    let (p50, p99) =
        latencies.map_or_else(Default::default, |of| (format!("{:.2}", of.at(0.5)), format!("{:.2}", of.at(0.99))));
    println!("| {what} | {changes} | {deliveries:.0} | {:.2} | {p50} | {p99} |", deliveries / bare);
}
