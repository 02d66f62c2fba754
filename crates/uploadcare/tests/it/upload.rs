//! The Upload API.

mod base;
mod cors;
mod info;
mod limits;
