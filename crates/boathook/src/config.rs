//! Config: read once, at the front; each room gets a small struct of its own.
//!
//! `config.default.toml` is the catalogue ([`keys`]); [`layers`] says which value of each setting holds and why; here they become types.
//! A setting belongs in exactly three places: the default file, a line here, and where its room is made.

mod error;
pub mod keys;
mod layers;
mod reader;
pub mod shown;

pub use error::Error;
pub use layers::{Layers, Origin};

use crate::telemetry::{self, Format};
use egress::AllowRule;
use reader::Reader;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use store::Location;
use web::client_ip::{ForwardedBy, TrustedProxies};

/// The file that is read when none is named, if it is there.
pub const FILE_DEFAULT: &str = "boathook.toml";
/// Names the file, where no flag does.
pub const FILE_VARIABLE: &str = "BOATHOOK_CONFIG";

/// Everything an operator decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of everything that lasts.
    pub data_dir: PathBuf,
    /// Where the rows are.
    pub database: Location,
    /// Where to listen.
    pub listen: Listen,
    /// The public addresses, where they are not derived from the listeners.
    pub bases: Bases,
    /// How listeners behave.
    pub listener: web::serve::Settings,
    /// Who is believed about callers.
    pub trusted_proxies: TrustedProxies,
    /// The limits of the verbs.
    pub platform: platform::Settings,
    /// How often one project may ask on Uploadcare's wire; none: as often as it likes.
    pub throttle: Option<web::throttle::Settings>,
    /// Whether secret keys sent in clear over plain HTTP are refused.
    pub refuses_simple_over_http: bool,
    /// What caches may do with files.
    pub cdn: cdn::Settings,
    /// What may be called although it is private.
    pub egress_allow: Vec<AllowRule>,
    /// More certificates to trust.
    pub egress_ca_file: Option<PathBuf>,
    /// The limits of the engine.
    pub delivery: delivery::Settings,
    /// How uc v1 deliveries are written.
    pub uc: jsonapi::webhook::Settings,
    /// What is logged, and how.
    pub log: telemetry::Settings,
}

/// Where to listen. A door without a listener of its own shares the main one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen {
    /// For every door that has none of its own.
    pub main: SocketAddr,
    /// The REST APIs.
    pub api: Option<SocketAddr>,
    /// The Upload API.
    pub upload: Option<SocketAddr>,
    /// What gives bytes out.
    pub cdn: Option<SocketAddr>,
}

/// The public addresses as configured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bases {
    /// Of the REST APIs.
    pub api: Option<String>,
    /// Of the Upload API.
    pub upload: Option<String>,
    /// Of what gives bytes out.
    pub cdn: Option<String>,
}

/// Puts file, environment and flags over the defaults. The file is the flag's, else the environment's, else [`FILE_DEFAULT`].
pub fn layers(file: Option<&Path>, flags: &[(&'static keys::Key, String)]) -> Result<Layers, Error> {
    let environment = |name: &str| std::env::var(name).ok();
    let named = file.map(Path::to_owned);
    let named = named.or_else(|| environment(FILE_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from));
    let file = named.or_else(|| Some(PathBuf::from(FILE_DEFAULT)).filter(|path| path.exists()));
    let mut layers = Layers::default();
    if let Some(file) = file {
        layers.add_file(&file)?;
    }
    layers.add_environment(environment)?;
    layers.add_flags(flags)?;
    Ok(layers)
}

impl Config {
    /// Reads every setting, or says which one is wrong.
    pub fn read(layers: &Layers) -> Result<Self, Error> {
        let read = Reader(layers);
        let data_dir = PathBuf::from(read.text("data_dir"));
        if data_dir.as_os_str().is_empty() {
            return Err(read.invalid("data_dir", "it is the path of a folder".into()));
        }
        Ok(Self {
            database: database(&read, &data_dir)?,
            data_dir,
            listen: listen(&read)?,
            bases: Bases {
                api: read.base("api_base")?,
                upload: read.base("upload_base")?,
                cdn: read.base("cdn_base")?,
            },
            listener: web::serve::Settings {
                connections_max: read.count("connections_max", 1)? as usize,
                drain_limit: read.seconds("drain_seconds", 0)?,
                ..web::serve::Settings::default()
            },
            trusted_proxies: trusted_proxies(&read)?,
            platform: platform(&read)?,
            throttle: throttle(&read)?,
            refuses_simple_over_http: read.is("refuses_simple_over_http"),
            cdn: cdn::Settings { public_cache_for: read.seconds("cdn_cache_seconds", 0)? },
            egress_allow: read.each("egress_allow")?,
            egress_ca_file: read.path("egress_ca_file"),
            delivery: delivery(&read)?,
            uc: jsonapi::webhook::Settings {
                is_signature_bare: read.is("uc_signature_bare"),
                hides_secrets: read.is("uc_hides_secrets"),
            },
            log: log(&read)?,
        })
    }
}

fn database(read: &Reader<'_>, data_dir: &Path) -> Result<Location, Error> {
    let url = read.text("database_url");
    if url.is_empty() {
        return Ok(Location::Sqlite(data_dir.join("boathook.db")));
    }
    let expected = "it is sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME";
    Location::parse(url).ok_or_else(|| read.invalid("database_url", expected.into()))
}

fn listen(read: &Reader<'_>) -> Result<Listen, Error> {
    let expected = "an address and a port like 127.0.0.1:8080 or [::1]:8080";
    Ok(Listen {
        main: read.parsed("listen", expected)?,
        api: read.optional("listen_api", expected)?,
        upload: read.optional("listen_upload", expected)?,
        cdn: read.optional("listen_cdn", expected)?,
    })
}

fn trusted_proxies(read: &Reader<'_>) -> Result<TrustedProxies, Error> {
    let choices = [("x-forwarded", ForwardedBy::XForwarded), ("forwarded", ForwardedBy::Forwarded)];
    let by = read.choice("forwarded_by", &choices)?;
    TrustedProxies::new(&read.texts("trusted_proxies"), by)
        .map_err(|error| read.invalid("trusted_proxies", error.to_string()))
}

fn platform(read: &Reader<'_>) -> Result<platform::Settings, Error> {
    Ok(platform::Settings {
        direct_upload_bytes_max: read.bytes("upload_bytes_max")?,
        webhooks_per_project_max: read.count("webhooks_per_project_max", 1)?.into(),
        key_cache_for: read.seconds("key_cache_seconds", 0)?,
        expire_every: read.seconds("expire_seconds", 1)?,
        sweep_every: read.seconds("sweep_seconds", 1)?,
        new_projects: domain::project::Settings {
            is_autostore_enabled: read.is("new_projects_autostore"),
            may_create_without_token: read.is("new_projects_open_creation"),
        },
        ..platform::Settings::default()
    })
}

fn throttle(read: &Reader<'_>) -> Result<Option<web::throttle::Settings>, Error> {
    let per = read.seconds("throttle_seconds", 1)?;
    let settings = |requests: NonZeroU32| web::throttle::Settings {
        requests,
        per,
        burst: requests,
        keys_max: web::throttle::KEYS_MAX,
    };
    Ok(read.limit("throttle_requests")?.map(settings))
}

fn delivery(read: &Reader<'_>) -> Result<delivery::Settings, Error> {
    let defaults = delivery::Settings::default();
    let window_max = f64::from(read.count("delivery_window_max", 1)?);
    Ok(delivery::Settings {
        attempt_timeout: read.seconds("delivery_attempt_timeout_seconds", 1)?,
        in_flight_max: read.count("delivery_in_flight_max", 1)? as usize,
        window_start: defaults.window_start.min(window_max),
        window_max,
        drain: read.seconds("delivery_drain_seconds", 0)?,
        ..defaults
    })
}

fn log(read: &Reader<'_>) -> Result<telemetry::Settings, Error> {
    let filter = read.text("log_filter").to_owned();
    telemetry::check_filter(&filter).map_err(|error| read.invalid("log_filter", error.to_string()))?;
    Ok(telemetry::Settings {
        format: read.choice("log_format", &[("text", Format::Text), ("json", Format::Json)])?,
        filter,
    })
}
