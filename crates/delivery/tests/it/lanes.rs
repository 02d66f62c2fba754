//! However many receivers hang, those that are well are served.

use crate::scene::Scene;
use crate::told::told_at;
use domain::health::Health;
use std::time::Duration;
use store::health;
use testkit::engines::on_both_engines;
use testkit::receiver::Answer;

const HANGING: usize = 300;
const WELL: usize = 5;
const EVENTS: usize = 20;

#[tokio::test]
async fn three_hundred_that_hang_keep_nobody_waiting() {
    on_both_engines(async |store| {
        let mut scene = Scene::new(store).await;
        scene.settings.in_flight_max = 64;
        scene.settings.attempt_timeout = Duration::from_millis(100);
        for _ in 0..HANGING {
            scene.webhook("/hangs").await;
        }
        for n in 0..WELL {
            scene.webhook(&format!("/well/{n}")).await;
        }
        scene.receiver.answer(|request| match request.path.as_str() {
            "/hangs" => Answer::Hang,
            _ => Answer::Status(200),
        });
        let running = scene.start();
        scene.happen([1]).await;
        scene.receiver.wait_for(WELL, |one| one.path != "/hangs").await;
        let is_failing = |found: &Vec<(_, _, Health)>| {
            found.iter().filter(|(_, _, health)| health.failing_since.is_some()).count() == HANGING
        };
        scene.until(health::all, is_failing).await;
        running.kill().await;
        // From here on no attempt that hangs ends, and those that are known to fail may hold a part of the slots only.
        let before = told_at(&scene, "/hangs").len();
        scene.settings.attempt_timeout = Duration::from_mins(5);
        let running = scene.start();
        scene.happen((0..EVENTS).map(|n| n as u8)).await;
        scene.receiver.wait_for(WELL * (EVENTS + 1), |one| one.path != "/hangs").await;
        let hanging = told_at(&scene, "/hangs").len() - before;
        let share = scene.settings.in_flight_max / 4 + scene.settings.turn_deliveries_max;
        assert!((1..=share).contains(&hanging), "{hanging}");
        running.kill().await;
    })
    .await;
}
