//! What the demonstration says: where everything is, each delivery as it arrives, and what to try next.

use super::Place;
use super::api::UPLOADCARE_ACCEPT;
use super::inbox::{Arrival, Inbox, Verdict};
use super::webhooks::Done;
use crate::assemble::{self, Bases};
use crate::failure::Failure;
use crate::print::{Ink, ink, line};
use domain::Timestamp;
use domain::project::{Project, SecretKey};
use serde_json::Value;
use std::time::Duration;

/// Where the inbox takes the deliveries of a webhook that the reader makes.
pub const YOURS_PATH: &str = "/yours";
/// The signing secret of that webhook.
pub const YOURS_SECRET: &str = "try-me";

/// A delivery as it is reported.
#[derive(Debug)]
pub struct Told {
    wire: &'static str,
    event: String,
    name: String,
    uuid: String,
    latency: Option<Duration>,
    verdict: Verdict,
    attempt: usize,
}

impl Told {
    /// Reads the body in the language of the wire it came by.
    pub fn of(arrival: &Arrival, happened_at: Option<Timestamp>) -> Self {
        let body: Value = serde_json::from_slice(&arrival.body).unwrap_or_default();
        let is_uc = body["data"]["type"] == "webhook_events";
        let file = if is_uc { &body["included"][0]["attributes"] } else { &body["data"] };
        let (wire, event, name) = if is_uc {
            ("uc v1", &body["data"]["attributes"]["event"], &file["original_name"])
        } else {
            ("uploadcare", &body["hook"]["event"], &file["original_filename"])
        };
        let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
        Self {
            wire,
            event: text(event),
            name: text(name),
            uuid: text(&file["uuid"]),
            latency: happened_at.map(|happened_at| arrival.at.since(happened_at)),
            verdict: arrival.verdict.clone(),
            attempt: arrival.attempt,
        }
    }

    /// Whether it tells of this file through this wire.
    pub fn is_about(&self, uuid: &str, wire: &str) -> bool {
        self.uuid == uuid && self.wire == wire
    }
}

/// Where the server and the inbox are.
pub fn place(place: &Place<'_>, inbox: &Inbox) -> Result<(), Failure> {
    let Place { bases, config, .. } = place;
    line(&ink(Ink::Bold, "boathook demo"))?;
    line("")?;
    fact(
        "server",
        &if bases.api == bases.upload && bases.api == bases.cdn {
            bases.api.clone()
        } else {
            format!("REST APIs {}, Upload API {}, files {}", bases.api, bases.upload, bases.cdn)
        },
    )?;
    fact("data", &config.data_dir.display().to_string())?;
    fact("database", &format!("{} {}", config.database.engine_name(), assemble::place(&config.database)))?;
    fact("inbox", &format!("http://{}  a webhook receiver on this machine", inbox.address))?;
    let guard = "private addresses are refused as targets of webhooks;";
    fact("guard", &format!("{guard} this demo lets exactly {} through", inbox.address))
}

/// Whose files and webhooks.
pub fn project(project: &Project) -> Result<(), Failure> {
    fact("project", &format!("{} (number {}, public key {})", project.name, project.id, project.public_key))
}

/// What was done to have a webhook.
pub fn webhook(wire: &str, done: Done) -> Result<(), Failure> {
    let told = match done {
        Done::Made => "made through its API",
        Done::Reused => "there already, calls the inbox",
        Done::Moved => "there already, now calls the inbox at its new port",
    };
    fact("webhook", &format!("{wire:<10}  {told}"))
}

/// What was uploaded, and where it is now.
pub fn upload(name: &str, uuid: &str, size_bytes: usize, bases: &Bases) -> Result<(), Failure> {
    fact("upload", &format!("{name}, {size_bytes} bytes, through POST /base/"))?;
    fact("", &format!("{}/{uuid}/{name}", bases.cdn))
}

/// The head of the deliveries.
pub fn deliveries_head() -> Result<(), Failure> {
    line("")?;
    let head = row(["EVENT", "WIRE", "LATENCY", "ATTEMPT", "SIGNATURE VERIFIED", "FILE"].map(str::to_owned));
    line(&ink(Ink::Bold, &head))
}

/// One delivery.
pub fn delivery(told: &Told) -> Result<(), Failure> {
    let (color, verified) = match &told.verdict {
        Verdict::Verified => (Ink::Green, "yes"),
        Verdict::Unsigned => (Ink::Yellow, "not signed"),
        Verdict::SecretUnknown => (Ink::Yellow, "secret unknown"),
        Verdict::Refused(_) => (Ink::Red, "no"),
    };
    let latency = told.latency.map_or_else(|| "?".to_owned(), |span| format!("{:.1} ms", span.as_secs_f64() * 1000.0));
    let cells = [
        told.event.clone(),
        told.wire.to_owned(),
        latency,
        told.attempt.to_string(),
        verified.to_owned(),
        told.name.clone(),
    ];
    line(&ink(color, &row(cells)))?;
    match &told.verdict {
        Verdict::Refused(reason) => line(&ink(Ink::Red, &format!("    {reason}"))),
        _ => Ok(()),
    }
}

/// The deliveries of the upload have not come.
pub fn still_waiting(patience: Duration) -> Result<(), Failure> {
    let seconds = patience.as_secs();
    line(&ink(
        Ink::Yellow,
        &format!("no delivery through both wires within {seconds} s; they are printed when they come"),
    ))
}

/// Addresses, keys, and three lines to paste.
pub fn what_to_try(place: &Place<'_>, inbox: &Inbox, project: &Project, key: &SecretKey) -> Result<(), Failure> {
    let Bases { api, upload, cdn } = &place.bases;
    let (public, secret) = (&project.public_key, key.secret.expose());
    line("")?;
    fact("public", &format!("{public}  the project's public key: uploads are made with it"))?;
    fact("secret", &format!("{secret}  its secret key: everything else is done with it"))?;
    fact("REST", &format!("{api}/"))?;
    fact("uc v1", &format!("{api}/api/v1/projects/{public}/"))?;
    fact("uploads", &format!("{upload}/base/"))?;
    fact("files", &format!("{cdn}/"))?;
    line("\nThree lines to try: upload, create a webhook, list. Deliveries are printed below them.")?;
    let auth = format!("-H 'Authorization: Uploadcare.Simple {public}:{secret}' -H 'Accept: {UPLOADCARE_ACCEPT}'");
    let target = inbox.url(YOURS_PATH);
    let wish = format!("-d target_url={target} -d event=file.uploaded -d signing_secret={YOURS_SECRET}");
    line("")?;
    line(&format!(
        "  echo hello | curl -F UPLOADCARE_PUB_KEY={public} -F UPLOADCARE_STORE=1 -F 'file=@-;filename=hello.txt' {upload}/base/"
    ))?;
    line(&format!("  curl {auth} {wish} {api}/webhooks/"))?;
    line(&format!("  curl {auth} {api}/files/"))?;
    line("")?;
    line(&ink(Ink::Dim, "Serving until Ctrl-C. Running the demo again reuses this data."))?;
    line("")
}

/// The end.
pub fn stopping() -> Result<(), Failure> {
    line("\nStopping: finishing what is under way.")
}

fn fact(name: &str, value: &str) -> Result<(), Failure> {
    line(&format!("  {} {value}", ink(Ink::Dim, &format!("{name:<9}"))))
}

fn row([event, wire, latency, attempt, verified, name]: [String; 6]) -> String {
    format!("  {event:<17} {wire:<11} {latency:>9}  {attempt:>7}  {verified:<18}  {name}")
}
