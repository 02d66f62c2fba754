//! Listings: a project's files in order, from an anchor, up or down; and how many there are.
//!
//! A stretch before an anchor is read from the anchor away and turned round. Ties are broken by id, in the direction of the order.

use super::row::{columns, file, state_name};
use crate::engine::{Statement, Tx};
use crate::error::Error;
use domain::file::{File, State};
use domain::id::ProjectId;
use domain::page::{Anchor, Listing, Order, Totals};

/// One scan: an index, a direction. The wanted states are compared as a CASE, so that no engine takes the states' own index instead
/// of the one that has the order.
macro_rules! scan {
    ($name:literal, $column:literal, $beyond:literal, $direction:literal) => {
        Statement::new(
            $name,
            concat!(
                "SELECT ",
                columns!(),
                " FROM files WHERE project_id = $1 AND ",
                $column,
                $beyond,
                "$2 AND CASE state WHEN 'temporary' THEN CAST($3 AS BOOLEAN) WHEN 'stored' THEN CAST($4 AS BOOLEAN)
                                   ELSE CAST($5 AS BOOLEAN) END
                 ORDER BY ",
                $column,
                $direction,
                ", id ",
                $direction,
                " LIMIT $6 OFFSET $7"
            ),
        )
    };
}

pub(super) const UPLOADED_UP: Statement = scan!("files.list_uploaded_up", "uploaded_at", " > ", " ASC");
pub(super) const UPLOADED_DOWN: Statement = scan!("files.list_uploaded_down", "uploaded_at", " < ", " DESC");
pub(super) const SIZE_UP: Statement = scan!("files.list_size_up", "size_bytes", " > ", " ASC");
pub(super) const SIZE_DOWN: Statement = scan!("files.list_size_down", "size_bytes", " < ", " DESC");
pub(super) const TOTALS: Statement =
    Statement::new("files.totals", "SELECT state, COUNT(*) FROM files WHERE project_id = $1 GROUP BY state");

/// The files that a listing asks for, in its order.
pub fn list(tx: &mut Tx<'_>, project: ProjectId, listing: &Listing) -> Result<Vec<File>, Error> {
    let is_backward = listing.before.is_some();
    let is_downward = listing.is_descending != is_backward;
    let statement = match (listing.order, is_downward) {
        (Order::UploadedAt, false) => &UPLOADED_UP,
        (Order::UploadedAt, true) => &UPLOADED_DOWN,
        (Order::Size, false) => &SIZE_UP,
        (Order::Size, true) => &SIZE_DOWN,
    };
    let from_the_end = if is_downward { i64::MAX } else { i64::MIN };
    let anchor = listing.before.or(listing.after).map_or(from_the_end, Anchor::value);
    let values = [
        project.get().into(),
        anchor.into(),
        asks_for(listing, State::Temporary).into(),
        asks_for(listing, State::Stored).into(),
        asks_for(listing, State::Removed).into(),
        listing.limit.into(),
        listing.skip.into(),
    ];
    let mut files: Vec<File> = tx.rows(statement, &values)?.into_iter().map(file).collect::<Result<_, _>>()?;
    if is_backward {
        files.reverse();
    }
    Ok(files)
}

fn asks_for(listing: &Listing, state: State) -> bool {
    listing.is_removed.is_none_or(|wanted| wanted == (state == State::Removed))
        && listing.is_stored.is_none_or(|wanted| wanted == (state == State::Stored))
}

/// How many files a project has in each state.
pub fn totals(tx: &mut Tx<'_>, project: ProjectId) -> Result<Totals, Error> {
    let mut totals = Totals::default();
    for mut row in tx.rows(&TOTALS, &[project.get().into()])? {
        let state = row.text(0)?;
        let total = [
            (State::Temporary, &mut totals.temporary),
            (State::Stored, &mut totals.stored),
            (State::Removed, &mut totals.removed),
        ]
        .into_iter()
        .find(|(known, _)| state_name(*known) == state);
        *total.ok_or_else(|| Error::bug(format!("a file's state is {state:?}")))?.1 = row.int(1)?;
    }
    Ok(totals)
}
