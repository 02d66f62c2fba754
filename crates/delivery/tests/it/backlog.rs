//! A backlog larger than the memory it may take is told completely, and each event once.

use crate::scene::Scene;
use crate::told::sequences;
use testkit::engines::on_both_engines;

#[tokio::test]
async fn a_long_backlog_is_read_a_stretch_at_a_time() {
    on_both_engines(async |store| {
        let mut scene = Scene::new(store).await;
        scene.settings.ready_max = 64;
        scene.settings.read_events_max = 50;
        scene.webhook("/a").await;
        scene.webhook("/b").await;
        scene.happen((0..500).map(|n| (n % 200) as u8)).await;
        let running = scene.start();
        scene.happen((0..300).map(|n| (n % 200) as u8)).await;
        let told = scene.receiver.wait_for(1600, |_| true).await;
        running.stop().await;
        assert_eq!(scene.receiver.received().len(), 1600);
        for path in ["/a", "/b"] {
            let told: Vec<_> = told.iter().filter(|one| one.path == path).cloned().collect();
            let mut seen = sequences(&told);
            seen.sort_unstable();
            assert_eq!(seen, (1..=800).collect::<Vec<i64>>(), "{path}");
        }
    })
    .await;
}
