//! `boathook demo`: everything at work, on this machine, in a minute. Running it again reuses what is there.
//!
//! ```text
//!   inbox opens ─► server starts ─► project ─► a webhook through each wire ─► a picture is uploaded ─► deliveries arrive
//! ```
//! Projects and keys are the operator's, so they are asked of the verbs; everything else goes through the public APIs over HTTP.

mod api;
mod inbox;
mod latency;
mod picture;
mod webhooks;

mod report;

use super::quietly;
use crate::assemble::{self, Bases, Rooms};
use crate::config::{Config, Listen};
use crate::failure::Failure;
use crate::serve::{Server, Signals};
use api::Api;
use clap::Args;
use domain::project::{Project, SecretKey};
use inbox::Inbox;
use latency::Log;
use platform::{Kind, Platform};
use report::Told;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::timeout;

/// Shown by `--help`.
pub const EXAMPLES: &str = "\
Examples:
  boathook demo                            a server on 127.0.0.1:8080, data in ./boathook-data
  boathook demo --listen 127.0.0.1:0       on a free port
  boathook demo --data-dir /tmp/try        leaves ./boathook-data alone

It serves until Ctrl-C, and prints further deliveries as they arrive.";

/// The name of the project that is made, or found again.
const PROJECT: &str = "demo";
/// The name of the picture.
const PICTURE: &str = "sunrise.png";
/// How long to wait for the first deliveries before going on without them.
const PATIENCE: Duration = Duration::from_secs(20);

/// What can be asked of the demonstration.
#[derive(Debug, Args)]
pub struct Typed {
    /// Where the inbox listens; any free port if this one is taken
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8081")]
    inbox: SocketAddr,
}

/// What the demonstration needs of the running server.
struct Place<'a> {
    rooms: Rooms,
    bases: Bases,
    listen: Listen,
    config: &'a Config,
}

/// Shows everything, then serves until a signal.
pub async fn run(wish: &Typed, config: &Config) -> Result<(), Failure> {
    quietly(config);
    let mut signals = Signals::listen()?;
    let mut inbox = Inbox::open(wish.inbox).await?;
    let mut server = Server::start(config, &[api::exactly(inbox.address)]).await?;
    let place = Place { rooms: server.rooms.clone(), bases: server.bases.clone(), listen: server.listen, config };
    let shown = tokio::select! {
        Err(failure) = show(&place, &mut inbox) => Err(failure),
        failure = server.failed() => return Err(failure),
        _ = signals.next() => Ok(()),
    };
    report::stopping()?;
    tokio::select! {
        stopped = server.stop() => shown.and(stopped),
        signal = signals.next() => signal.end_at_once(),
    }
}

/// Sets the scene, plays it, and goes on reporting; ends only by a failure.
async fn show(place: &Place<'_>, inbox: &mut Inbox) -> Result<Infallible, Failure> {
    report::place(place, inbox)?;
    let (project, key) = project(&place.rooms.platform).await?;
    report::project(&project)?;
    let api = Api::new(place.listen, &project, &key)?;
    report::webhook("uploadcare", webhooks::uploadcare(&api, inbox, new_secret(place)).await?)?;
    report::webhook("uc v1", webhooks::uc(&api, inbox).await?)?;
    inbox.learn(report::YOURS_PATH, report::YOURS_SECRET);
    let bytes = picture::png();
    let uuid = api.upload(PICTURE, "image/png", &bytes).await?;
    report::upload(PICTURE, &uuid, bytes.len(), &place.bases)?;
    let log = Log {
        store: place.rooms.store.clone(),
        dialects: assemble::dialects(place.config, &place.bases),
        project: project.id,
    };
    report_until_both_came(&log, inbox, &uuid).await?;
    report::what_to_try(place, inbox, &project, &key)?;
    loop {
        report_next(&log, inbox).await?;
    }
}

/// Until the upload was told through both wires; or for a while, as an older webhook of somebody else may be in the way.
async fn report_until_both_came(log: &Log, inbox: &mut Inbox, uuid: &str) -> Result<(), Failure> {
    report::deliveries_head()?;
    let both = async {
        let (mut through_uploadcare, mut through_uc) = (false, false);
        while !(through_uploadcare && through_uc) {
            let told = report_next(log, inbox).await?;
            through_uploadcare |= told.is_about(uuid, "uploadcare");
            through_uc |= told.is_about(uuid, "uc v1");
        }
        Ok(())
    };
    let waited = timeout(PATIENCE, both).await;
    waited.unwrap_or_else(|_| report::still_waiting(PATIENCE))
}

async fn report_next(log: &Log, inbox: &mut Inbox) -> Result<Told, Failure> {
    let arrival = inbox.next().await;
    let happened_at = log.happened_at(&arrival.id).await;
    let told = Told::of(&arrival, happened_at);
    report::delivery(&told)?;
    Ok(told)
}

/// The project of an earlier run with a key that is still good, or a new one.
async fn project(platform: &Platform) -> Result<(Project, SecretKey), Failure> {
    let project = match platform.find_project(PROJECT).await {
        Err(error) if error.kind() == Kind::NotFound => return Ok(platform.create_project(PROJECT).await?),
        found => found?,
    };
    let keys = platform.list_keys(&project).await?;
    let key = match keys.into_iter().find(|key| key.revoked_at.is_none()) {
        Some(key) => key,
        None => platform.create_key(&project).await?,
    };
    Ok((project, key))
}

/// As long as Uploadcare's wire allows: 32 characters.
fn new_secret(place: &Place<'_>) -> String {
    hex::encode(place.rooms.platform.chance().bytes())
}
