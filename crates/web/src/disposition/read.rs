//! Reading Content-Disposition as forms send it: quoted or bare, escaped by backslash or the WHATWG way, or extended.
//!
//! Browsers and the libraries that copy them write `"` as `%22` and line ends as `%0A` and `%0D`, and no other escape;
//! old ones send Windows paths with bare backslashes. Bytes that are not UTF-8 become U+FFFD.

use percent_encoding::percent_decode;

use crate::parameters::{Parameters, Value};

/// What a part of a form says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disposition {
    /// The field's name.
    pub name: Option<String>,
    /// The file's name as sent, directories included. An empty one is `Some("")`: browsers send that for a file field
    /// left empty.
    pub filename: Option<String>,
}

/// Reads a header's bytes. What cannot be understood is as if it were absent.
pub fn read(header: &[u8]) -> Disposition {
    let mut disposition = Disposition::default();
    let mut extended_filename = None;
    for (key, value) in Parameters::of(header) {
        match key.to_ascii_lowercase().as_slice() {
            b"name" => _ = disposition.name.get_or_insert_with(|| text(&value)),
            b"filename" => _ = disposition.filename.get_or_insert_with(|| text(&value)),
            b"filename*" => extended_filename = extended_filename.or_else(|| extended(&value.bytes)),
            _ => {}
        }
    }
    disposition.filename = extended_filename.or(disposition.filename);
    disposition
}

fn text(value: &Value) -> String {
    let text = String::from_utf8_lossy(&value.bytes).into_owned();
    if !value.is_quoted || !text.contains('%') {
        return text;
    }
    text.replace("%22", "\"").replace("%0D", "\r").replace("%0d", "\r").replace("%0A", "\n").replace("%0a", "\n")
}

/// `charset'language'percent-encoded` (RFC 8187 section 3.2), in the two charsets that are in use.
fn extended(value: &[u8]) -> Option<String> {
    let mut parts = value.splitn(3, |byte| *byte == b'\'');
    let (charset, _language, encoded) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = percent_decode(encoded);
    if charset.eq_ignore_ascii_case(b"utf-8") {
        Some(bytes.decode_utf8_lossy().into_owned())
    } else if charset.eq_ignore_ascii_case(b"iso-8859-1") {
        Some(bytes.map(char::from).collect())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[track_caller]
    fn check(header: &str, name: Option<&str>, filename: Option<&str>) {
        let read = read(header.as_bytes());
        assert_eq!((read.name.as_deref(), read.filename.as_deref()), (name, filename), "{header}");
    }

    #[test]
    fn quoted_bare_and_misordered() {
        check(r#"form-data; name="file.txt"; filename="tmp0001""#, Some("file.txt"), Some("tmp0001"));
        check("form-data; filename=a.txt; name=file", Some("file"), Some("a.txt"));
        check(r#"form-data; NAME = "a;b" ; filename = """#, Some("a;b"), Some(""));
        check("form-data", None, None);
        check("", None, None);
        check("form-data; name", None, None);
    }

    #[test]
    fn a_name_inside_a_filename_is_no_name() {
        check(r#"form-data; filename="x; name=evil"; name="file""#, Some("file"), Some("x; name=evil"));
    }

    #[test]
    fn escapes() {
        check(r#"form-data; name="a\"b\\c""#, Some(r#"a"b\c"#), None);
        check(r#"form-data; name="file"; filename="C:\dir\cat.jpg""#, Some("file"), Some(r"C:\dir\cat.jpg"));
        check(r#"form-data; name="file"; filename="a%22b%0D%0A100%25.txt""#, Some("file"), Some("a\"b\r\n100%25.txt"));
        check(r#"form-data; name="unfinished"#, Some("unfinished"), None);
        check("form-data; name=\"日本\"; filename=\"ü.txt\"", Some("日本"), Some("ü.txt"));
    }

    #[test]
    fn the_extended_filename_wins() {
        check("form-data; name=f; filename=\"_.txt\"; filename*=UTF-8''%C3%BC.txt", Some("f"), Some("ü.txt"));
        check("form-data; name=f; filename*=iso-8859-1'en'%FC.txt", Some("f"), Some("ü.txt"));
        check("form-data; name=f; filename=\"a\"; filename*=koi8-r''%FC", Some("f"), Some("a"));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_replaced() {
        assert_eq!(read(b"form-data; name=\"a\xff\"").name.as_deref(), Some("a\u{fffd}"));
    }
}
