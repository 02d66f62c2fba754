//! The database: can it be reached, and is its schema this version's?

use super::{Finding, chain};
use crate::assemble::place;
use crate::config::Config;
use std::time::Duration;
use store::{Location, Store};
use tokio::time::timeout;

const CHECK: &str = "database";

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks without changing the schema.
pub(super) async fn reachable(config: &Config) -> Finding {
    let location = &config.database;
    let shown = format!("{} {}", location.engine_name(), place(location));
    if let Location::Sqlite(path) = location
        && !path.exists()
    {
        return Finding::ok(CHECK, format!("{shown} will be made at the first start"));
    }
    let remedy = match location {
        Location::Sqlite(_) => "give the file to the user that runs boathook; restore a backup if it is damaged",
        Location::Postgres(_) => "check database_url, that PostgreSQL runs, and that the user may use the database",
    };
    let looked = timeout(PATIENCE, is_current(location)).await;
    match looked {
        Err(_) => Finding::fail(CHECK, format!("{shown} does not answer within {} s", PATIENCE.as_secs()), remedy),
        Ok(Err(error)) => Finding::fail(CHECK, format!("{shown}: {}", chain(&error)), remedy),
        Ok(Ok(true)) => Finding::ok(CHECK, format!("{shown} is reachable, its schema is current")),
        Ok(Ok(false)) => Finding::warn(
            CHECK,
            format!("{shown} is reachable, but its schema is not this version's"),
            "the next boathook serve brings it up to date; make a backup first",
        ),
    }
}

async fn is_current(location: &Location) -> Result<bool, store::Error> {
    let store = Store::connect(location).await?;
    store.read(store::is_current).await
}
