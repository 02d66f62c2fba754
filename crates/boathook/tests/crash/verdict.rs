//! What must hold after all the kills.

use crate::client::Client;
use crate::driver::{Known, Story};
use crate::inbox::{Delivery, Inbox};
use crate::server::Server;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

/// What was counted; all of it was checked.
pub struct Counts {
    files: usize,
    changes: u64,
    deliveries: usize,
    duplicates: u64,
    unknown: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { files, changes, deliveries, duplicates, unknown } = self;
        writeln!(f, "acknowledged: {files} files, {changes} changes; lost: 0")?;
        writeln!(f, "delivered: {deliveries}; without their change: 0; attempts with other bytes: 0; out of order: 0")?;
        write!(
            f,
            "sent again: {duplicates}; files whose upload was never answered, and whose events told of them: {unknown}"
        )
    }
}

/// An event that must arrive: the path of its webhook, its name, the file, and the value of `n` it tells of (any, when none).
type Expected = (&'static str, &'static str, String, Option<u64>);

pub async fn check(stories: &[Story], inbox: &Inbox, server: &Server) -> Counts {
    wait_until_told(stories, inbox).await;
    wait_until_quiet(inbox).await;
    let deliveries = inbox.deliveries();
    assert_eq!(inbox.differing(), 0, "attempts of one delivery differ");
    check_order(&deliveries);
    let unknown = check_changes(stories, &deliveries, server).await;
    let changes = |story: &Story| {
        story.acknowledged
            + [story.stored, story.removed].iter().filter(|known| **known == Known::Acknowledged).count() as u64
    };
    Counts {
        files: stories.len(),
        changes: stories.iter().map(changes).sum(),
        duplicates: deliveries.iter().map(|delivery| delivery.attempts - 1).sum(),
        deliveries: deliveries.len(),
        unknown,
    }
}

fn expected(story: &Story) -> Vec<Expected> {
    let uuid = || story.uuid.clone();
    let mut expected = vec![("file.uploaded", "file.uploaded", uuid(), None), ("uc", "file.created", uuid(), None)];
    if story.acknowledged > 0 {
        expected.push(("file.info_updated", "file.info_updated", uuid(), Some(story.acknowledged)));
        expected.push(("uc", "file.updated", uuid(), Some(story.acknowledged)));
    }
    if story.stored == Known::Acknowledged {
        expected.push(("file.stored", "file.stored", uuid(), None));
    }
    if story.removed == Known::Acknowledged {
        expected.extend([("file.deleted", "file.deleted", uuid(), None), ("uc", "file.deleted", uuid(), None)]);
    }
    expected
}

/// Waits until every acknowledged change was told through both wires.
async fn wait_until_told(stories: &[Story], inbox: &Inbox) {
    let mut missing: Vec<Expected> = stories.iter().flat_map(expected).collect();
    let mut ticks = tokio::time::interval(Duration::from_millis(200));
    for _ in 0..600 {
        ticks.tick().await;
        let mut told = HashSet::new();
        for delivery in inbox.deliveries() {
            told.insert((delivery.path.clone(), delivery.event.clone(), delivery.uuid.clone(), Some(delivery.n)));
            told.insert((delivery.path, delivery.event, delivery.uuid, None));
        }
        missing.retain(|(path, event, uuid, n)| {
            !told.contains(&((*path).to_owned(), (*event).to_owned(), uuid.clone(), *n))
        });
        if missing.is_empty() {
            return;
        }
    }
    panic!("{} events never arrived, such as {:?}", missing.len(), missing[0]);
}

/// Waits until nothing new has come for a while: changes whose answers never came may be told a little later.
async fn wait_until_quiet(inbox: &Inbox) {
    let mut before = 0;
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    loop {
        ticks.tick().await;
        let now = inbox.deliveries().len();
        if now == before {
            return;
        }
        before = now;
    }
}

/// First attempts about one file, at one webhook, came in the order of its changes: what they tell never goes back.
fn check_order(deliveries: &[Delivery]) {
    let mut last: HashMap<(&str, &str), (u64, bool, bool)> = HashMap::new();
    for delivery in deliveries {
        let told = (delivery.n, delivery.is_stored || delivery.is_removed, delivery.is_removed);
        let before = last.insert((&delivery.path, &delivery.uuid), told).unwrap_or_default();
        assert!(before <= told, "{delivery:?} came after {before:?}");
    }
}

/// Every acknowledged change is present, and every event tells of a change that is present.
async fn check_changes(stories: &[Story], deliveries: &[Delivery], server: &Server) -> usize {
    let mut client = Client::new(&server.address);
    let mut told: HashMap<&str, u64> = HashMap::new();
    for delivery in deliveries {
        let n = told.entry(&delivery.uuid).or_default();
        *n = (*n).max(delivery.n);
    }
    for story in stories {
        let file = server.file(&mut client, &story.uuid).await;
        assert_eq!(file.status, 200, "{story:?}");
        let file = file.json();
        let n: u64 = file["metadata"]["n"].as_str().map_or(0, |n| n.parse().unwrap());
        assert!((story.acknowledged..=story.asked).contains(&n), "{story:?}: n is {n}");
        assert!(told.get(story.uuid.as_str()).is_some_and(|told| *told == n), "{story:?}: told of another n than {n}");
        let is_removed = !file["datetime_removed"].is_null();
        assert!(is_removed || story.removed != Known::Acknowledged, "{story:?} is not removed");
        assert!(!is_removed || story.removed != Known::NotAsked, "{story:?} is removed");
        if story.stored == Known::Acknowledged && story.removed == Known::NotAsked {
            assert!(!file["datetime_stored"].is_null(), "{story:?} is not stored");
        }
        if !is_removed {
            let content = client.send("GET", &format!("/{}/", story.uuid), "", b"").await.unwrap();
            assert_eq!(String::from_utf8_lossy(&content.body), story.content);
        }
    }
    let known: HashSet<&str> = stories.iter().map(|story| story.uuid.as_str()).collect();
    let unknown: Vec<&str> = told.into_keys().filter(|uuid| !known.contains(uuid)).collect();
    for uuid in &unknown {
        assert_eq!(
            server.file(&mut client, uuid).await.status,
            200,
            "an event told of a file that is not there: {uuid}"
        );
    }
    unknown.len()
}
