//! In a strict order what failed keeps back what comes after it, also over a restart; everything else flows.

use crate::scene::Scene;
use crate::told::{Told, told_at};
use domain::policy::{Order, Policy};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use testkit::engines::on_both_engines;
use testkit::receiver::Answer;

fn ordered(order: Order) -> Policy {
    Policy { order, ..Policy::default() }
}

/// The receiver refuses the first event until told otherwise.
fn refuse_the_first(scene: &Scene) -> Arc<AtomicBool> {
    let is_well = Arc::new(AtomicBool::new(false));
    let well = Arc::clone(&is_well);
    scene.receiver.answer(move |request| {
        let fails = request.path == "/" && request.sequence() == 1 && !well.load(Ordering::Relaxed);
        Answer::Status(if fails { 500 } else { 200 })
    });
    is_well
}

#[tokio::test]
async fn later_events_of_a_resource_wait_for_one_in_retry_also_over_a_restart() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook_of("/", ordered(Order::KeyStrict)).await;
        let is_well = refuse_the_first(&scene);
        scene.happen([1, 1, 2, 2]).await;
        let running = scene.start();
        scene.retries_until(&webhook, |retries| retries.len() == 1).await;
        scene.receiver.wait_for(1, |one| one.sequence() == 4).await;
        running.kill().await;
        scene.happen([1, 2]).await;
        let running = scene.start();
        scene.receiver.wait_for(1, |one| one.sequence() == 6).await;
        let of_resource_one = |told: Vec<i64>| told.into_iter().filter(|n| [1, 2, 5].contains(n)).collect::<Vec<_>>();
        assert_eq!(of_resource_one(told_at(&scene, "/")), [1]);
        is_well.store(true, Ordering::Relaxed);
        scene.clock.advance(Duration::from_secs(7));
        scene.receiver.wait_for(1, |one| one.sequence() == 5).await;
        running.stop().await;
        assert_eq!(of_resource_one(told_at(&scene, "/")), [1, 1, 2, 5]);
    })
    .await;
}

#[tokio::test]
async fn a_delivery_that_dies_lets_go_of_its_resource() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let policy = Policy { waits: Some(vec![Duration::from_secs(5)]), ..ordered(Order::KeyStrict) };
        let webhook = scene.webhook_of("/", policy).await;
        refuse_the_first(&scene);
        let running = scene.start();
        scene.happen([1, 1, 1]).await;
        scene.retries_until(&webhook, |retries| retries.len() == 1).await;
        scene.clock.advance(Duration::from_secs(7));
        scene.receiver.wait_for(1, |one| one.sequence() == 3).await;
        scene.dead_until(&webhook, 1).await;
        running.stop().await;
        assert_eq!(told_at(&scene, "/"), [1, 1, 2, 3]);
    })
    .await;
}

#[tokio::test]
async fn first_in_first_out_sends_one_at_a_time() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        scene.webhook_of("/fifo", ordered(Order::Fifo)).await;
        scene.pulse().await;
        scene.receiver.answer(|request| match request.path.as_str() {
            "/fifo" if request.sequence() == 1 => Answer::Held(200),
            _ => Answer::Status(200),
        });
        let running = scene.start();
        scene.happen(1..=5).await;
        scene.receiver.wait_for(1, |one| one.path == "/fifo").await;
        scene.beat().await;
        assert_eq!(told_at(&scene, "/fifo"), [1]);
        scene.receiver.release();
        scene.receiver.wait_for(5, |one| one.path == "/fifo").await;
        running.stop().await;
        assert_eq!(told_at(&scene, "/fifo"), [1, 2, 3, 4, 5]);
    })
    .await;
}

#[tokio::test]
async fn first_in_first_out_waits_for_what_failed_also_over_a_restart() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let policy = Policy { waits: Some(vec![Duration::from_secs(5); 2]), ..ordered(Order::Fifo) };
        let webhook = scene.webhook_of("/", policy).await;
        scene.pulse().await;
        refuse_the_first(&scene);
        let running = scene.start();
        scene.happen(1..=4).await;
        scene.retries_until(&webhook, |retries| retries.len() == 1).await;
        running.kill().await;
        let running = scene.start();
        scene.beat().await;
        scene.clock.advance(Duration::from_secs(7));
        scene.retries_until(&webhook, |retries| retries.iter().any(|retry| retry.attempts == 2)).await;
        scene.beat().await;
        assert_eq!(told_at(&scene, "/"), [1, 1]);
        scene.clock.advance(Duration::from_secs(7));
        scene.receiver.wait_for(1, |one| one.path == "/" && one.sequence() == 4).await;
        running.stop().await;
        assert_eq!(told_at(&scene, "/"), [1, 1, 1, 2, 3, 4], "dead after the third attempt, and only then the others");
    })
    .await;
}

#[tokio::test]
async fn without_an_order_many_events_of_a_resource_are_sent_at_once() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        scene.webhook_of("/any", ordered(Order::Any)).await;
        scene.webhook_of("/key", ordered(Order::Key)).await;
        scene.receiver.answer(|_| Answer::Held(200));
        scene.happen([1; 8]).await;
        let running = scene.start();
        let at_once = scene.settings.window_start as usize;
        scene.receiver.wait_for(at_once, |one| one.path == "/any").await;
        scene.receiver.wait_for(1, |one| one.path == "/key").await;
        assert_eq!((told_at(&scene, "/any").len(), told_at(&scene, "/key").len()), (at_once, 1));
        scene.receiver.answer(|_| Answer::Status(200));
        scene.receiver.release();
        scene.receiver.wait_for(16, |_| true).await;
        running.stop().await;
        assert_eq!(told_at(&scene, "/key"), (1..=8).collect::<Vec<i64>>());
    })
    .await;
}

#[tokio::test]
async fn a_change_of_order_leaves_nothing_behind() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook_of("/", ordered(Order::Key)).await;
        scene.pulse().await;
        scene.receiver.answer(|request| if request.path == "/" { Answer::Held(200) } else { Answer::Status(200) });
        let running = scene.start();
        scene.happen([1; 4]).await;
        scene.receiver.wait_for(1, |one| one.path == "/").await;
        scene.beat().await;
        scene.amend(&webhook, |wish| wish.policy.order = Order::Any).await;
        scene.beat().await;
        scene.receiver.answer(|_| Answer::Status(200));
        scene.receiver.release();
        scene.receiver.wait_for(4, |one| one.path == "/").await;
        running.stop().await;
        assert_eq!(told_at(&scene, "/"), [1, 2, 3, 4]);
    })
    .await;
}
