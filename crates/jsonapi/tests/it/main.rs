//! The door speaks properly: one file per endpoint, over a whole platform in a folder. Numbers in names are those of the assertions
//! listed in section 16 of the uc fact sheet.
#![allow(clippy::unwrap_used, missing_docs)]

mod scene;

mod authentication;

mod files_create;
mod files_destroy;
mod files_index;
mod files_show;
mod files_update;

mod webhooks_create;
mod webhooks_delivery;
mod webhooks_destroy;
mod webhooks_index;
mod webhooks_show;
mod webhooks_update;

mod deliveries;
mod events;
mod explain;
mod hostile;
mod log;
mod paths;
mod tests_sent;
