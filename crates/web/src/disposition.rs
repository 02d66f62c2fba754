//! Content-Disposition, written for answers and read from the parts of forms (RFC 6266, RFC 7578 section 4.2).
//!
//! A name outside plain ASCII is written twice: a look-alike in `filename` for old clients, the real one in
//! `filename*` (RFC 8187). No name, whatever it holds, can end the header or the quoted string.

mod read;

pub use read::{Disposition, read};

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The longest name written; what is beyond is cut off. Twice what file systems allow.
pub const NAME_CHARS_MAX: usize = 512;

/// Everything but the `attr-char` of RFC 8187 section 3.2.1.
const NOT_ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// What a browser is asked to do with the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Show it.
    Inline,
    /// Save it.
    Attachment,
}

/// The header for a body of this name, or of none when the name is absent or empty.
pub fn write(kind: Kind, name: Option<&str>) -> HeaderValue {
    let kind = match kind {
        Kind::Inline => "inline",
        Kind::Attachment => "attachment",
    };
    // Control characters say nothing in a name and are refused by some recipients even when escaped.
    let name: String =
        name.unwrap_or_default().chars().filter(|char| !char.is_control()).take(NAME_CHARS_MAX).collect();
    let text = if name.is_empty() {
        kind.to_owned()
    } else if name.chars().all(is_plain) {
        format!("{kind}; filename=\"{name}\"")
    } else {
        let plain: String = name.chars().map(|char| if is_plain(char) { char } else { '_' }).collect();
        let exact = utf8_percent_encode(&name, NOT_ATTR_CHAR);
        format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}")
    };
    HeaderValue::try_from(text).expect("only visible ASCII and spaces are left")
}

/// Whether a quoted `filename` says this character the same to every recipient: some decode `%` there, and they
/// disagree about escapes (RFC 6266 appendix D).
fn is_plain(char: char) -> bool {
    matches!(char, ' '..='~') && !matches!(char, '"' | '\\' | '%')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(write(Kind::Attachment, Some(name)), expected);
    }

    #[test]
    fn plain_names_are_quoted() {
        check("cat.jpg", r#"attachment; filename="cat.jpg""#);
        check("my cat; (1), it's.jpg", r#"attachment; filename="my cat; (1), it's.jpg""#);
        assert_eq!(write(Kind::Inline, Some("cat.jpg")), r#"inline; filename="cat.jpg""#);
    }

    #[test]
    fn other_names_are_written_twice() {
        check("€ rates.txt", r#"attachment; filename="_ rates.txt"; filename*=UTF-8''%E2%82%AC%20rates.txt"#);
        check("a\"b\\c.txt", r#"attachment; filename="a_b_c.txt"; filename*=UTF-8''a%22b%5Cc.txt"#);
        check("100%25.txt", r#"attachment; filename="100_25.txt"; filename*=UTF-8''100%2525.txt"#);
        check("日本.png", r#"attachment; filename="__.png"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.png"#);
    }

    #[test]
    fn nothing_gets_out_of_the_header() {
        check("a\r\nSet-Cookie: x=1\r\n.txt", r#"attachment; filename="aSet-Cookie: x=1.txt""#);
        check("\u{85}\0", "attachment");
        assert_eq!(write(Kind::Inline, None), "inline");
        assert!(write(Kind::Inline, Some(&"x".repeat(100_000))).len() < 600);
    }

    #[test]
    fn what_is_written_can_be_read() {
        for name in ["cat.jpg", "my \"cat\".jpg", "日本 ü.png", "C:\\cat.jpg", "50%22.png", "'quoted'"] {
            let header = write(Kind::Attachment, Some(name));
            assert_eq!(read(header.as_bytes()).filename.as_deref(), Some(name));
        }
    }
}
