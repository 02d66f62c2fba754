//! An event is judged and put into words by the revision of the webhook that held for it, and sent where the webhook points now.

use crate::scene::Scene;
use crate::told::sequences;
use testkit::engines::on_both_engines;

#[tokio::test]
async fn the_body_is_of_the_revision_that_held_and_the_address_is_the_current_one() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook("/old").await;
        scene.happen([1]).await;
        let moved = scene.receiver.url("/new");
        scene.amend(&webhook, move |wish| wish.target_url.clone_from(&moved)).await;
        scene.happen([2]).await;
        let running = scene.start();
        let told = scene.receiver.wait_for(2, |one| one.path == "/new").await;
        running.stop().await;
        let mut revisions: Vec<_> =
            told.iter().map(|one| (one.json()["sequence"].as_i64(), one.json()["revision"].as_i64())).collect();
        revisions.sort_unstable();
        assert_eq!(revisions, [(Some(1), Some(1)), (Some(2), Some(2))]);
        assert_eq!(scene.receiver.received().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_inactive_webhook_keeps_what_it_was_owed_and_is_owed_nothing_new() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let webhook = scene.webhook("/").await;
        scene.happen([1]).await;
        let resting = scene.amend(&webhook, |wish| wish.is_active = false).await;
        let running = scene.start();
        scene.happen([2]).await;
        let other = scene.webhook("/other").await;
        scene.happen([3]).await;
        scene.receiver.wait_for(1, |one| one.path == "/other").await;
        assert_eq!(scene.receiver.received().len(), 1, "only {} was told", other.number);
        scene.amend(&resting, |wish| wish.is_active = true).await;
        scene.happen([4]).await;
        scene.receiver.wait_for(2, |one| one.path == "/").await;
        running.stop().await;
        let told: Vec<_> = scene.receiver.received().into_iter().filter(|one| one.path == "/").collect();
        let mut seen = sequences(&told);
        seen.sort_unstable();
        assert_eq!(seen, [1, 4]);
    })
    .await;
}
