//! The log.

use crate::scene::{NOW, bare_file, bytes, conflict, event, fact, project};
use domain::Timestamp;
use domain::content::{Content, Image};
use domain::event::{Change, Event, EventKind, Fact, Initiator, Previous, Subject};
use domain::file::File;
use domain::id::{AccessToken, EventId, FileId, ProjectId, RequestId};
use domain::metadata::Metadata;
use proptest::collection::btree_map;
use proptest::option;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use store::{Error, News, Store, events};
use testkit::engines::on_both_engines;

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(any::<char>(), 0..20).prop_map(String::from_iter)
}

fn degrees() -> impl Strategy<Value = f64> {
    use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    NEGATIVE | POSITIVE | NORMAL | SUBNORMAL | ZERO
}

fn instant() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(Timestamp::from_micros)
}

fn metadata() -> impl Strategy<Value = Metadata> {
    btree_map(text(), text(), 0..4).prop_map(Metadata::from_trusted)
}

prop_compose! {
    fn image()(
        (format, width, height, color_mode, orientation) in (text(), any::<u32>(), any::<u32>(), text(), any::<Option<u8>>()),
        (dpi, is_sequence) in any::<(Option<(u32, u32)>, bool)>(),
        geo_location in option::of((degrees(), degrees())),
        datetime_original in option::of(text()),
    ) -> Image {
        Image { format, width, height, color_mode, orientation, dpi, is_sequence, geo_location, datetime_original }
    }
}

prop_compose! {
    fn any_file(project: ProjectId)(
        (id, token, sha256) in any::<([u8; 16], [u8; 16], [u8; 32])>(),
        (name, declared_mime, mime) in (text(), text(), text()),
        (revision, size_bytes, is_original_protected) in any::<(i64, i64, bool)>(),
        image in option::of(image()),
        metadata in metadata(),
        uploaded_at in instant(),
        (stored_at, removed_at, expires_at) in (option::of(instant()), option::of(instant()), option::of(instant())),
    ) -> File {
        File {
            id: FileId::from_bytes(id),
            project, revision, name, declared_mime, size_bytes, sha256,
            content: Content { mime, image },
            metadata,
            access_token: AccessToken::from_bytes(token),
            is_original_protected, uploaded_at, stored_at, removed_at, expires_at,
        }
    }
}

prop_compose! {
    fn any_fact(project: ProjectId)(
        kind in proptest::sample::select(&EventKind::OF_FILES[..]),
        previous in option::of(metadata()),
        at in instant(),
        request in any::<Option<[u8; 16]>>(),
        file in any_file(project),
    ) -> Fact {
        Fact {
            id: EventId::from_bytes([0; 16]),
            change: Change { kind, previous: Previous { metadata: previous } },
            at,
            initiator: request.map_or(Initiator::System, |id| Initiator::Api(RequestId::from_bytes(id))),
            subject: Subject::File(file),
            addressee: None,
        }
    }
}

#[tokio::test]
async fn an_event_is_read_as_it_was_appended() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let (facts, mut runner) = (any_fact(project), TestRunner::deterministic());
        let facts: Vec<Fact> = (0..256)
            .map(|n| Fact { id: EventId::from_bytes(bytes(n)), ..facts.new_tree(&mut runner).unwrap().current() })
            .collect();
        let appended = facts.clone();
        let append = store.write(move |tx| {
            appended
                .iter()
                .map(|fact| Ok((*events::append(tx, fact.clone())?).clone()))
                .collect::<Result<Vec<Event>, Error>>()
        });
        let appended = append.await.unwrap();
        assert!(appended.iter().map(|event| &event.fact).eq(&facts));
        let read = store.read(move |tx| events::after(tx, project, 0, 1000)).await.unwrap();
        for (read, appended) in read.iter().zip(&appended) {
            assert_eq!(read, appended);
        }
        assert_eq!(read.len(), 256);
    })
    .await;
}

#[tokio::test]
async fn each_project_counts_for_itself() {
    on_both_engines(async |store: Store| {
        let (one, two) = (project(&store, 1).await.id, project(&store, 2).await.id);
        let last = |project| store.read(move |tx| events::last_sequence(tx, project));
        assert_eq!((last(one).await.unwrap(), last(two).await.unwrap()), (0, 0));
        for (project, n, sequence) in [(one, 1, 1), (two, 2, 1), (one, 3, 2), (one, 4, 3)] {
            assert_eq!(event(&store, project, n).await, sequence);
        }
        assert_eq!((last(one).await.unwrap(), last(two).await.unwrap()), (3, 1));
        assert_eq!(store.write(move |tx| events::hold_sequence(tx, one)).await.unwrap(), 3);
        assert_eq!(store.read(events::heads).await.unwrap(), [(one, 3), (two, 1)]);

        let after = |sequence, limit| store.read(move |tx| events::after(tx, one, sequence, limit));
        let sequences = |events: Vec<Event>| events.iter().map(|event| event.sequence).collect::<Vec<_>>();
        assert_eq!(sequences(after(0, 10).await.unwrap()), [1, 2, 3]);
        assert_eq!(sequences(after(1, 1).await.unwrap()), [2]);
        assert_eq!(sequences(after(3, 10).await.unwrap()), [0_i64; 0]);
    })
    .await;
}

#[tokio::test]
async fn an_event_is_appended_once_and_only_to_a_log() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        event(&store, project, 1).await;
        let again = store.write(move |tx| events::append(tx, fact(bare_file(project, 2), 1))).await;
        assert_eq!(conflict(again), "event_id");
        assert_eq!(event(&store, project, 2).await, 2, "the refused one gave its number back");

        let nowhere = ProjectId::new(9);
        let lost = store.write(move |tx| events::append(tx, fact(bare_file(nowhere, 3), 3))).await;
        assert!(matches!(lost, Err(Error::Bug(_))), "{lost:?}");
        let unknown = store.read(move |tx| events::last_sequence(tx, nowhere)).await;
        assert!(matches!(unknown, Err(Error::Bug(_))), "{unknown:?}");
        assert_eq!(store.read(move |tx| events::after(tx, nowhere, 0, 9)).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn the_tail_tells_what_was_committed_and_nothing_else() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        store.tail().watch();
        event(&store, project, 1).await;
        let undone = store.write(move |tx| {
            events::append(tx, fact(bare_file(project, 2), 2))?;
            Err::<(), Error>(Error::Conflict("none, but the verb gives up"))
        });
        undone.await.unwrap_err();
        event(&store, project, 3).await;
        let taken = store.tail().take();
        let told: Vec<Event> = taken
            .news
            .iter()
            .map(|news| match news {
                News::Event(event) => (**event).clone(),
                News::Webhooks => panic!("no webhook was touched"),
            })
            .collect();
        assert!(!taken.has_missed);
        assert_eq!(told, store.read(move |tx| events::after(tx, project, 0, 10)).await.unwrap());
        assert_eq!(told.iter().map(|event| (event.sequence, event.fact.at)).collect::<Vec<_>>(), [(1, NOW), (2, NOW)]);
    })
    .await;
}
