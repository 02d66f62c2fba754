//! The log: append in the caller's transaction; read after a sequence.
//!
//! [`append`] is the last thing a verb does: it takes the next number of the project's sequence, and with it the row that keeps every
//! other verb of the project from taking one before this transaction ends. So the order of numbers is the order of commits, and a reader
//! that has seen a number has seen all below it. A transaction that is undone gives its number back.

use crate::engine::{Row, Statement, Tx};
use crate::error::Error;
use crate::snapshot;
use crate::tail::News;
use domain::Timestamp;
use domain::event::{Change, Event, EventKind, Fact, Initiator};
use domain::id::{EventId, ProjectId, RequestId, WebhookNumber};
use std::sync::Arc;

const NEXT: Statement =
    Statement::new("events.next", "UPDATE project_sequences SET last = last + 1 WHERE project_id = $1 RETURNING last");
const APPEND: Statement = Statement::new(
    "events.append",
    "INSERT INTO events (project_id, sequence, id, kind, resource, at, initiator, request_id, snapshot, previous,
                         addressee)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
);
const AFTER: Statement = Statement::new(
    "events.after",
    "SELECT sequence, id, kind, resource, at, initiator, request_id, snapshot, previous, addressee
       FROM events
      WHERE project_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
);
const FIND: Statement = Statement::new(
    "events.find",
    "SELECT sequence, id, kind, resource, at, initiator, request_id, snapshot, previous, addressee
       FROM events WHERE project_id = $1 AND sequence = $2",
);
const FIND_BY_ID: Statement = Statement::new(
    "events.find_by_id",
    "SELECT sequence, id, kind, resource, at, initiator, request_id, snapshot, previous, addressee
       FROM events WHERE project_id = $1 AND id = $2",
);
const FIRST_SINCE: Statement = Statement::new(
    "events.first_since",
    "SELECT sequence FROM events WHERE project_id = $1 AND sequence > $2 AND at >= $3 ORDER BY sequence LIMIT 1",
);
const LAST: Statement = Statement::new("events.last", "SELECT last FROM project_sequences WHERE project_id = $1");
const HOLD: Statement =
    Statement::new("events.hold", "SELECT last FROM project_sequences WHERE project_id = $1 {for_update}");
const HEADS: Statement =
    Statement::new("events.heads", "SELECT project_id, last FROM project_sequences ORDER BY project_id");

pub(crate) const STATEMENTS: &[&Statement] =
    &[&NEXT, &APPEND, &AFTER, &FIND, &FIND_BY_ID, &FIRST_SINCE, &LAST, &HOLD, &HEADS];

const API: &str = "api";
const SYSTEM: &str = "system";

/// Records a fact as its project's next event, and announces it.
pub fn append(tx: &mut Tx<'_>, fact: Fact) -> Result<Arc<Event>, Error> {
    let project = fact.subject.project();
    let sequence = last(tx.row(&NEXT, &[project.get().into()])?, project)?;
    let snapshot = snapshot::write_subject(&fact.subject);
    let previous = snapshot::write_previous(&fact.change.previous);
    let (initiator, request) = match &fact.initiator {
        Initiator::Api(request) => (API, Some(request.as_bytes().as_slice())),
        Initiator::System => (SYSTEM, None),
    };
    tx.execute(
        &APPEND,
        &[
            project.get().into(),
            sequence.into(),
            fact.id.as_bytes().as_slice().into(),
            fact.change.kind.name().into(),
            fact.subject.resource().as_slice().into(),
            fact.at.into(),
            initiator.into(),
            request.into(),
            snapshot.as_str().into(),
            previous.as_deref().into(),
            fact.addressee.map(WebhookNumber::get).into(),
        ],
    )?;
    let event = Arc::new(Event { sequence, fact });
    tx.announce(News::Event(Arc::clone(&event)));
    Ok(event)
}

/// A project's events after a sequence, in order, at most `limit`.
pub fn after(tx: &mut Tx<'_>, project: ProjectId, sequence: i64, limit: i64) -> Result<Vec<Event>, Error> {
    let rows = tx.rows(&AFTER, &[project.get().into(), sequence.into(), limit.into()])?;
    rows.into_iter().map(|row| event(row, project)).collect()
}

/// A project's event of that sequence.
pub fn find(tx: &mut Tx<'_>, project: ProjectId, sequence: i64) -> Result<Option<Event>, Error> {
    tx.row(&FIND, &[project.get().into(), sequence.into()])?.map(|row| event(row, project)).transpose()
}

/// A project's event of that id.
pub fn find_by_id(tx: &mut Tx<'_>, project: ProjectId, id: EventId) -> Result<Option<Event>, Error> {
    let found = tx.row(&FIND_BY_ID, &[project.get().into(), id.as_bytes().as_slice().into()])?;
    found.map(|row| event(row, project)).transpose()
}

/// The first sequence after another whose event happened at an instant or later. Reads on from there until it finds it.
pub fn first_since(tx: &mut Tx<'_>, project: ProjectId, after: i64, at: Timestamp) -> Result<Option<i64>, Error> {
    let found = tx.row(&FIRST_SINCE, &[project.get().into(), after.into(), at.into()])?;
    found.map(|mut row| row.int(0)).transpose()
}

/// The sequence of a project's last event; 0 before the first.
pub fn last_sequence(tx: &mut Tx<'_>, project: ProjectId) -> Result<i64, Error> {
    last(tx.row(&LAST, &[project.get().into()])?, project)
}

/// The same, and no other event of the project gets a number until this transaction ends.
pub fn hold_sequence(tx: &mut Tx<'_>, project: ProjectId) -> Result<i64, Error> {
    last(tx.row(&HOLD, &[project.get().into()])?, project)
}

/// Every project with the sequence of its last event.
pub fn heads(tx: &mut Tx<'_>) -> Result<Vec<(ProjectId, i64)>, Error> {
    let head = |mut row: Row| Ok((ProjectId::new(row.int(0)?), row.int(1)?));
    tx.rows(&HEADS, &[])?.into_iter().map(head).collect()
}

fn last(row: Option<Row>, project: ProjectId) -> Result<i64, Error> {
    row.ok_or_else(|| Error::bug(format!("the project {project} has no log")))?.int(0)
}

fn event(mut row: Row, project: ProjectId) -> Result<Event, Error> {
    let kind = row.text(2)?;
    let kind = EventKind::from_name(&kind).ok_or_else(|| Error::bug(format!("an event's kind is {kind:?}")))?;
    let subject = snapshot::read_subject(kind, project, row.id16(3)?, &row.text(7)?)?;
    let previous = snapshot::read_previous(row.text_or_none(8)?.as_deref())?;
    Ok(Event {
        sequence: row.int(0)?,
        fact: Fact {
            id: EventId::from_bytes(row.id16(1)?),
            change: Change { kind, previous },
            at: row.timestamp(4)?,
            initiator: initiator(&mut row)?,
            subject,
            addressee: row.int_or_none(9)?.map(WebhookNumber::new),
        },
    })
}

fn initiator(row: &mut Row) -> Result<Initiator, Error> {
    match row.text(5)?.as_str() {
        API => Ok(Initiator::Api(RequestId::from_bytes(row.id16(6)?))),
        SYSTEM => Ok(Initiator::System),
        other => Err(Error::bug(format!("an event's initiator is {other:?}"))),
    }
}
