//! Why a configuration is refused: always naming the setting, where it was set, and what would do.

use super::layers::Origin;
use std::path::PathBuf;

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read")]
    Unreadable {
        /// The file asked for.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: std::io::Error,
    },
    /// The file is no TOML.
    #[error("the configuration file {path} is not TOML")]
    NotToml {
        /// The file asked for.
        path: PathBuf,
        /// Where it stops being TOML.
        #[source]
        source: toml::de::Error,
    },
    /// The file has a setting that there is not.
    #[error("{path}: there is no setting {name:?}{}", nearest.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default())]
    Unknown {
        /// As it stands in the file.
        name: String,
        /// The setting that may have been meant.
        nearest: Option<&'static str>,
        /// The file.
        path: PathBuf,
    },
    /// A setting has a value that it cannot have.
    #[error("{name} (from {origin}): {reason}")]
    Invalid {
        /// The setting.
        name: String,
        /// Where the value came from.
        origin: Origin,
        /// What would do.
        reason: String,
    },
}
