//! Bodies that carry parameters: urlencoded, multipart or JSON, by their Content-Type, merged with the query.
//!
//! A door that expects files walks a [`Multipart`] itself, streaming; one that expects only parameters calls [`read`]
//! or [`read_tree`], which pass over files unread. A body of any other type carries no parameters, and that is no error.

mod feed;
mod multipart;

pub use multipart::{Field, HEAD_BYTES_MAX, Multipart};

use axum::body::Body;
use http::header::{self, HeaderMap};
use http::request::Parts;

use crate::body;
use crate::params::{PARAMS_MAX, Params, TooManyParams};
use crate::tree::{self, Tree};

/// The texts of one form together unless the door says otherwise; Django's own limit.
pub const TEXT_BYTES_MAX: u64 = 2_621_440;

/// How much of a form is taken.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The whole body, files and framing included.
    pub body: body::Limits,
    /// How many fields, files included.
    pub fields_max: usize,
    /// How long the texts may be, taken together: all fields read as text and all names and types, or an urlencoded or JSON
    /// body.
    pub text_bytes_max: u64,
}

impl Limits {
    /// A body of up to this many bytes, and the usual limits within it.
    pub fn of_bytes(bytes_max: u64) -> Self {
        Self { body: body::Limits::of_bytes(bytes_max), fields_max: PARAMS_MAX, text_bytes_max: TEXT_BYTES_MAX }
    }

    /// Of a body that is text only.
    fn text(&self) -> body::Limits {
        body::Limits { bytes_max: self.body.bytes_max.min(self.text_bytes_max), ..self.body }
    }
}

/// Why a form could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The Content-Type is not `multipart/form-data`.
    #[error("the body is not multipart/form-data")]
    NotMultipart,
    /// The Content-Type names no boundary, or none that can be one.
    #[error("the multipart body has no usable boundary")]
    NoBoundary,
    /// The body ends before its last boundary, has none, or goes on wrongly after one.
    #[error("the multipart body is cut short or malformed")]
    Truncated,
    /// A part's headers are no headers.
    #[error("a part of the multipart body has malformed headers")]
    BadHead,
    /// A part's headers, or what stands before the first part, are longer than [`HEAD_BYTES_MAX`].
    #[error("a part of the multipart body has headers longer than {HEAD_BYTES_MAX} bytes")]
    HeadTooLarge,
    /// More fields than the limit.
    #[error("the form has more than {fields_max} fields")]
    TooManyFields {
        /// The limit.
        fields_max: usize,
    },
    /// The texts are longer than the limit.
    #[error("the field {field:?} makes the form's texts longer than {text_bytes_max} bytes")]
    TextTooLarge {
        /// The field with which the texts became too long.
        field: String,
        /// The limit.
        text_bytes_max: u64,
    },
    /// The next field was asked for while one is still held. A mistake of ours, not of the caller's.
    #[error("a field of the form is still being read")]
    FieldStillOpen,
    /// More parameters than are taken.
    #[error(transparent)]
    TooManyParams(#[from] TooManyParams),
    /// Parameters that make no tree, or a body that is no JSON.
    #[error(transparent)]
    Tree(#[from] tree::Error),
    /// The body itself failed.
    #[error(transparent)]
    Body(#[from] body::Error),
}

/// How a body spells its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `application/x-www-form-urlencoded`.
    Urlencoded,
    /// `multipart/form-data`.
    Multipart,
    /// `application/json` or any type ending in `+json`.
    Json,
    /// None of these, or no Content-Type.
    Other,
}

impl Encoding {
    /// What the Content-Type says, whatever its parameters and its case.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/x-www-form-urlencoded" => Self::Urlencoded,
            "multipart/form-data" => Self::Multipart,
            "application/json" => Self::Json,
            other if other.ends_with("+json") => Self::Json,
            _ => Self::Other,
        }
    }
}

/// The parameters of query and form body, the body's hiding the query's name by name. JSON is not read.
pub async fn read(parts: &Parts, body: Body, limits: &Limits) -> Result<Params, Error> {
    let query = query(parts)?;
    Ok(read_body(parts, body, limits).await?.over(query)?)
}

/// The nested parameters of query and body, JSON included, the body's hiding the query's root key by root key.
pub async fn read_tree(parts: &Parts, body: Body, limits: &Limits) -> Result<Tree, Error> {
    let query = Tree::from_params(&query(parts)?)?;
    let body = match Encoding::of(&parts.headers) {
        Encoding::Json => Tree::from_json(&body::read(body, limits.text()).await?)?,
        _ => Tree::from_params(&read_body(parts, body, limits).await?)?,
    };
    Ok(body.over(query))
}

/// The parameters of the query alone.
pub fn query(parts: &Parts) -> Result<Params, TooManyParams> {
    Params::parse(parts.uri.query().unwrap_or_default().as_bytes())
}

async fn read_body(parts: &Parts, body: Body, limits: &Limits) -> Result<Params, Error> {
    match Encoding::of(&parts.headers) {
        Encoding::Urlencoded => Ok(Params::parse(&body::read(body, limits.text()).await?)?),
        Encoding::Multipart => {
            let mut params = Params::new();
            let mut form = Multipart::new(&parts.headers, body, limits)?;
            while let Some(field) = form.next_field().await? {
                if !field.is_file() {
                    let name = field.name.clone();
                    params.push(name, field.text().await?)?;
                }
            }
            Ok(params)
        }
        Encoding::Json | Encoding::Other => Ok(Params::new()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use http::Request;
    use serde_json::json;

    use super::*;

    const MULTIPART: &str = "--b\r\nContent-Disposition: form-data; name=\"a[x]\"\r\n\r\n1\r\n\
        --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nbytes\r\n\
        --b\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\n3\r\n--b--\r\n";

    fn request(content_type: &str, target: &str) -> Parts {
        Request::post(target).header(header::CONTENT_TYPE, content_type).body(()).unwrap().into_parts().0
    }

    async fn params(content_type: &str, body: &'static str) -> Result<Params, Error> {
        read(&request(content_type, "/?c=query&d=4"), Body::from(body), &Limits::of_bytes(1000)).await
    }

    async fn tree(content_type: &str, body: &'static str) -> Result<serde_json::Value, Error> {
        let parts = request(content_type, "/?a[y]=query&d=4");
        let tree = read_tree(&parts, Body::from(body), &Limits::of_bytes(1000)).await;
        tree.map(|tree| tree.into_map().into())
    }

    #[tokio::test]
    async fn parameters_from_anywhere() {
        let expected = |text: &str| Params::parse(text.as_bytes()).unwrap();
        let urlencoded = params("application/x-www-form-urlencoded; charset=UTF-8", "a=1&c=3").await.unwrap();
        assert_eq!(urlencoded, expected("d=4&a=1&c=3"));
        assert_eq!(params("Multipart/Form-Data; boundary=b", MULTIPART).await.unwrap(), expected("d=4&a[x]=1&c=3"));
        assert_eq!(params("application/json", r#"{"a": 1}"#).await.unwrap(), expected("c=query&d=4"));
        assert_eq!(params("text/plain", "a=1").await.unwrap(), expected("c=query&d=4"));
        assert_eq!(params("multipart/form-data; boundary=b", "--b--").await.unwrap(), expected("c=query&d=4"));
    }

    #[tokio::test]
    async fn trees_from_anywhere() {
        let urlencoded = tree("application/x-www-form-urlencoded", "a[x]=1&c=3").await.unwrap();
        assert_eq!(urlencoded, json!({"a": {"x": "1"}, "d": "4", "c": "3"}));
        let multipart = tree("multipart/form-data; boundary=b", MULTIPART).await.unwrap();
        assert_eq!(multipart, urlencoded);
        let json = tree("application/vnd.api+json", r#"{"a": {"x": 1}}"#).await.unwrap();
        assert_eq!(json, json!({"a": {"x": 1}, "d": "4"}));
        assert_eq!(tree("application/json", "").await.unwrap(), json!({"a": {"y": "query"}, "d": "4"}));
        assert!(matches!(tree("application/json", "{").await, Err(Error::Tree(tree::Error::Json { .. }))));
    }

    #[tokio::test]
    async fn texts_are_limited_whatever_the_encoding() {
        let limits = Limits { text_bytes_max: 10, ..Limits::of_bytes(1000) };
        for content_type in ["application/x-www-form-urlencoded", "application/json"] {
            let parts = request(content_type, "/");
            let error = read_tree(&parts, Body::from("a=12345678901"), &limits).await.unwrap_err();
            assert!(matches!(error, Error::Body(body::Error::TooLarge { bytes_max: 10 })), "{error}");
        }
    }
}
