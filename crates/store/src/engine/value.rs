//! What goes into a statement and what comes out of a row.

use crate::error::Error;
use domain::Timestamp;

/// The column types of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Int,
    #[expect(dead_code, reason = "part of the seam; no bulk insert has a flag yet")]
    Bool,
    Bytes,
    #[expect(dead_code, reason = "part of the seam; no column needs it yet")]
    Real,
}

/// A value going in, with its type even when null.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Text(Option<&'a str>),
    Int(Option<i64>),
    Bool(Option<bool>),
    Bytes(Option<&'a [u8]>),
    Real(Option<f64>),
}

macro_rules! values {
    ($($variant:ident: $type:ty),+) => {$(
        impl<'a> From<$type> for Value<'a> {
            fn from(value: $type) -> Self {
                Self::$variant(Some(value))
            }
        }

        impl<'a> From<Option<$type>> for Value<'a> {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value)
            }
        }
    )+};
}

values!(Text: &'a str, Int: i64, Bool: bool, Bytes: &'a [u8], Real: f64);

impl From<Timestamp> for Value<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Int(Some(at.as_micros()))
    }
}

impl From<Option<Timestamp>> for Value<'_> {
    fn from(at: Option<Timestamp>) -> Self {
        Self::Int(at.map(Timestamp::as_micros))
    }
}

/// A value coming out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Null,
    Text(String),
    Int(i64),
    Bool(bool),
    Bytes(Vec<u8>),
    Real(f64),
}

/// A row coming out. A cell of another type than asked for is a defect, told by its place.
#[derive(Debug)]
pub(crate) struct Row(pub(crate) Vec<Cell>);

impl Row {
    pub(crate) fn text(&mut self, index: usize) -> Result<String, Error> {
        self.text_or_none(index)?.ok_or_else(|| unexpected(index, "a text"))
    }

    pub(crate) fn text_or_none(&mut self, index: usize) -> Result<Option<String>, Error> {
        match self.take(index)? {
            Cell::Null => Ok(None),
            Cell::Text(text) => Ok(Some(text)),
            _ => Err(unexpected(index, "a text")),
        }
    }

    pub(crate) fn int(&mut self, index: usize) -> Result<i64, Error> {
        self.int_or_none(index)?.ok_or_else(|| unexpected(index, "an integer"))
    }

    pub(crate) fn int_or_none(&mut self, index: usize) -> Result<Option<i64>, Error> {
        match self.take(index)? {
            Cell::Null => Ok(None),
            Cell::Int(int) => Ok(Some(int)),
            _ => Err(unexpected(index, "an integer")),
        }
    }

    pub(crate) fn flag(&mut self, index: usize) -> Result<bool, Error> {
        match self.take(index)? {
            Cell::Bool(flag) => Ok(flag),
            Cell::Int(int) => Ok(int != 0),
            _ => Err(unexpected(index, "a boolean")),
        }
    }

    pub(crate) fn bytes(&mut self, index: usize) -> Result<Vec<u8>, Error> {
        self.bytes_or_none(index)?.ok_or_else(|| unexpected(index, "bytes"))
    }

    pub(crate) fn bytes_or_none(&mut self, index: usize) -> Result<Option<Vec<u8>>, Error> {
        match self.take(index)? {
            Cell::Null => Ok(None),
            Cell::Bytes(bytes) => Ok(Some(bytes)),
            _ => Err(unexpected(index, "bytes")),
        }
    }

    pub(crate) fn id16(&mut self, index: usize) -> Result<[u8; 16], Error> {
        self.bytes(index)?.try_into().map_err(|_| unexpected(index, "16 bytes"))
    }

    pub(crate) fn timestamp(&mut self, index: usize) -> Result<Timestamp, Error> {
        self.int(index).map(Timestamp::from_micros)
    }

    pub(crate) fn timestamp_or_none(&mut self, index: usize) -> Result<Option<Timestamp>, Error> {
        self.int_or_none(index).map(|int| int.map(Timestamp::from_micros))
    }

    fn take(&mut self, index: usize) -> Result<Cell, Error> {
        let cell = self.0.get_mut(index).ok_or_else(|| unexpected(index, "a column"))?;
        Ok(std::mem::replace(cell, Cell::Null))
    }
}

fn unexpected(index: usize, what: &str) -> Error {
    Error::bug(format!("column {index} does not hold {what}"))
}
