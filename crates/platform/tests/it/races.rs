//! Many verbs at the same time, on both engines: none is lost, none waits for another in a circle, none goes untold.

use std::collections::BTreeMap;

use domain::event::Subject;
use domain::file::{Expiry, File};
use domain::id::FileId;
use domain::project::Grant;
use platform::access::Principal;
use platform::chores::expire;
use platform::files::FileWish;
use platform::{Error, Settings};
use testkit::engines::on_both_engines;
use testkit::platform::{TestPlatform, platform_over};
use tokio::task::JoinSet;

const FILES: usize = 6;
const VERBS: usize = 5;
const ROUNDS: usize = 10 * VERBS;

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_told_once_however_many_come_together() {
    on_both_engines(async |store| {
        let folder = tempfile::tempdir().unwrap();
        let kit = platform_over(store, folder.path(), Settings::default(), &[]);
        let (project, _) = kit.project("pier").await;
        let owner = kit.principal(&project, Grant::Secret);
        let mut ids = Vec::new();
        for n in 0..FILES {
            ids.push(kit.upload(&owner, "a", n.to_string().as_bytes()).await.id);
        }
        let mut running = JoinSet::new();
        for round in 0..ROUNDS {
            let (who, owner, ids) = (kit.clone(), owner.clone(), ids.clone());
            running.spawn(async move { disturb(&who, &owner, &ids, round).await });
        }
        while let Some(verb) = running.join_next().await {
            verb.unwrap().unwrap();
        }

        let log = kit.log(&project).await;
        let sequences: Vec<i64> = log.iter().map(|event| event.sequence).collect();
        assert_eq!(sequences, (1..=log.len() as i64).collect::<Vec<_>>());
        let mut last: BTreeMap<FileId, File> = BTreeMap::new();
        for event in log {
            let Subject::File(file) = event.fact.subject else { panic!("only files changed") };
            let before = last.insert(file.id, file.clone()).map_or(0, |file| file.revision);
            assert_eq!(file.revision, before + 1, "each change is told once, in its order");
        }
        let found = kit.platform.find_files(&owner, &ids).await.unwrap();
        assert_eq!(found.len(), FILES);
        for file in found {
            assert_eq!(last.get(&file.id), Some(&file), "what was told last is what there is");
        }
    })
    .await;
}

/// One of several verbs that want the same files, in contrary orders.
async fn disturb(who: &TestPlatform, owner: &Principal, ids: &[FileId], round: usize) -> Result<(), Error> {
    let platform = &who.platform;
    let one = ids[round / VERBS % FILES];
    match round % VERBS {
        0 => platform.store_files(owner, ids).await.map(drop),
        1 => {
            let backwards: Vec<FileId> = ids.iter().rev().copied().collect();
            platform.remove_files(owner, &backwards).await.map(drop)
        }
        2 => {
            let set = platform.set_file_metadata(owner, one, "round".into(), round.to_string());
            unless_removed(set.await.map(drop))
        }
        3 => {
            let wish = FileWish { expiry: Some(Expiry::At(platform.clock().now())), ..FileWish::default() };
            unless_removed(platform.amend_file(owner, one, wish).await.map(drop))
        }
        _ => expire::expire(platform).await.map(drop),
    }
}

/// Which comes first is open here: a removed file is not changed.
fn unless_removed(answer: Result<(), Error>) -> Result<(), Error> {
    match answer {
        Err(Error::Rule(domain::Error::FileRemoved)) => Ok(()),
        other => other,
    }
}
