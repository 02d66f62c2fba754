//! A webhook asks by names, by wildcards and by a filter; each holds for the events of its time.

use crate::scene::Scene;
use crate::told::told_at;
use domain::event::{EventKind, Fact, Subject};
use domain::metadata::Metadata;
use testkit::engines::on_both_engines;

fn about(scene: &Scene, kind: EventKind, size_megabytes: i64, album: &str) -> Fact {
    let mut file = scene.file(1);
    file.size_bytes = size_megabytes * 1_000_000;
    file.metadata = Metadata::from_pairs([("album".to_owned(), album.to_owned())]).unwrap();
    Fact { subject: Subject::File(file), ..scene.fact(1, kind) }
}

#[tokio::test]
async fn a_wildcard_covers_what_begins_like_it() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        for (path, asked) in [("/all", "*"), ("/files", "file.*"), ("/info", "file.info.*"), ("/hooks", "webhook.*")] {
            scene.webhook_with(path, |wish| wish.events = vec![asked.into()]).await;
        }
        let running = scene.start();
        for kind in EventKind::OF_FILES {
            scene.append(scene.fact(1, kind)).await;
        }
        let numbers: Vec<_> = (1..=4).map(domain::id::WebhookNumber::new).collect();
        scene.until_settled(&numbers).await;
        running.stop().await;
        for (path, expected) in
            [("/all", &[1, 2, 3, 5][..]), ("/files", &[1, 2, 3, 5]), ("/info", &[3]), ("/hooks", &[])]
        {
            assert_eq!(told_at(&scene, path), expected, "{path}: the fourth has no word in this wire");
        }
    })
    .await;
}

#[tokio::test]
async fn a_filter_holds_for_the_events_of_its_time() {
    on_both_engines(async |store| {
        let scene = Scene::new(store).await;
        let filter = |text: &str| Some(text.to_owned());
        let webhook = scene
            .webhook_with("/", |wish| wish.policy.filter = filter("size > 20MB and metadata.album = 'pier'"))
            .await;
        let play = async || {
            for (size, album) in [(30, "pier"), (10, "pier"), (30, "boats"), (10, "boats")] {
                scene.append(about(&scene, EventKind::FileStored, size, album)).await;
            }
        };
        play().await;
        scene.amend(&webhook, move |wish| wish.policy.filter = filter("not metadata.album = 'pier'")).await;
        let running = scene.start();
        play().await;
        scene.until_settled(&[webhook.number]).await;
        running.stop().await;
        assert_eq!(told_at(&scene, "/"), [1, 7, 8]);
    })
    .await;
}
