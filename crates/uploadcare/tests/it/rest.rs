//! The REST API.

mod auth;
mod batch;
mod editions;
mod file;
mod files;
mod metadata;
mod project;
mod storage;
mod throttle;
mod unsubscribe;
mod webhook;
mod webhooks;
