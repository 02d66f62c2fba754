//! Ways in which bytes arrive and become files.
//!
//! There is one so far: whole, in one request. In parts and from a URL will be its neighbours, ending in the same verb.

mod direct;

pub(crate) use direct::key_of;
pub use direct::{Arrival, DECLARED_MIME_CHARS_MAX, StoreWish};
