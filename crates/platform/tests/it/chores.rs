//! Files go when their time has come, and bytes that no file names are taken away.

use std::time::Duration;

use blobs::Key;
use bytes::Bytes;
use domain::event::EventKind::{FileAmended, FileRemoved, FileUploaded};
use domain::event::Initiator;
use domain::file::{Expiry, State};
use domain::id::FileId;
use domain::project::Grant;
use platform::chores::{expire, sweep};
use platform::files::FileWish;
use pulse::Next;

use crate::scene::{Scene, arrival, scene};

const HOUR: Duration = Duration::from_hours(1);

async fn expire_in(scene: &Scene, id: FileId, span: Duration) {
    let at = domain::Clock::now(&*scene.kit.clock).plus(span);
    let wish = FileWish { expiry: Some(Expiry::At(at)), ..FileWish::default() };
    scene.platform.amend_file(&scene.owner, id, wish).await.unwrap();
}

#[tokio::test]
async fn a_file_goes_when_its_time_has_come() {
    let scene = scene().await;
    let (soon, gone, later) = (scene.upload("a").await.id, scene.upload("b").await.id, scene.upload("c").await.id);
    for (id, span) in [(soon, HOUR), (gone, HOUR), (later, HOUR * 2)] {
        expire_in(&scene, id, span).await;
    }
    scene.platform.remove_file(&scene.owner, gone).await.unwrap();
    let at = scene.kit.clock.advance(HOUR);
    scene.kit.clock.set(at.minus(Duration::from_micros(1)));
    assert_eq!(expire::expire(&scene.platform).await.unwrap(), 0);
    scene.kit.clock.set(at);
    assert_eq!(expire::expire(&scene.platform).await.unwrap(), 1);
    assert_eq!(expire::expire(&scene.platform).await.unwrap(), 0);

    assert_eq!(scene.find(soon).await.removed_at, Some(at));
    assert_eq!(scene.find(later).await.state(), State::Temporary);
    let last = scene.kit.log(&scene.project).await.pop().unwrap().fact;
    assert_eq!((last.change.kind, last.initiator, last.at), (FileRemoved, Initiator::System, at));
    assert_eq!(last.subject.resource(), *soon.as_bytes());
}

#[tokio::test]
async fn many_go_in_batches_and_each_in_its_own_project() {
    let scene = scene().await;
    let (other, _) = scene.kit.project("quay").await;
    let neighbour = scene.kit.principal(&other, Grant::Secret);
    let now = domain::Clock::now(&*scene.kit.clock);
    for (who, count) in [(&scene.owner, expire::FILES_PER_STEP_MAX), (&neighbour, 1)] {
        let mut arrivals = Vec::new();
        for _ in 0..count {
            let mut wish = arrival("x");
            wish.expires_at = Some(now);
            arrivals.push((scene.receive(b"x").await.unwrap(), wish));
        }
        scene.platform.admit(who, arrivals).await.unwrap();
    }
    assert_eq!(expire::step(&scene.platform).await.unwrap(), Next::Now);
    let rest = Next::After(scene.platform.settings().expire_every);
    assert_eq!(expire::step(&scene.platform).await.unwrap(), rest);
    let count = async |project| scene.kit.log(project).await.iter().filter(|event| event.kind() == FileRemoved).count();
    assert_eq!((count(&scene.project).await, count(&other).await), (100, 1));
}

#[tokio::test]
async fn an_expiry_that_was_taken_back_removes_nothing() {
    let scene = scene().await;
    let id = scene.upload("a").await.id;
    expire_in(&scene, id, HOUR).await;
    let never = FileWish { expiry: Some(Expiry::Never), ..FileWish::default() };
    scene.platform.amend_file(&scene.owner, id, never).await.unwrap();
    scene.kit.clock.advance(HOUR * 2);
    assert_eq!(expire::expire(&scene.platform).await.unwrap(), 0);
    assert_eq!(scene.told().await, [FileUploaded, FileAmended, FileAmended]);
}

#[tokio::test]
async fn old_bytes_without_a_file_are_swept_and_no_others() {
    let scene = scene().await;
    let (file, removed) = (scene.upload("a").await, scene.upload("b").await);
    scene.platform.remove_file(&scene.owner, removed.id).await.unwrap();
    let orphan = orphan(&scene).await;

    // The bytes bear the machine's time, which is not after the clock's far future nor before its distant past.
    set_year(&scene, 1971);
    assert_eq!(sweep::sweep(&scene.platform).await.unwrap().originals, 0);
    set_year(&scene, 2200);
    assert_eq!(sweep::sweep(&scene.platform).await.unwrap().originals, 1);

    assert!(!scene.kit.blobs.exists(&orphan).await.unwrap());
    assert!(scene.platform.open_content(&file, None).await.is_ok());
    assert!(scene.platform.open_content(&removed, None).await.is_ok(), "a removed file may be stored again");
}

#[tokio::test]
async fn old_staged_bytes_are_swept() {
    let scene = scene().await;
    let leftover = scene.folder.path().join("blobs/staging/left-by-a-killed-process");
    std::fs::write(&leftover, b"half").unwrap();
    set_year(&scene, 2200);
    let every = Next::After(scene.platform.settings().sweep_every);
    assert_eq!(sweep::step(&scene.platform).await.unwrap(), every);
    assert!(!leftover.exists());
}

/// Bytes that were published, as if the process had been killed before the row was written.
async fn orphan(scene: &Scene) -> Key {
    let key = Key::original([9; 16]);
    let mut staged = scene.kit.blobs.stage();
    staged.write(Bytes::from_static(b"nobody's")).await.unwrap();
    staged.finish().await.unwrap().publish(&key).await.unwrap();
    key
}

fn set_year(scene: &Scene, year: i64) {
    let micros = (year - 1970) * 365 * 24 * 3600 * 1_000_000;
    scene.kit.clock.set(domain::Timestamp::from_micros(micros));
}
