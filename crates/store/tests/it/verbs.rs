//! Verbs at the same time, some of them failing: each undoes only itself, and the log has no gap.

use crate::scene::{bare_file, bytes, fact, project};
use domain::event::{Event, Subject};
use domain::id::{FileId, ProjectId};
use store::{Error, Store, events, files, projects};
use testkit::engines::on_both_engines;
use tokio::task::JoinSet;

/// Enough for several to share a commit.
const VERBS: u64 = 120;

/// What a verb of this number comes to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    GivenUp,
    Refused,
    Panicked,
}

fn fate(n: u64) -> Fate {
    match n % 8 {
        1 => Fate::GivenUp,
        3 => Fate::Refused,
        6 => Fate::Panicked,
        _ => Fate::Kept,
    }
}

/// Inserts a file and its event, then ends as it must.
fn verb(tx: &mut store::Tx<'_>, project: ProjectId, n: u64) -> Result<i64, Error> {
    let file = bare_file(project, n);
    files::insert(tx, &file)?;
    let event = events::append(tx, fact(file, n))?;
    match fate(n) {
        Fate::Kept => Ok(event.sequence),
        Fate::GivenUp => Err(Error::Conflict("given up")),
        // The same id again: the database itself refuses.
        Fate::Refused => files::insert(tx, &bare_file(project, n)).map(|()| event.sequence),
        Fate::Panicked => panic!("as the scenario wishes"),
    }
}

#[tokio::test]
async fn verbs_that_fail_undo_only_themselves() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let mut running = JoinSet::new();
        for n in 0..VERBS {
            let store = store.clone();
            running.spawn(async move { (n, store.write(move |tx| verb(tx, project, n)).await) });
        }
        let mut answered = running.join_all().await;
        answered.retain(|(n, answer)| {
            assert_eq!(answer.is_ok(), fate(*n) == Fate::Kept, "{n}: {answer:?}");
            answer.is_ok()
        });
        let mut told: Vec<(i64, FileId)> =
            answered.into_iter().map(|(n, answer)| (answer.unwrap(), FileId::from_bytes(bytes(n)))).collect();
        told.sort_unstable();
        assert!(told.iter().map(|(sequence, _)| *sequence).eq(1..=told.len() as i64), "no gap: {told:?}");

        let logged = store.read(move |tx| events::after(tx, project, 0, 1000)).await.unwrap();
        assert_eq!(logged.iter().map(place).collect::<Vec<_>>(), told);
        let ids: Vec<FileId> = (0..VERBS).map(|n| FileId::from_bytes(bytes(n))).collect();
        let mut kept: Vec<FileId> = told.into_iter().map(|(_, id)| id).collect();
        kept.sort_unstable();
        assert_eq!(store.read(move |tx| files::known(tx, &ids)).await.unwrap(), kept, "no event without its change");
    })
    .await;
}

fn place(event: &Event) -> (i64, FileId) {
    let Subject::File(file) = &event.fact.subject else { panic!("only files changed") };
    (event.sequence, file.id)
}

#[tokio::test]
async fn changes_of_one_file_at_the_same_time_are_all_kept() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await.id;
        let file = bare_file(project, 1);
        let id = file.id;
        store.write(move |tx| files::insert(tx, &file)).await.unwrap();
        let mut running = JoinSet::new();
        for n in 0..40 {
            let store = store.clone();
            let change = move |tx: &mut store::Tx<'_>| {
                let mut file = files::find_for_update(tx, project, id)?.unwrap();
                file.set_metadata(format!("k{n}"), "v".into()).unwrap();
                files::save(tx, &file)
            };
            running.spawn(async move { store.write::<_, Error, _>(change).await });
        }
        assert!(running.join_all().await.into_iter().all(|answer| answer.is_ok()));
        let file = store.read(move |tx| files::find(tx, project, id)).await.unwrap().unwrap();
        assert_eq!((file.metadata.pairs().len(), file.revision), (40, 43));
    })
    .await;
}

#[tokio::test]
async fn a_look_sees_one_moment_and_may_not_write() {
    on_both_engines(async |store: Store| {
        let project = project(&store, 1).await;
        let written = store.read(|tx| projects::insert(tx, &crate::scene::new_project(2))).await;
        assert!(written.is_err(), "{written:?}");
        assert_eq!(store.read(projects::list).await.unwrap(), [project]);
    })
    .await;
}
