//! An event becomes a signed request, an attempt and a moved cursor.

use crate::scene::Scene;
use crate::told::sequences;
use store::{Error, attempts, cursors};
use testkit::engines::on_both_engines;

#[tokio::test]
async fn an_event_is_told_once_and_written_down() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook("/a").await;
        let running = scene.start();
        scene.happen([1, 2]).await;
        let told = scene.receiver.wait_for(2, |_| true).await;
        running.stop().await;
        let mut seen = sequences(&scene.receiver.received());
        seen.sort_unstable();
        assert_eq!(seen, [1, 2]);
        for header in ["webhook-id", "webhook-timestamp"] {
            assert!(!told[0].header(header).is_empty(), "{header}");
        }
        assert_eq!(told[0].header("x-plain"), format!("made-up-secret-key:{}", told[0].body.len()));
        assert!(told[0].header("webhook-signature").starts_with("v1,"));
        assert!(told[0].header("user-agent").starts_with("Boathook/"));
        assert_eq!(told[0].header("content-type"), "application/json");
        assert_ne!(told[0].header("webhook-id"), told[1].header("webhook-id"));
        let (project, number) = (scene.project.id, webhook.number);
        let rows = scene
            .store
            .read(move |tx| Ok::<_, Error>((attempts::list(tx, project, number, 0, 10)?, cursors::find(tx, number)?)));
        let (attempts, cursor) = rows.await.unwrap();
        assert_eq!(attempts.len(), 2);
        assert!(attempts.iter().all(|attempt| attempt.status == Some(200) && attempt.response == b"answered 200"));
        assert_eq!(cursor.unwrap().low(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_webhook_hears_only_of_what_happens_after_it_was_made() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let running = scene.start();
        scene.happen([1, 2]).await;
        scene.webhook("/late").await;
        scene.happen([3]).await;
        scene.receiver.wait_for(1, |_| true).await;
        running.stop().await;
        assert_eq!(sequences(&scene.receiver.received()), [3]);
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_hangs_delays_nobody_else() {
    on_both_engines(async |store| {
        let mut scene = Scene::new(store).await;
        scene.settings.drain = std::time::Duration::from_millis(10);
        scene.webhook("/hangs").await;
        scene.webhook("/well").await;
        scene.receiver.answer(|request| match request.path.as_str() {
            "/hangs" => testkit::receiver::Answer::Hang,
            _ => testkit::receiver::Answer::Status(204),
        });
        let running = scene.start();
        scene.happen(1..=200).await;
        scene.receiver.wait_for(200, |one| one.path == "/well").await;
        let hanging = scene.receiver.received().iter().filter(|one| one.path == "/hangs").count();
        assert!(hanging <= 4, "its window has not grown: {hanging}");
        running.stop().await;
    })
    .await;
}
