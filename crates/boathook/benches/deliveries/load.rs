//! The load, made in-process: metadata changes on existing files through the platform's verb.

use crate::Told;
use crate::house::House;
use crate::receiver::{Latencies, Receiver, nanos};
use domain::id::FileId;
use platform::Platform;
use platform::access::Principal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

/// How many callers change at once.
const CALLERS: usize = 128;
/// How many changes may be committed and not yet received before the callers wait: so that what is measured can be sustained.
const AHEAD_MAX: usize = 4096;

/// One change of one file, tagged with the moment it was asked for.
async fn change(platform: &Platform, principal: &Principal, file: FileId) {
    platform.set_file_metadata(principal, file, "at".into(), nanos().to_string()).await.unwrap();
}

/// Changes as fast as the house takes it, without running ahead of the deliveries.
pub async fn as_fast_as_possible(house: &House, receiver: &Receiver, span: Duration) -> Told {
    let (begun, received_before) = (Instant::now(), receiver.count());
    let (changes, is_over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let (platform, principal, files) = (house.platform.clone(), house.principal.clone(), house.files.clone());
        let (changes, is_over, receiver, webhooks) =
            (changes.clone(), is_over.clone(), receiver.clone(), house.webhooks);
        callers.spawn(async move {
            for file in files.iter().skip(caller).step_by(CALLERS).cycle() {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                while changes.load(Ordering::Relaxed) > (receiver.count() - received_before) / webhooks + AHEAD_MAX {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                change(&platform, &principal, *file).await;
                changes.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    tokio::time::sleep(span).await;
    is_over.store(true, Ordering::Relaxed);
    callers.join_all().await;
    let changes = changes.load(Ordering::Relaxed);
    receiver.wait_for(received_before + changes * house.webhooks).await;
    receiver.take_latencies();
    Told::since(begun, changes, changes * house.webhooks)
}

/// Changes at a steady rate, whatever the house makes of it; latencies run from the moment a change was asked for to its receipt.
pub async fn at_rate(house: &House, receiver: &Receiver, rate: usize, span: Duration) -> (Told, Latencies) {
    let mut changes = 0;
    let (begun, received_before) = (Instant::now(), receiver.count());
    let mut callers = JoinSet::new();
    let mut ticks = interval(Duration::from_millis(2));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    while begun.elapsed() < span {
        ticks.tick().await;
        let due = (begun.elapsed().as_secs_f64() * rate as f64) as usize;
        while changes < due {
            let (platform, principal, file) =
                (house.platform.clone(), house.principal.clone(), house.files[changes % house.files.len()]);
            callers.spawn(async move { change(&platform, &principal, file).await });
            changes += 1;
        }
        while callers.try_join_next().is_some() {}
    }
    callers.join_all().await;
    receiver.wait_for(received_before + changes).await;
    (Told::since(begun, changes, changes), receiver.take_latencies())
}

/// Lets a backlog gather while nobody delivers; answers how many a second are then told.
pub async fn drain_backlog(mut house: House, receiver: &Receiver, backlog: usize) -> f64 {
    house.stop().await;
    let received_before = receiver.count();
    for chunk in 0..=(backlog / house.files.len()) {
        let mut callers = JoinSet::new();
        for file in house.files.iter().take(backlog.saturating_sub(chunk * house.files.len())) {
            let (platform, principal, file) = (house.platform.clone(), house.principal.clone(), *file);
            callers.spawn(async move { change(&platform, &principal, file).await });
        }
        callers.join_all().await;
    }
    let begun = Instant::now();
    house.start();
    receiver.wait_for(received_before + backlog).await;
    let told = Told::since(begun, 0, backlog);
    receiver.take_latencies();
    house.close().await;
    told.deliveries
}
