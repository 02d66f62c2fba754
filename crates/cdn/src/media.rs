//! Media: the Content-Type an upload is given, and whether a browser may show it outside a sandbox.
//!
//! Anyone may upload anything, and it is served from a host of the operator's. What the bytes are was sniffed; what the sender said they
//! are counts only where sniffing knows nothing, and only for types that no browser runs. A type is taken to be passive because it is
//! listed here, never because nothing is known against it. PDF is among the passive: viewers run its scripts in a world of their own,
//! and refuse to open it in a sandbox.

use domain::file::File;
use http::HeaderValue;
use transform::sniff;

/// Types that run nothing, beside pictures, sounds, films and fonts.
const PASSIVE: [&str; 12] = [
    "application/gzip",
    "application/json",
    "application/msword",
    "application/octet-stream",
    "application/pdf",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/zip",
    "text/calendar",
    "text/csv",
    "text/markdown",
    "text/plain",
];

/// The families of types that run nothing, but for their members in XML: SVG above all.
const PASSIVE_FAMILIES: [&str; 6] = [
    "application/vnd.oasis.opendocument.",
    "application/vnd.openxmlformats-officedocument.",
    "audio/",
    "font/",
    "image/",
    "video/",
];

/// For everything else: an origin of its own, no script, nothing fetched; styles so that a page remains readable.
pub(crate) const SANDBOX: HeaderValue =
    HeaderValue::from_static("sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'");

/// The MIME type a file is served with.
pub(crate) fn mime(file: &File) -> String {
    let sniffed = file.content.mime.as_str();
    if !matches!(sniffed, sniff::UNKNOWN | sniff::EMPTY) {
        return sniffed.to_owned();
    }
    let declared = file.declared_mime.split(';').next().unwrap_or_default();
    let declared = declared.trim().to_ascii_lowercase();
    if is_passive(&declared) { declared } else { sniff::UNKNOWN.to_owned() }
}

/// Whether nothing of this type can run script in a page of its own.
pub(crate) fn is_passive(mime: &str) -> bool {
    let family = PASSIVE_FAMILIES.iter().find_map(|family| mime.strip_prefix(family));
    let is_of_family = family.is_some_and(|rest| is_token(rest) && !rest.ends_with("+xml"));
    is_of_family || PASSIVE.contains(&mime)
}

/// RFC 6838, section 4.2.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;
    use domain::content::Content;
    use domain::id::{AccessToken, FileId, ProjectId};
    use domain::metadata::Metadata;

    #[track_caller]
    fn check(sniffed: &str, declared: &str, expected: &str, expected_passive: bool) {
        let file = File {
            id: FileId::from_bytes([1; 16]),
            project: ProjectId::new(7),
            revision: 1,
            name: "x".into(),
            declared_mime: declared.into(),
            size_bytes: 3,
            sha256: [0; 32],
            content: Content { mime: sniffed.into(), image: None },
            metadata: Metadata::default(),
            access_token: AccessToken::from_bytes([2; 16]),
            is_original_protected: false,
            uploaded_at: Timestamp::from_micros(1),
            stored_at: None,
            removed_at: None,
            expires_at: None,
        };
        let mime = mime(&file);
        assert_eq!((mime.as_str(), is_passive(&mime)), (expected, expected_passive));
    }

    #[test]
    fn what_was_sniffed_outranks_what_was_declared() {
        check("image/png", "text/html", "image/png", true);
        check("text/html", "image/png", "text/html", false);
        check("image/svg+xml", "image/png", "image/svg+xml", false);
        check("application/pdf", "", "application/pdf", true);
        check("text/plain", "text/javascript", "text/plain", true);
    }

    #[test]
    fn a_declared_type_counts_where_nothing_was_sniffed_and_nothing_can_run() {
        check(sniff::UNKNOWN, "font/woff2", "font/woff2", true);
        check(sniff::UNKNOWN, " Video/MP4; codecs=avc1", "video/mp4", true);
        check(sniff::EMPTY, "text/plain; charset=utf-8", "text/plain", true);
        for declared in [
            "",
            "text/html",
            "application/xhtml+xml",
            "image/svg+xml",
            "IMAGE/SVG+XML",
            "text/javascript",
            "text/css",
            "image/",
            "image/png\r\nx: y",
            "image/png, text/html",
            "multipart/related",
        ] {
            check(sniff::UNKNOWN, declared, "application/octet-stream", true);
        }
    }

    #[test]
    fn markup_and_code_are_not_passive() {
        for mime in
            ["text/html", "text/xml", "application/xml", "application/rss+xml", "text/javascript", "text/css", "x"]
        {
            assert!(!is_passive(mime), "{mime}");
        }
    }
}
