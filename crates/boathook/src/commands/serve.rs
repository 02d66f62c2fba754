//! `boathook serve`: the server, until it is told to stop.

use crate::config::Config;
use crate::failure::Failure;
use crate::serve::{Server, Signals};
use crate::telemetry;

/// Shown by `--help`.
pub const EXAMPLES: &str = "\
Examples:
  boathook serve                                       on 127.0.0.1:8080, data in ./boathook-data
  boathook serve --listen 0.0.0.0:80 --data-dir /var/lib/boathook
  boathook serve --egress-allow '10.0.0.0/8 hooks.internal:8443'

SIGTERM or Ctrl-C: no more connections; what is under way is finished (drain_seconds for requests,
delivery_drain_seconds for deliveries); exit 0. A second one ends the server at once; what was
acknowledged is safe.
GET /healthz answers 200 when it is ready and 503 while the database is unavailable.";

/// Serves until a signal asks for a stop, and drains.
pub async fn run(config: &Config) -> Result<(), Failure> {
    telemetry::begin(&config.log);
    let mut signals = Signals::listen()?;
    let mut server = Server::start(config, &[]).await?;
    tokio::select! {
        signal = signals.next() => tracing::info!(signal = signal.name(), "stopping: finishing what is under way"),
        failure = server.failed() => return Err(failure),
    }
    tokio::select! {
        stopped = server.stop() => stopped,
        signal = signals.next() => signal.end_at_once(),
    }
}
