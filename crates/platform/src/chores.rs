//! Chores: work that nobody is waiting for.
//!
//! Each is a function that does some of it now, and a `step` of a background loop that does it and says when to come again. All of them
//! may run on several nodes at once, and be killed at any moment: each looks at what is there and does what is due.

pub mod expire;
pub mod sweep;
