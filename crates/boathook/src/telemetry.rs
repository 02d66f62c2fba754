//! What is logged, where to and how: sentences with fields, to stderr, so that stdout stays for answers.
//!
//! **Invariant:** no secret is ever a field. Types that hold one print as dots, and URLs are logged without their passwords.

use std::io::IsTerminal;
use tracing_subscriber::filter::{EnvFilter, ParseError};

/// What an operator decides about logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How a line looks.
    pub format: Format,
    /// Which lines there are: `info,delivery=debug`.
    pub filter: String,
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Whether a filter can be understood.
pub fn check_filter(filter: &str) -> Result<(), ParseError> {
    EnvFilter::try_new(filter).map(drop)
}

/// Begins to log. The first call of a process holds.
pub fn begin(settings: &Settings) {
    let Ok(filter) = EnvFilter::try_new(&settings.filter) else { return };
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call is a command within a command: the first has said where lines go.
    let _ = match settings.format {
        Format::Json => lines.json().flatten_event(true).with_current_span(false).try_init(),
        Format::Text => lines.with_ansi(may_color(&std::io::stderr())).try_init(),
    };
}

/// Whether colours may be used there: it is a terminal and nobody asked for none (no-color.org).
pub fn may_color(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
