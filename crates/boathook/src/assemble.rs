//! The only place where rooms are joined: what depends on what at run time is here, and the list of dialects is here.
//!
//! ```text
//!   config ─► store · blobs · egress ─► platform ─► doors (uploadcare, jsonapi, cdn) ─► fronts, one for each listener
//!                   └──────────────► delivery, with a dialect for each wire
//! ```

use crate::clock::SystemClock;
use crate::config::{Config, shown};
use crate::failure::Failure;
use crate::health;
use axum::Router;
use blobs::Blobs;
use delivery::{Dialects, Jitter};
use egress::AllowRule;
use platform::{Chance, Parts, Platform};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use store::{Location, Store};

mod front;

pub use front::Shares;

/// The rooms that everything else is built upon.
#[derive(Clone)]
pub struct Rooms {
    /// The rows.
    pub store: Store,
    /// The way out.
    pub egress: egress::Client,
    /// The verbs.
    pub platform: Platform,
}

/// The public addresses, without a slash at their ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bases {
    /// Of the REST APIs.
    pub api: String,
    /// Of the Upload API.
    pub upload: String,
    /// Of what gives bytes out.
    pub cdn: String,
}

/// Opens what lasts and joins it. `own` are the addresses we listen on, which webhooks may not call; `guests` are rules for targets
/// beside the configured ones.
pub async fn rooms(config: &Config, own: &[SocketAddr], guests: &[AllowRule]) -> Result<Rooms, Failure> {
    make_folder(&config.data_dir)?;
    let egress = egress(config, own, guests)?;
    let store = open(&config.database).await?;
    let folder = config.data_dir.join("blobs");
    let blobs = Blobs::open_disk(&folder).map_err(|source| Failure::Blobs { folder, source })?;
    let platform = Platform::new(Parts {
        store: store.clone(),
        blobs,
        clock: Arc::new(SystemClock),
        chance: Chance::system(),
        egress: egress.clone(),
        settings: config.platform.clone(),
    });
    Ok(Rooms { store, egress, platform })
}

/// Every wire that webhooks may speak: a third one is one more line.
pub fn dialects(config: &Config, bases: &Bases) -> Dialects {
    Dialects::new(vec![
        Box::new(uploadcare::webhook::Uploadcare { bases: bases.into() }),
        Box::new(jsonapi::webhook::Uc { bases: bases.into(), settings: config.uc }),
    ])
}

/// The delivery engine.
pub fn delivery(config: &Config, rooms: &Rooms, bases: &Bases) -> delivery::Setup {
    delivery::Setup {
        store: rooms.store.clone(),
        egress: rooms.egress.clone(),
        dialects: dialects(config, bases),
        clock: Arc::new(SystemClock),
        jitter: Jitter::random(),
        settings: config.delivery.clone(),
    }
}

/// What a listener that has these shares answers with.
pub fn front(config: &Config, rooms: &Rooms, bases: &Bases, shares: Shares) -> Router {
    let uploadcare = || uploadcare::Door {
        platform: rooms.platform.clone(),
        bases: bases.into(),
        settings: uploadcare::Settings {
            refuses_simple_over_http: config.refuses_simple_over_http,
            throttle: config.throttle,
            trusted_proxies: config.trusted_proxies.clone(),
        },
    };
    let jsonapi =
        jsonapi::Door { platform: rooms.platform.clone(), bases: bases.into(), dialects: dialects(config, bases) };
    let cdn = cdn::Door {
        platform: rooms.platform.clone(),
        base: bases.cdn.clone(),
        spelling: cdn::Spelling { parse_file: jsonapi::id::parse_file, parse_token: jsonapi::id::parse_token },
        settings: config.cdn,
    };
    front::Doors {
        rest: uploadcare::rest_routes(uploadcare()),
        upload: uploadcare::upload_routes(uploadcare()),
        uc: jsonapi::routes(jsonapi),
        cdn: cdn::routes(cdn),
        health: health::routes(rooms.store.clone()),
    }
    .behind(shares)
}

/// Makes the data folder, for its owner alone: secrets are in it.
pub fn make_folder(folder: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|source| Failure::Folder { folder: folder.to_owned(), source })
}

async fn open(location: &Location) -> Result<Store, Failure> {
    Store::open(location).await.map_err(|source| Failure::Database { place: place(location), source })
}

/// Where the rows are, without passwords.
pub fn place(location: &Location) -> String {
    match location {
        Location::Sqlite(path) => path.display().to_string(),
        Location::Postgres(url) => shown::without_password(url),
    }
}

fn egress(config: &Config, own: &[SocketAddr], guests: &[AllowRule]) -> Result<egress::Client, Failure> {
    let file = config.egress_ca_file.as_deref();
    let refused =
        |source| Failure::Certificates { path: file.unwrap_or(Path::new("the system's store")).to_owned(), source };
    let extra_roots_pem = file.map(std::fs::read).transpose().map_err(|error| refused(error.into()))?;
    let settings = egress::Settings {
        allow: config.egress_allow.iter().chain(guests).cloned().collect(),
        own_addresses: own.to_vec(),
        extra_roots_pem,
        ..egress::Settings::default()
    };
    egress::Client::new(settings).map_err(|error| refused(error.into()))
}

impl From<&Bases> for uploadcare::Bases {
    fn from(bases: &Bases) -> Self {
        let Bases { api, upload, cdn } = bases.clone();
        Self { api, upload, cdn }
    }
}

impl From<&Bases> for jsonapi::Bases {
    fn from(bases: &Bases) -> Self {
        let Bases { api, upload, cdn } = bases.clone();
        Self { api, upload, cdn }
    }
}
