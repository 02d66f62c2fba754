//! Text, told from bytes, and its kinds: JSON and CSV stand out, the rest is plain.

use std::str;

use serde::de::IgnoredAny;

use crate::limits::{BROKEN_OFF_BYTES_MIN, CSV_LINES_MAX};

/// Whether these bytes, which may break off anywhere, read as text: UTF-8 or ISO 8859 without control characters, or
/// anything marked as UTF-16. libmagic draws the line at the same characters (`encoding.c`).
pub(super) fn is_text(head: &[u8]) -> bool {
    let is_utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let is_control = |byte: &u8| byte.is_ascii_control() && !matches!(byte, 7..=13 | 27);
    if is_utf16 {
        return head.len().is_multiple_of(2);
    }
    !head.iter().any(is_control) && (is_utf8(head) || head.iter().all(|byte| !(0x80..0xa0).contains(byte)))
}

/// The kind of a text. Only a name that ends in `.csv` is believed; without one, ten lines must show it.
pub(super) fn mime(head: &[u8], name: &str) -> &'static str {
    if is_json(head) {
        "application/json"
    } else if name.to_ascii_lowercase().ends_with(".csv") || is_csv(head) {
        "text/csv"
    } else {
        "text/plain"
    }
}

/// A character cut off at the end is no fault.
fn is_utf8(head: &[u8]) -> bool {
    str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// An object or an array; a bare number or string is no more JSON than any word. What breaks off counts if it was right
/// so far, for the head of a long document does; a lone bracket does not.
fn is_json(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let opens = text.starts_with(b"{") || text.starts_with(b"[");
    opens
        && match serde_json::from_slice::<IgnoredAny>(text) {
            Ok(_) => true,
            Err(error) => error.is_eof() && head.len() >= BROKEN_OFF_BYTES_MIN,
        }
}

/// Ten lines with the same number of commas outside quotes, at least one.
fn is_csv(head: &[u8]) -> bool {
    let mut commas = Vec::new();
    let (mut count, mut is_quoted) = (0_usize, false);
    for byte in head {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => count += 1,
            b'\n' if !is_quoted => commas.push(std::mem::take(&mut count)),
            _ => {}
        }
        if commas.len() == CSV_LINES_MAX {
            return commas[0] > 0 && commas.iter().all(|count| *count == commas[0]);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_no_control_characters_but_a_few() {
        for text in
            [&b"plain\r\n\ttext"[..], "na\u{ef}ve \u{1f6a2}".as_bytes(), b"caf\xe9", b"\xff\xfea\0", b"\x1b[1mbold"]
        {
            assert!(is_text(text), "{text:?}");
        }
        for bytes in [&b"a\0b"[..], b"\x01", b"a\x7f", b"\x80\x81", b"\xff\xfea"] {
            assert!(!is_text(bytes), "{bytes:?}");
        }
    }

    #[test]
    fn a_character_cut_off_at_the_end_is_still_text() {
        let text = "so\u{1f6a2}".as_bytes();
        for end in 2..=text.len() {
            assert!(is_text(&text[..end]), "{end}");
        }
    }

    #[test]
    fn json_is_an_object_or_an_array_that_reads() {
        for text in ["{}", " [1, 2]\n", "\u{feff}{\"a\": null}"] {
            assert_eq!(mime(text.as_bytes(), "x"), "application/json", "{text}");
        }
        for text in ["1", "\"word\"", "{", "{a: 1}", "[1] [2]", "[link](to)", "{\"a\": "] {
            assert_eq!(mime(text.as_bytes(), "x"), "text/plain", "{text}");
        }
    }

    #[test]
    fn the_head_of_long_json_is_json() {
        let long = format!("[{}", "\"word\",".repeat(20_000));
        assert_eq!(mime(&long.as_bytes()[..BROKEN_OFF_BYTES_MIN], "x"), "application/json");
    }

    #[test]
    fn csv_is_named_so_or_shows_ten_lines() {
        assert_eq!(mime(b"a;b", "Table.CSV"), "text/csv");
        assert_eq!(mime(b"a,b\n1,2\n", "x.txt"), "text/plain");
        assert_eq!(mime("a,\"b\n,c\"\n".repeat(10).as_bytes(), "x"), "text/csv");
        assert_eq!(mime("word\n".repeat(10).as_bytes(), "x"), "text/plain");
        assert_eq!(mime(format!("a,b,c\n{}", "a,b\n".repeat(9)).as_bytes(), "x"), "text/plain");
    }
}
