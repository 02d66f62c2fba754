//! `/files/` and `/files/{uuid}/`: the project's files, in pages, and one of them.

use super::boolean;
use super::call::Call;
use super::cursor::Cursor;
use super::links::link;
use crate::error::rest::Error;
use crate::id;
use crate::version::Version;
use crate::wire::page::{FileList, Totals};
use axum::response::Response;
use domain::Timestamp;
use domain::file::File;
use domain::page::{self, Anchor, Listing, Order};
use web::instant::parse_iso8601;
use web::params::Params;

/// How many files a page has when the caller does not say (REST API 0.7, `GET /files/`), and at most.
const LIMIT_DEFAULT: i64 = 100;
const LIMIT_MAX: i64 = 1000;

/// How many files may be skipped among those of one position: the original's framework has the same.
const OFFSET_MAX: i64 = 1000;

/// `GET /files/{uuid}/`.
pub(super) async fn show(call: &Call, file: &str) -> Result<Response, Error> {
    let file = id::file(file).ok_or(Error::NotFound)?;
    let view = call.view(&call.params()?);
    let file = call.platform().find_file(&call.principal, file).await?;
    Ok(call.ok(&view.of(&file)))
}

/// `GET /files/`.
pub(super) async fn list(call: &Call) -> Result<Response, Error> {
    let params = call.params()?;
    let asked = Asked::read(&params, call.version)?;
    let mut files = call.platform().list_files(&call.principal, &asked.listing()).await?;
    let totals = call.platform().file_totals(&call.principal).await?;
    let following = asked.cursor.split(&mut files, asked.limit).map(|file| asked.position(&file));
    let positions: Vec<i64> = files.iter().map(|file| asked.position(file)).collect();
    let (next, previous) = asked.cursor.neighbours(&positions, following, asked.limit, asked.is_descending);
    let view = call.view(&params);
    let link = |name, place| link(&call.origin(), "/files/", call.query(), name, place, asked.order);
    Ok(call.ok(&FileList {
        next: next.map(|place| link("from", place)),
        previous: previous.map(|place| link("to", place)),
        total: asked.total(&totals),
        totals: (call.version == Version::V07).then_some(Totals {
            removed: totals.removed,
            stored: totals.stored,
            unstored: totals.temporary,
        }),
        per_page: asked.limit,
        results: files.iter().map(|file| view.of(file)).collect(),
    }))
}

/// What the query asks for.
#[derive(Debug)]
struct Asked {
    is_removed: bool,
    is_stored: Option<bool>,
    order: Order,
    is_descending: bool,
    limit: i64,
    cursor: Cursor,
}

impl Asked {
    /// Words that say nothing are passed over, as the original's filters do; only where to begin must be understood.
    fn read(params: &Params, version: Version) -> Result<Self, Error> {
        let ordering = params.get("ordering").unwrap_or_default();
        let is_descending = ordering.starts_with('-');
        let (order, is_descending) = match ordering.strip_prefix('-').unwrap_or(ordering) {
            "size" if version < Version::V07 => (Order::Size, is_descending),
            "datetime_uploaded" => (Order::UploadedAt, is_descending),
            _ => (Order::UploadedAt, false),
        };
        let number = |name| params.get(name).and_then(|text| text.trim().parse::<i64>().ok());
        Ok(Self {
            is_removed: params.get("removed").and_then(boolean).unwrap_or(false),
            is_stored: params.get("stored").and_then(boolean),
            order,
            is_descending,
            limit: number("limit").map_or(LIMIT_DEFAULT, |limit| limit.clamp(1, LIMIT_MAX)),
            cursor: Cursor::at(
                position(params, "from", order)?,
                position(params, "to", order)?,
                number("offset").unwrap_or(0).clamp(0, OFFSET_MAX),
            ),
        })
    }

    /// One more than is shown, to learn whether there are more.
    fn listing(&self) -> Listing {
        let anchor = self.cursor.position.map(|position| match self.order {
            Order::UploadedAt => Anchor::At(Timestamp::from_micros(position)),
            Order::Size => Anchor::Size(position),
        });
        let (before, after) = if self.cursor.is_reverse { (anchor, None) } else { (None, anchor) };
        Listing {
            is_removed: Some(self.is_removed),
            is_stored: self.is_stored,
            order: self.order,
            is_descending: self.is_descending,
            after,
            before,
            skip: self.cursor.offset,
            limit: self.limit + 1,
        }
    }

    fn position(&self, file: &File) -> i64 {
        match self.order {
            Order::UploadedAt => file.uploaded_at.as_micros(),
            Order::Size => file.size_bytes,
        }
    }

    /// How many files the filter lets through. A removed file is not stored.
    fn total(&self, totals: &page::Totals) -> i64 {
        match (self.is_removed, self.is_stored) {
            (false, None) => totals.stored + totals.temporary,
            (false, Some(true)) => totals.stored,
            (false, Some(false)) => totals.temporary,
            (true, None | Some(false)) => totals.removed,
            (true, Some(true)) => 0,
        }
    }
}

fn position(params: &Params, name: &'static str, order: Order) -> Result<Option<i64>, Error> {
    let Some(text) = params.get(name).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let position = match order {
        Order::UploadedAt => parse_iso8601(text).ok(),
        Order::Size => text.parse().ok(),
    };
    position.ok_or(Error::ParameterInvalid(name)).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str, version: Version) -> Result<Asked, Error> {
        Asked::read(&Params::parse(query.as_bytes()).unwrap(), version)
    }

    #[track_caller]
    fn check(query: &str, expected: (bool, Option<bool>, bool, i64)) {
        let found = asked(query, Version::V07).unwrap();
        let found = (found.is_removed, found.is_stored, found.is_descending, found.limit);
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn filters_orders_and_limits() {
        check("", (false, None, false, 100));
        check("removed=True&stored=0&ordering=-datetime_uploaded&limit=7", (true, Some(false), true, 7));
        check("removed=0&stored=1&ordering=datetime_uploaded", (false, Some(true), false, 100));
        check("limit=0", (false, None, false, 1));
        check("limit=10000", (false, None, false, 1000));
        check("removed=maybe&stored=&limit=many&ordering=-size", (false, None, false, 100));
    }

    #[test]
    fn only_older_editions_order_by_size() {
        let found = asked("ordering=-size&from=2048", Version::V06).unwrap();
        assert_eq!((found.order, found.is_descending, found.cursor.position), (Order::Size, true, Some(2048)));
        assert_eq!(asked("ordering=size", Version::V07).unwrap().order, Order::UploadedAt);
    }

    #[test]
    fn instants_as_clients_spell_them() {
        for from in [
            "2026-03-03T10:00:00",
            "2026-03-03T10:00:00Z",
            "2026-03-03T10%3A00%3A00%2B00%3A00",
            "2026-03-03T10:00:00+00:00",
            "2026-03-03T10:00:00.000000+00:00",
        ] {
            let found = asked(&format!("from={from}"), Version::V07).unwrap();
            assert_eq!(found.cursor.position, Some(1_772_532_000_000_000), "{from}");
        }
        for query in ["from=yesterday", "to=12", "from=2026-02-30T10:00:00Z"] {
            assert!(matches!(asked(query, Version::V07), Err(Error::ParameterInvalid(_))), "{query}");
        }
    }
}
