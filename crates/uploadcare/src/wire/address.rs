//! The addresses that bodies hold, and the names of files inside them. Written piece by piece, never put together first.

use crate::Bases;
use domain::file::File;
use std::fmt::{self, Display};

/// Where a file's bytes are shown: `<cdn>/<uuid>/<name>`.
#[derive(Clone, Copy)]
pub(crate) struct Original<'a> {
    pub bases: &'a Bases,
    pub file: &'a File,
}

/// Where the REST API shows a file: `<api>/files/<uuid>/`.
#[derive(Clone, Copy)]
pub(crate) struct Resource<'a> {
    pub bases: &'a Bases,
    pub file: &'a File,
}

/// A file's name as addresses hold it: only `A-Z a-z 0-9 . _` are kept, as recorded (`old-pier (2).jpg` → `oldpier2.jpg`). A name of
/// which nothing is left, or only dots that a path would swallow, is `file`.
#[derive(Clone, Copy)]
pub(crate) struct SafeName<'a>(pub &'a str);

impl Display for Original<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.bases.cdn)?;
        f.write_str("/")?;
        self.file.id.fmt(f)?;
        f.write_str("/")?;
        SafeName(&self.file.name).fmt(f)
    }
}

impl Display for Resource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.bases.api)?;
        f.write_str("/files/")?;
        self.file.id.fmt(f)?;
        f.write_str("/")
    }
}

impl Display for SafeName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        if !self.0.chars().any(|c| is_kept(c) && c != '.') {
            return f.write_str("file");
        }
        self.0.split(|c| !is_kept(c)).try_for_each(|run| f.write_str(run))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(SafeName(name).to_string(), expected, "{name}");
    }

    #[test]
    fn names_in_addresses_are_plain() {
        check("harbour.jpg", "harbour.jpg");
        check("old-pier (2).jpg", "oldpier2.jpg");
        check("logo_main (1).png", "logo_main1.png");
        check("AB-12_3.JPG", "AB12_3.JPG");
        check("два три_x.pdf", "_x.pdf");
        check("два.pdf", ".pdf");
        check("..", "file");
        check("два", "file");
        check("", "file");
        check("a/../b?c#d%2e", "a..bcd2e");
    }
}
