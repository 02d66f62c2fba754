//! Kill -9 at any moment: what was acknowledged is there, what was announced is delivered.
//!
//! Drivers upload and change files over HTTP as fast as the server answers, while it is killed and started again, and again. In the end
//! every acknowledged change must be present, every change's event must have reached the receiver through both wires, no event may tell of
//! a change that is not there, every attempt of a delivery must have had the same bytes, and first attempts about one file must have come
//! in the order of its changes. `BOATHOOK_CRASH_ROUNDS` sets how often it is killed (30), `BOATHOOK_CRASH_SEED` repeats a run's moments.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "crash/client.rs"]
mod client;
#[path = "crash/driver.rs"]
mod driver;
#[path = "crash/inbox.rs"]
mod inbox;
#[path = "crash/server.rs"]
mod server;
#[path = "crash/verdict.rs"]
mod verdict;

use driver::Drivers;
use inbox::Inbox;
use server::Server;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;
use store::Location;
use testkit::engines::TestDatabase;

/// How often the server is killed, unless the environment says otherwise.
const ROUNDS: u64 = 30;
/// The same on PostgreSQL, whose own crash is not what is tested here.
const ROUNDS_POSTGRES: u64 = 10;
/// The longest life of a server between its start and its kill, in milliseconds; the shortest is a moment.
const LIFE_MILLISECONDS_MAX: u64 = 1500;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_nothing_is_lost() {
    survive(setting("BOATHOOK_CRASH_ROUNDS").unwrap_or(ROUNDS), None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgresql_nothing_is_lost() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let Location::Postgres(url) = &database.location else { unreachable!("it was asked for") };
    survive(setting("BOATHOOK_CRASH_ROUNDS").unwrap_or(ROUNDS_POSTGRES), Some(url)).await;
    database.remove().await;
}

async fn survive(rounds: u64, database: Option<&str>) {
    let seed = setting("BOATHOOK_CRASH_SEED").unwrap_or_else(|| RandomState::new().hash_one(0));
    println!("killing {rounds} times, seed {seed}, {}", database.map_or("SQLite", |_| "PostgreSQL"));
    let inbox = Inbox::start().await;
    let mut server = Server::make(database);
    server.start().await;
    server.subscribe(&inbox).await;
    let drivers = Drivers::start(&server);
    for round in 0..rounds {
        tokio::time::sleep(Duration::from_millis(mix(seed, round) % LIFE_MILLISECONDS_MAX)).await;
        server.kill();
        server.start().await;
    }
    let stories = drivers.finish().await;
    let counts = verdict::check(&stories, &inbox, &server).await;
    println!("{counts}");
    server.stop().await;
}

/// A number that looks random: `SplitMix64` over the seed and the round.
fn mix(seed: u64, round: u64) -> u64 {
    let mut z = seed.wrapping_add((round + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
