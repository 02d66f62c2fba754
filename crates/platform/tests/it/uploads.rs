//! Bytes come in and become files, whole or not at all.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::event::{EventKind, Initiator, Subject};
use domain::file::State;
use domain::id::ProjectId;
use domain::project::{Grant, Project, Settings as ProjectSettings};
use futures_util::{StreamExt, stream};
use platform::uploads::{Arrival, StoreWish};
use platform::{Chance, Error, Kind, Settings};
use sha2::{Digest, Sha256};
use testkit::clock::BEGINNING;
use testkit::platform::SEED;

use crate::scene::{Scene, arrival, pairs, scene, scene_with};

/// A PNG of one red pixel.
const PNG: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\x0dIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82";

fn small() -> Settings {
    Settings { direct_upload_bytes_max: 10, ..Settings::default() }
}

#[tokio::test]
async fn an_upload_becomes_a_file_and_an_event() {
    let scene = scene().await;
    let received = scene.receive(PNG).await.unwrap();
    assert_eq!(received.size_bytes(), PNG.len() as u64);
    let wish = Arrival { metadata: pairs(&[("color", "red")]), ..arrival("C:\\pics\\pier.png") };
    let public = scene.holding(Grant::Public);
    let file = scene.platform.admit(&public, vec![(received, wish)]).await.unwrap().remove(0);

    assert_eq!((file.name.as_str(), file.declared_mime.as_str()), ("pier.png", "text/plain"));
    assert_eq!(file.content.mime, "image/png");
    let image = file.content.image.clone().unwrap();
    assert_eq!((image.format.as_str(), image.width, image.color_mode.as_str()), ("PNG", 1, "RGBA"));
    assert_eq!((file.size_bytes, file.sha256), (PNG.len() as i64, Sha256::digest(PNG).into()));
    assert_eq!((file.uploaded_at, file.state(), file.revision), (BEGINNING, State::Temporary, 1));
    assert_eq!(file.id.as_bytes()[6] >> 4, 4, "clients expect a UUID of version 4");
    assert_eq!(scene.find(file.id).await, file);

    let log = scene.kit.log(&scene.project).await;
    assert_eq!((log.len(), log[0].sequence, log[0].kind()), (1, 1, EventKind::FileUploaded));
    assert_eq!(log[0].fact.initiator, Initiator::Api(public.request));
    assert_eq!(log[0].fact.at, BEGINNING);
    assert_eq!(log[0].fact.subject, Subject::File(file));
}

#[tokio::test]
async fn the_bytes_come_back_whole_or_in_part() {
    let scene = scene().await;
    let file = scene.upload("boathook").await;
    let read = async |range| {
        let mut body = scene.platform.open_content(&file, range).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(chunk) = body.next().await {
            bytes.extend_from_slice(&chunk.unwrap());
        }
        String::from_utf8(bytes).unwrap()
    };
    assert_eq!(read(None).await, "boathook");
    assert_eq!(read(Some(4..6)).await, "ho");
}

#[tokio::test]
async fn a_file_stays_if_asked_or_if_the_project_likes() {
    for (wish, is_autostore_enabled, is_stored) in [
        (StoreWish::Yes, false, true),
        (StoreWish::No, true, false),
        (StoreWish::Auto, true, true),
        (StoreWish::Auto, false, false),
    ] {
        let scene = scene().await;
        let mut project = Project::clone(&scene.project);
        project.settings = ProjectSettings { is_autostore_enabled, ..project.settings };
        let principal = scene.kit.principal(&Arc::new(project), Grant::Secret);
        let received = scene.receive(b"x").await.unwrap();
        let wish = Arrival { stored: wish, ..arrival("x") };
        let file = scene.platform.admit(&principal, vec![(received, wish)]).await.unwrap().remove(0);
        assert_eq!(file.stored_at, is_stored.then_some(file.uploaded_at));
        assert_eq!(scene.told().await, [EventKind::FileUploaded]);
    }
}

#[tokio::test]
async fn files_of_one_request_have_an_instant_each() {
    let scene = scene().await;
    let mut arrivals = Vec::new();
    for name in ["a", "b", "c"] {
        arrivals.push((scene.receive(b"x").await.unwrap(), arrival(name)));
    }
    let files = scene.platform.admit(&scene.owner, arrivals).await.unwrap();
    let came: Vec<_> = files.iter().map(|file| (file.name.as_str(), file.uploaded_at.since(BEGINNING))).collect();
    assert_eq!(came, [("a", 0), ("b", 1), ("c", 2)].map(|(name, micros)| (name, Duration::from_micros(micros))));
}

#[tokio::test]
async fn a_byte_too_many_is_refused_without_reading_on() {
    let scene = scene_with(small()).await;
    let chunks = |chunks: &'static [&str]| stream::iter(chunks.iter().map(|chunk| Ok(Bytes::from(*chunk))));
    assert!(scene.platform.receive(chunks(&["12345", "67890"]), "fits").await.is_ok());

    let rest = stream::once(async { panic!("the rest was read") });
    let too_many = Box::pin(chunks(&["12345", "67890", "1"]).chain(rest));
    let error = scene.platform.receive(too_many, "big").await.unwrap_err();
    assert!(matches!(error, Error::FileTooLarge { bytes_max: 10 }), "{error:?}");
    assert_eq!(error.kind(), Kind::TooLarge);
    assert_eq!(scene.bytes_kept(), 0);
}

#[test]
fn a_large_upload_that_breaks_off_leaves_nothing() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let scene = runtime.block_on(async {
        let scene = scene().await;
        let megabyte = Bytes::from(vec![7; 1 << 20]);
        let broken = stream::iter([Ok(megabyte.clone()), Ok(megabyte), Err(io::ErrorKind::ConnectionReset.into())]);
        let error = scene.platform.receive(broken, "half").await.unwrap_err();
        assert!(matches!(error, Error::UploadInterrupted), "{error:?}");
        assert_eq!(scene.told().await, []);
        scene
    });
    // Ends when the write that was under way has ended, and taken its file away.
    drop(runtime);
    assert_eq!(scene.bytes_kept(), 0);
}

#[tokio::test]
async fn what_is_received_but_not_admitted_leaves_nothing() {
    let scene = scene().await;
    let megabytes = stream::iter([Ok(Bytes::from(vec![7; 3 << 20]))]);
    let received = scene.platform.receive(megabytes, "unwanted").await.unwrap();
    assert_eq!(scene.bytes_kept(), 1);
    drop(received);
    assert_eq!(scene.bytes_kept(), 0);
}

#[tokio::test]
async fn several_files_arrive_together_in_order() {
    let scene = scene().await;
    let files = scene.platform.admit(&scene.owner, three(&scene).await).await.unwrap();
    assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    let log = scene.kit.log(&scene.project).await;
    assert_eq!(log.iter().map(|event| event.sequence).collect::<Vec<_>>(), [1, 2, 3]);
    let told: Vec<_> = log.into_iter().map(|event| event.fact.subject).collect();
    assert_eq!(told, files.into_iter().map(Subject::File).collect::<Vec<_>>());
    assert_eq!(scene.bytes_kept(), 3);
    assert!(scene.platform.admit(&scene.owner, vec![]).await.unwrap().is_empty());
}

#[tokio::test]
async fn if_the_rows_are_refused_no_bytes_stay() {
    let scene = scene().await;
    let mut nowhere = Project::clone(&scene.project);
    nowhere.id = ProjectId::new(999);
    let stranger = scene.kit.principal(&Arc::new(nowhere), Grant::Secret);
    let error = scene.platform.admit(&stranger, three(&scene).await).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Bug, "{error:?}");
    assert_eq!(scene.bytes_kept(), 0);
}

#[tokio::test]
async fn if_the_bytes_of_one_cannot_be_kept_there_is_no_file_at_all() {
    let scene = scene().await;
    let received = three(&scene).await;
    // The seed foretells the ids: a folder lies where the last file's bytes should go.
    let foretold = foretold_ids(&scene, 3);
    let blocked = scene.folder.path().join("blobs").join(blobs::Key::original(foretold[2]).as_str());
    std::fs::create_dir_all(&blocked).unwrap();

    let error = scene.platform.admit(&scene.owner, received).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    assert_eq!(scene.told().await, []);
    assert_eq!(scene.bytes_kept(), 0);
    std::fs::remove_dir(blocked).unwrap();
}

#[tokio::test]
async fn uploads_of_one_instant_are_listed_each_once() {
    let scene = scene().await;
    scene.platform.admit(&scene.owner, three(&scene).await).await.unwrap();
    scene.kit.clock.advance(Duration::from_micros(1));
    scene.upload("later").await;
    let totals = scene.platform.file_totals(&scene.owner).await.unwrap();
    assert_eq!((totals.temporary, totals.stored), (4, 0));
}

async fn three(scene: &Scene) -> Vec<(platform::intake::Received, Arrival)> {
    let mut received = Vec::new();
    for name in ["a", "b", "c"] {
        received.push((scene.receive(b"some bytes").await.unwrap(), arrival(name)));
    }
    received
}

/// The ids of the next files, by a twin of the scene's chance that has drawn as often.
fn foretold_ids(scene: &Scene, count: usize) -> Vec<[u8; 16]> {
    let twin = Chance::seeded(SEED);
    while twin.request_id() != scene.owner.request {}
    let id = || domain::id::as_uuid_v4(twin.bytes());
    let and_token = |id| {
        twin.bytes();
        id
    };
    (0..count).map(|_| and_token(id())).collect()
}
