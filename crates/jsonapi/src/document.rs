//! The envelopes: one resource under `data`, or a list of them with its `pagination`. JSON:API-like, not JSON:API.

use axum::response::Response;
use http::{HeaderValue, StatusCode};
use serde::Serialize;

const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// One resource.
#[derive(Serialize)]
pub(crate) struct Document<T> {
    pub data: T,
}

/// A page of resources.
#[derive(Serialize)]
pub(crate) struct List<T> {
    pub data: Vec<T>,
    pub pagination: Pagination,
}

/// Where a page stands among all pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Pagination {
    /// All matching records.
    pub count: i64,
    /// The page answered, from 1.
    pub page: i64,
    /// How many records a page holds, however many this one has.
    pub items: i64,
    /// How many pages there are; at least one.
    pub pages: i64,
}

/// What names a resource: its type and its id.
#[derive(Serialize)]
pub(crate) struct Identifier<I> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub id: I,
}

/// A relationship to one resource.
#[derive(Serialize)]
pub(crate) struct Link<I> {
    pub data: Identifier<I>,
}

impl<I> Link<I> {
    /// To the resource of this type and id.
    pub(crate) const fn to(kind: &'static str, id: I) -> Self {
        Self { data: Identifier { kind, id } }
    }
}

/// What every resource belongs to.
#[derive(Serialize)]
pub(crate) struct OfProject<'a> {
    project: Link<&'a str>,
}

impl<'a> OfProject<'a> {
    /// The project of this public key.
    pub(crate) const fn new(public_key: &'a str) -> Self {
        Self { project: Link::to("projects", public_key) }
    }
}

/// 200 with one resource. Nothing on this wire answers 201 or 204.
pub(crate) fn answer(data: impl Serialize) -> Response {
    respond(StatusCode::OK, &Document { data })
}

/// Any status with any body.
pub(crate) fn respond(status: StatusCode, body: &impl Serialize) -> Response {
    web::json::respond(status, CONTENT_TYPE, web::json::compact(body))
}
