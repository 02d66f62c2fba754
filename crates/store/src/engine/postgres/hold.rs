//! A session that holds the database for one server: an advisory lock, dropped with the connection.

use super::{config, connect};
use crate::engine::postgres::session::worded;
use crate::error::Error;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Dropping this ends the session.
#[derive(Debug)]
#[expect(dead_code, reason = "held until dropped, never looked at")]
pub(crate) struct Held(SyncSender<()>);

/// Opens a session that holds the database; none if another one does.
pub(crate) fn hold(url: &str) -> Result<Option<Held>, Error> {
    let mut client = connect(&config(url)?)?;
    let row = client.query_one("SELECT pg_try_advisory_lock(7033530)", &[]).map_err(|error| worded("hold", &error))?;
    if !row.get::<_, bool>(0) {
        return Ok(None);
    }
    let (held, dropped): (_, Receiver<()>) = sync_channel(0);
    // The client blocks when it is dropped, so it lives on a thread of its own.
    let thread = std::thread::Builder::new().name("postgres-hold".to_owned());
    let waiting = thread.spawn(move || {
        let _ = dropped.recv();
        drop(client);
    });
    waiting.map_err(|error| Error::Unavailable(error.into()))?;
    Ok(Some(Held(held)))
}
