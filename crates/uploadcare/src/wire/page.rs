//! A page of files.

use super::file::FileBody;
use serde::Serialize;

/// What `GET /files/` answers.
#[derive(Serialize)]
pub(crate) struct FileList<'a> {
    pub next: Option<String>,
    pub previous: Option<String>,
    /// How many files the filter lets through, on all pages.
    pub total: i64,
    /// Only in 0.7.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totals: Option<Totals>,
    pub per_page: i64,
    pub results: Vec<FileBody<'a>>,
}

/// How many files the project has, whatever the filter.
#[derive(Serialize)]
pub(crate) struct Totals {
    pub removed: i64,
    pub stored: i64,
    pub unstored: i64,
}
