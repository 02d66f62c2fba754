//! The door speaks properly: over a whole platform in a folder. Numbers in names are those of the assertions listed in section 16 of
//! the uc fact sheet.
#![allow(clippy::unwrap_used, missing_docs)]

mod scene;

mod conditions;
mod content;
mod hostile;
mod paths;
mod protection;
mod spelling;
