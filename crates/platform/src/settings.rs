//! The limits of the verbs, as the front hands them in.

use std::time::Duration;

/// What an operator may change about the verbs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The most bytes of one file sent in one request. Uploadcare's figure ("Direct uploads", below 100 MB).
    pub direct_upload_bytes_max: u64,
    /// What a new project wants done without being asked.
    pub new_projects: domain::project::Settings,
    /// The most webhooks one project may have on one wire.
    pub webhooks_per_project_max: i64,
    /// How long a project's keys are remembered: what revoking a key in another process may take to be noticed.
    pub key_cache_for: Duration,
    /// How many files are sniffed and probed at once.
    pub inspections_max: usize,
    /// How often files past their expiry are looked for.
    pub expire_every: Duration,
    /// How often bytes that no file names are looked for.
    pub sweep_every: Duration,
    /// How old bytes must be before they may count as such. Their age runs from their last write, and a request with several files
    /// commits after its last one: so this is longer than any request lasts.
    pub orphans_kept_for: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            direct_upload_bytes_max: 104_857_600,
            new_projects: domain::project::Settings::default(),
            webhooks_per_project_max: 1000,
            key_cache_for: Duration::from_secs(1),
            inspections_max: 4,
            expire_every: Duration::from_secs(10),
            sweep_every: Duration::from_hours(1),
            orphans_kept_for: Duration::from_hours(24),
        }
    }
}
