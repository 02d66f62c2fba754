//! Many resources, many revisions, some failures and some kills: no inversion where none is promised, and gaps show in the headers.

use crate::dice::Dice;
use crate::scene::Scene;
use crate::told::Told;
use domain::event::EventKind;
use domain::policy::{Order, Policy};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex};
use testkit::engines::on_both_engines;
use testkit::receiver::{Answer, Received};

const RESOURCES: u64 = 12;
const ROUNDS: u64 = 4;
const EVENTS_PER_ROUND: u64 = 60;

/// What arrived, with what was answered.
type Arrivals = Arc<Mutex<Vec<(Received, u16)>>>;

/// One in ten deliveries fails once or twice.
fn fail_some(scene: &Scene) -> Arrivals {
    let arrivals: Arrivals = Arc::default();
    let noted = Arc::clone(&arrivals);
    let (mut dice, failed) = (Dice::seeded(5), Mutex::new(HashMap::<i64, u64>::new()));
    let dice = Mutex::new(move || if dice.percent(10) { 1 + dice.roll(2) } else { 0 });
    scene.receiver.answer(move |request| {
        let mut failed = failed.lock().unwrap();
        let left = failed.entry(request.sequence()).or_insert_with(|| dice.lock().unwrap()());
        let status = if *left > 0 { 500 } else { 200 };
        *left = left.saturating_sub(1);
        noted.lock().unwrap().push((request.clone(), status));
        Answer::Status(status)
    });
    arrivals
}

/// Plays a stream with kills in it; answers the sequences owed, with their resources, and what arrived.
async fn play(scene: &Scene, order: Order) -> (BTreeMap<i64, u8>, Vec<(Received, u16)>) {
    let webhook = scene.webhook_of("/", Policy { order, ..Policy::default() }).await;
    let arrivals = fail_some(scene);
    let (mut dice, mut owed) = (Dice::seeded(9), BTreeMap::new());
    for _ in 0..ROUNDS {
        let running = scene.start();
        for _ in 0..EVENTS_PER_ROUND {
            let (resource, is_owed) = (dice.roll(RESOURCES) as u8, !dice.percent(25));
            let kind = if is_owed { EventKind::FileStored } else { EventKind::FileInfoUpdated };
            let sequence = scene.append(scene.fact(resource, kind)).await;
            owed.extend(is_owed.then_some((sequence, resource)));
        }
        running.kill().await;
        scene.until_gone().await;
    }
    let running = scene.start();
    scene.until_settled(&[webhook.number]).await;
    running.stop().await;
    let arrivals = arrivals.lock().unwrap().clone();
    (owed, arrivals)
}

/// Every attempt names the same predecessor, and together they chain up all that was owed.
fn assert_chained(owed: &BTreeMap<i64, u8>, arrivals: &[(Received, u16)]) {
    let mut before = 0;
    for sequence in owed.keys() {
        let told: HashSet<i64> =
            arrivals.iter().map(|(one, _)| one).filter(|one| one.sequence() == *sequence).map(Told::previous).collect();
        assert_eq!(told, HashSet::from([before]), "before {sequence}");
        before = *sequence;
    }
    assert!(arrivals.iter().all(|(one, _)| owed.contains_key(&one.sequence())));
}

#[tokio::test]
async fn first_attempts_about_a_resource_are_never_inverted() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let (owed, arrivals) = play(&scene, Order::Key).await;
        assert_chained(&owed, &arrivals);
        let (mut seen, mut last) = (HashSet::new(), HashMap::new());
        for (one, _) in &arrivals {
            let sequence = one.sequence();
            if seen.insert(sequence) {
                let before = last.insert(owed[&sequence], sequence).unwrap_or(0);
                assert!(before < sequence, "{sequence} came after {before}");
            }
        }
        assert!(arrivals.iter().any(|(_, status)| *status == 500), "nothing failed, so this showed little");
    })
    .await;
}

/// A request for an event comes only once everything before it in its line has been taken.
fn assert_strict(owed: &BTreeMap<i64, u8>, arrivals: &[(Received, u16)], line: impl Fn(i64) -> u8) {
    let mut taken = HashSet::new();
    for (one, status) in arrivals {
        let sequence = one.sequence();
        for (before, _) in owed.range(..sequence).filter(|(before, _)| line(**before) == line(sequence)) {
            assert!(taken.contains(before), "{sequence} came before {before} was taken");
        }
        if *status == 200 {
            taken.insert(sequence);
        }
    }
    assert_eq!(taken.len(), owed.len());
}

#[tokio::test]
async fn strict_orders_know_no_inversion_at_all() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let (owed, arrivals) = play(&scene, Order::KeyStrict).await;
        assert_chained(&owed, &arrivals);
        assert_strict(&owed, &arrivals, |sequence| owed[&sequence]);
    })
    .await;
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let (owed, arrivals) = play(&scene, Order::Fifo).await;
        assert_chained(&owed, &arrivals);
        assert_strict(&owed, &arrivals, |_| 0);
    })
    .await;
}
