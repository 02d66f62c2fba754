//! `boathook verify`: says whether a delivery's signature is valid, and if not, why. Needs neither data nor configuration.

use crate::clock::SystemClock;
use crate::failure::Failure;
use crate::print;
use crate::signature::{Envelope, Invalid, Scheme, Signed};
use clap::Args;
use domain::{Clock, Timestamp};
use serde::Serialize;
use std::io::Read;
use std::time::Duration;

/// Shown by `--help`.
pub const EXAMPLES: &str = "\
X-Uc-Signature, with v1= or without:
  boathook verify --secret S --signature 'v1=5f0c…' < body.json
Standard Webhooks (webhook-signature, webhook-id, webhook-timestamp):
  boathook verify --secret S --signature 'v1,K5oZ…' --id ID --timestamp T < body.json

The body must be the exact bytes that arrived. Exit code 0: valid, 1: not valid.";

/// The largest body that is read, in bytes: far more than any delivery has.
const BODY_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// How old a delivery may be before libraries of Standard Webhooks refuse it.
const TOLERANCE: Duration = Duration::from_mins(5);

/// What is to be verified; the body comes from stdin.
#[derive(Debug, Args)]
pub struct Typed {
    /// The webhook's signing secret
    #[arg(long, env = "BOATHOOK_SIGNING_SECRET", hide_env_values = true)]
    secret: String,
    /// The value of X-Uc-Signature or of webhook-signature
    #[arg(long, allow_hyphen_values = true)]
    signature: String,
    /// The value of webhook-id
    #[arg(long, requires = "timestamp")]
    id: Option<String>,
    /// The value of webhook-timestamp
    #[arg(long, requires = "id", allow_hyphen_values = true)]
    timestamp: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Told {
    valid: bool,
    scheme: Option<&'static str>,
    reason: Option<String>,
    note: Option<String>,
}

/// Reads the body and says what holds.
pub fn run(wish: &Typed) -> Result<(), Failure> {
    let mut body = Vec::new();
    std::io::stdin().lock().take(BODY_BYTES_MAX).read_to_end(&mut body)?;
    let envelope = wish.id.as_deref().zip(wish.timestamp.as_deref());
    let signed = Signed {
        secret: &wish.secret,
        signature: &wish.signature,
        body: &body,
        envelope: envelope.map(|(id, timestamp)| Envelope { id, timestamp }),
    };
    let verdict = signed.check();
    tell(wish, verdict)?;
    verdict.map(drop).map_err(|_| Failure::No)
}

fn tell(wish: &Typed, verdict: Result<Scheme, Invalid>) -> Result<(), Failure> {
    let note = verdict.ok().filter(|scheme| *scheme == Scheme::StandardWebhooks);
    let told = Told {
        valid: verdict.is_ok(),
        scheme: verdict.ok().map(name),
        reason: verdict.err().map(|reason| reason.to_string()),
        note: note.and_then(|_| age(wish.timestamp.as_deref()?, SystemClock.now())),
    };
    if wish.json {
        return print::json(&told);
    }
    match (&told.scheme, &told.reason) {
        (Some(scheme), _) => print::line(&format!("valid: {scheme}"))?,
        (None, reason) => print::line(&format!("not valid: {}", reason.as_deref().unwrap_or_default()))?,
    }
    told.note.map_or(Ok(()), |note| print::line(&note))
}

fn name(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Uploadcare => "X-Uc-Signature",
        Scheme::StandardWebhooks => "Standard Webhooks",
    }
}

/// What a receiver would make of the timestamp.
fn age(timestamp: &str, now: Timestamp) -> Option<String> {
    let at = Timestamp::from_micros(timestamp.parse::<i64>().ok()?.checked_mul(1_000_000)?);
    let off = now.since(at).max(at.since(now));
    (off > TOLERANCE).then(|| {
        let minutes = off.as_secs() / 60;
        format!("its timestamp is {minutes} minutes off: receivers refuse it after 5, to be safe from replays")
    })
}
