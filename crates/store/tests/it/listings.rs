//! Listings, all of them, against the plainest model: filter, sort, cut.

use crate::scene::{at, bare_file, project};
use domain::file::{File, State};
use domain::id::{FileId, ProjectId};
use domain::page::{Anchor, Listing, Order};
use store::{Error, Store, files};
use testkit::engines::on_both_engines;

/// Ten files with ties in both orders, in all states, and sizes that run against the instants.
fn some_files(project: ProjectId) -> Vec<File> {
    (0..10_i64)
        .map(|n| {
            let mut file = bare_file(project, (n * 7 % 10) as u64);
            file.uploaded_at = at(100 + n / 2);
            file.size_bytes = 50 - n / 3;
            match n % 3 {
                0 => drop(file.store(at(200))),
                1 => drop(file.remove(at(200))),
                _ => {}
            }
            file
        })
        .collect()
}

fn every_listing() -> Vec<Listing> {
    let choices = [None, Some(true), Some(false)];
    let mut listings = Vec::new();
    for order in [Order::UploadedAt, Order::Size] {
        let values = match order {
            Order::UploadedAt => [99, 100, 102, 105].map(|value| Anchor::At(at(value))),
            Order::Size => [46, 47, 49, 51].map(Anchor::Size),
        };
        let anchors = values.into_iter().flat_map(|anchor| [(Some(anchor), None), (None, Some(anchor))]);
        for (after, before) in anchors.chain([(None, None)]) {
            for is_removed in choices {
                for is_stored in choices {
                    for (skip, limit) in [(0, 100), (0, 2), (1, 2), (3, 1), (50, 5)] {
                        for is_descending in [false, true] {
                            listings.push(Listing {
                                is_removed,
                                is_stored,
                                order,
                                is_descending,
                                after,
                                before,
                                skip,
                                limit,
                            });
                        }
                    }
                }
            }
        }
    }
    listings
}

fn model(files: &[File], listing: &Listing) -> Vec<FileId> {
    let value = |file: &File| match listing.order {
        Order::UploadedAt => file.uploaded_at.as_micros(),
        Order::Size => file.size_bytes,
    };
    let mut wanted: Vec<&File> = files
        .iter()
        .filter(|file| listing.is_removed.is_none_or(|is| is == (file.state() == State::Removed)))
        .filter(|file| listing.is_stored.is_none_or(|is| is == (file.state() == State::Stored)))
        .collect();
    wanted.sort_by_key(|file| (value(file), file.id));
    if listing.is_descending {
        wanted.reverse();
    }
    let is_after = |file: &File, anchor: Anchor| {
        if listing.is_descending { value(file) < anchor.value() } else { value(file) > anchor.value() }
    };
    let is_before = |file: &File, anchor: Anchor| !is_after(file, anchor) && value(file) != anchor.value();
    wanted.retain(|file| listing.after.is_none_or(|anchor| is_after(file, anchor)));
    wanted.retain(|file| listing.before.is_none_or(|anchor| is_before(file, anchor)));
    let ids: Vec<FileId> = wanted.iter().map(|file| file.id).collect();
    let (skip, limit) = (listing.skip as usize, listing.limit as usize);
    if listing.before.is_none() {
        return ids.into_iter().skip(skip).take(limit).collect();
    }
    let mut near: Vec<FileId> = ids.into_iter().rev().skip(skip).take(limit).collect();
    near.reverse();
    near
}

#[tokio::test]
async fn every_listing_is_the_models() {
    on_both_engines(async |store: Store| {
        let (project, other) = (project(&store, 1).await.id, project(&store, 2).await.id);
        let files = some_files(project);
        let inserted = files.clone();
        let insert = store.write(move |tx| {
            inserted.iter().try_for_each(|file| files::insert(tx, file))?;
            files::insert(tx, &bare_file(other, 99))
        });
        insert.await.unwrap();
        let listed = store.read(move |tx| {
            every_listing().into_iter().map(|listing| Ok((files::list(tx, project, &listing)?, listing))).collect()
        });
        let listed: Result<Vec<(Vec<File>, Listing)>, Error> = listed.await;
        for (found, listing) in listed.unwrap() {
            let ids: Vec<FileId> = found.iter().map(|file| file.id).collect();
            assert_eq!(ids, model(&files, &listing), "{listing:?}");
            assert!(found.iter().all(|file| files.contains(file)), "{listing:?}");
        }
    })
    .await;
}
