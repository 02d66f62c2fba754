//! What commands print: columns that line up, JSON for scripts, colours only where somebody can see them.

use crate::failure::Failure;
use crate::telemetry;
use domain::Timestamp;
use serde::Serialize;
use std::io::Write;

/// A colour or a weight of text on a terminal.
#[derive(Clone, Copy, Debug)]
pub enum Ink {
    /// What stands out.
    Bold,
    /// What stands back.
    Dim,
    /// What is well.
    Green,
    /// What needs a look.
    Yellow,
    /// What is broken.
    Red,
}

/// Text in this ink, if stdout shows colours.
pub fn ink(ink: Ink, text: &str) -> String {
    if !telemetry::may_color(&std::io::stdout()) {
        return text.to_owned();
    }
    let code = match ink {
        Ink::Bold => "1",
        Ink::Dim => "2",
        Ink::Green => "32",
        Ink::Yellow => "33",
        Ink::Red => "31",
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

/// Prints one line and shows it at once, though stdout may be a pipe.
pub fn line(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{text}")?;
    Ok(stdout.flush()?)
}

/// Prints one JSON value.
pub fn json(value: &impl Serialize) -> Result<(), Failure> {
    line(&serde_json::to_string_pretty(value).map_err(std::io::Error::from)?)
}

/// Prints rows under a head, each column as wide as its widest cell.
pub fn table<const COLUMNS: usize>(head: [&str; COLUMNS], rows: &[[String; COLUMNS]]) -> Result<(), Failure> {
    let mut widths = head.map(str::len);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    line(&ink(Ink::Bold, &padded(&head.map(str::to_owned), &widths)))?;
    rows.iter().try_for_each(|row| line(&padded(row, &widths)))
}

fn padded(cells: &[String], widths: &[usize]) -> String {
    let cells = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

/// An instant as answers show it: RFC 3339 in UTC with microseconds.
pub fn instant(at: Timestamp) -> String {
    web::instant::rfc3339_micros(at.as_micros())
}

/// An instant as people read it: to the second.
pub fn moment(at: Timestamp) -> String {
    instant(at).chars().take(19).map(|c| if c == 'T' { ' ' } else { c }).collect()
}
