//! Hostile receivers: whatever they do wrong, they get one slot for one deadline, and nobody else pays for it.
//!
//! The engine has one webhook per hostile receiver and a healthy one beside them. The hostile ones run in a process of their own, this
//! test started once more, so that what they hold is not counted here; they say over a local connection how many of our sockets they
//! still see. What is held here is the kernel's own count. A slot is free once its attempt is written down, and all are once
//! a stop that waits for them ends. `BOATHOOK_HOSTILE_WEBHOOKS` sets how many receivers there are (100; the promise is for 500, which
//! takes half a minute).
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "hostile/memory.rs"]
mod memory;
#[path = "hostile/misdeeds.rs"]
mod misdeeds;
#[path = "hostile/receivers.rs"]
mod receivers;
#[path = "hostile/town.rs"]
mod town;

#[path = "it/plain.rs"]
mod plain;
#[path = "it/scene.rs"]
#[expect(dead_code, reason = "other tests use the rest of the scene")]
mod scene;
#[path = "it/told.rs"]
#[expect(dead_code, reason = "other tests use the rest of what a request says")]
mod told;

use memory::Watch;
use misdeeds::MISDEEDS;
use receivers::Receivers;
use testkit::engines::on_both_engines;
use town::Town;

/// How many hostile receivers there are, unless the environment says otherwise.
const WEBHOOKS: usize = 100;
/// What the healthy webhook alone is owed while the others hang.
const HEALTHY_EVENTS: usize = 200;
/// How much more memory all of them may cost.
const MEMORY_BYTES_MAX: u64 = 50 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_receivers_cost_nobody_anything() {
    if let Some(parent) = receivers::parent() {
        return receivers::serve(&parent).await;
    }
    let webhooks = std::env::var("BOATHOOK_HOSTILE_WEBHOOKS").map_or(WEBHOOKS, |count| count.parse().unwrap());
    on_both_engines(async |store| {
        let mut receivers = Receivers::start("hostile_receivers_cost_nobody_anything").await;
        let town = Town::found(store, &receivers, webhooks).await;
        let running = town.open(&receivers);
        town.warm_up().await;
        let memory = Watch::begin();

        let sequence = town.happen_to_everyone().await;
        town.happen_to_the_healthy(HEALTHY_EVENTS).await;

        town.healthy_has_everything().await;
        let counts = receivers.until(|counts| counts.met >= webhooks && counts.open == 0).await;
        running.every_slot_is_free().await;
        let grown = memory.grown_bytes();
        println!("{webhooks} hostile receivers: {} KiB more than before, {counts:?}", grown / 1024);
        assert!(grown < MEMORY_BYTES_MAX, "{grown} bytes more than before");
        assert_eq!(counts.trapped, 0, "a redirect was followed");
        town.every_attempt_is_as_expected(sequence).await;
        receivers.the_trap_works().await;
    })
    .await;
}
