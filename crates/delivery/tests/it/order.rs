//! First attempts about one resource are made in the order of its events, one at a time.

use crate::scene::Scene;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use testkit::engines::on_both_engines;
use testkit::receiver::{Answer, Received};

fn resource(request: &Received) -> String {
    request.json()["resource"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn first_attempts_keep_the_order_of_their_resource_even_when_some_fail() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        scene.webhook("/").await;
        let failed: Arc<Mutex<HashSet<i64>>> = Arc::default();
        // Every seventh event fails, every time.
        scene.receiver.answer(move |request| {
            let sequence = request.json()["sequence"].as_i64().unwrap();
            if sequence % 7 == 0 && failed.lock().unwrap().insert(sequence) {
                Answer::Status(500)
            } else {
                Answer::Status(200)
            }
        });
        let running = scene.start();
        scene.happen((0..600).map(|n| (n % 5) as u8)).await;
        let told = scene.receiver.wait_for(600, |_| true).await;
        running.stop().await;
        let mut last: HashMap<String, i64> = HashMap::new();
        for request in &told[..600] {
            let sequence = request.json()["sequence"].as_i64().unwrap();
            let before = last.insert(resource(request), sequence).unwrap_or(0);
            assert!(before < sequence, "{sequence} came after {before}");
        }
    })
    .await;
}
