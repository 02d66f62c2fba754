//! The root element of a text of markup, found behind whatever may stand before it.
//!
//! A tolerant scan, not a parser: a byte order mark, blanks, comments, processing instructions and a document type are
//! passed over, as the WHATWG's sniffing does in part and XML allows in full.

/// The types of XML that have a name of their own in libmagic; any other is `text/xml`.
const XML_ROOTS: [(&str, &str); 6] = [
    ("svg", "image/svg+xml"),
    ("html", "text/html"),
    ("rss", "application/rss+xml"),
    ("feed", "application/atom+xml"),
    ("kml", "application/vnd.google-earth.kml+xml"),
    ("gpx", "application/gpx+xml"),
];

/// The elements that make a text HTML when it begins with them
/// (<https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type>).
const HTML_ROOTS: [&str; 16] = [
    "html", "head", "script", "iframe", "h1", "div", "font", "table", "a", "style", "title", "b", "body", "br", "p",
    "meta",
];

/// What stands at the top of some markup.
pub(crate) struct Root<'a> {
    name: &'a [u8],
    /// What follows the name inside the tag.
    pub(crate) attributes: &'a [u8],
    doctype: &'a [u8],
    is_xml: bool,
}

impl Root<'_> {
    /// Whether the element is called so, whatever its case and prefix.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        let local = self.name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
        local.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// The type of a file that is markup; none if it is not, or of no kind that anyone names.
pub(super) fn mime(head: &[u8]) -> Option<&'static str> {
    let root = root(head)?;
    if root.doctype.eq_ignore_ascii_case(b"html") {
        return Some("text/html");
    }
    if root.is_named("svg") {
        return Some("image/svg+xml");
    }
    if root.is_xml {
        let known = XML_ROOTS.iter().find(|(name, _)| root.is_named(name));
        return Some(known.map_or("text/xml", |(_, kind)| kind));
    }
    HTML_ROOTS.iter().any(|name| root.name.eq_ignore_ascii_case(name.as_bytes())).then_some("text/html")
}

/// Finds the root element, or what is certain before it: a document type or an XML declaration.
pub(crate) fn root(head: &[u8]) -> Option<Root<'_>> {
    let mut rest = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let mut root = Root { name: b"", attributes: b"", doctype: b"", is_xml: false };
    loop {
        rest = rest.trim_ascii_start();
        let after = if rest.starts_with(b"<?") {
            root.is_xml |= rest.starts_with(b"<?xml");
            past(rest, b"?>")
        } else if rest.starts_with(b"<!--") {
            past(rest, b"-->")
        } else if let Some(inside) = strip_doctype(rest) {
            root.doctype = name(inside.trim_ascii_start());
            past_doctype(inside)
        } else {
            let tag = rest.strip_prefix(b"<").unwrap_or_default();
            root.name = name(tag);
            root.attributes = &tag[root.name.len()..tag_end(tag)];
            return root.is_certain().then_some(root);
        };
        match after {
            Some(after) => rest = after,
            None => return root.is_certain().then_some(root),
        }
    }
}

impl Root<'_> {
    fn is_certain(&self) -> bool {
        self.is_xml || !self.doctype.is_empty() || !self.name.is_empty()
    }
}

/// The leading name, if what follows it ends a name.
fn name(text: &[u8]) -> &[u8] {
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_' | b'.');
    let length = text.iter().position(|byte| !is_of_name(byte)).unwrap_or(text.len());
    let ends_well =
        text.get(length).is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/' | b'['));
    if ends_well { &text[..length] } else { b"" }
}

/// Where a tag ends: at the first `>` outside quotes, else where the text does.
fn tag_end(tag: &[u8]) -> usize {
    let mut quote = None;
    tag.iter()
        .position(|byte| {
            match (quote, byte) {
                (None, b'"' | b'\'') => quote = Some(*byte),
                (Some(open), byte) if open == *byte => quote = None,
                _ => {}
            }
            quote.is_none() && *byte == b'>'
        })
        .unwrap_or(tag.len())
}

fn strip_doctype(text: &[u8]) -> Option<&[u8]> {
    const DOCTYPE: &[u8] = b"<!DOCTYPE";
    let (start, rest) = text.split_at_checked(DOCTYPE.len())?;
    start.eq_ignore_ascii_case(DOCTYPE).then_some(rest)
}

/// Past the `>`, which may come after declarations in brackets that hold more of them.
fn past_doctype(inside: &[u8]) -> Option<&[u8]> {
    let end = inside.iter().position(|byte| matches!(byte, b'[' | b'>'))?;
    let rest = &inside[end..];
    if rest.starts_with(b"[") { past(past(rest, b"]")?, b">") } else { Some(&rest[1..]) }
}

fn past<'a>(text: &'a [u8], end: &[u8]) -> Option<&'a [u8]> {
    let at = text.windows(end.len()).position(|window| window == end)?;
    Some(&text[at + end.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(mime(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn svg_hides_behind_nothing() {
        for text in [
            "<svg/>",
            "<svg>",
            "<SVG width='1'>",
            "\u{feff} \r\n\t<svg xmlns='http://www.w3.org/2000/svg'>",
            "<?xml version='1.0'?><svg>",
            "<?xml version='1.0'?><!-- <html> --><!-- -- --><svg:svg xmlns:svg='s'>",
            "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/x.dtd'><svg>",
            "<!DOCTYPE svg [<!ENTITY a '<html>'> <!ENTITY b 'b'>]>\n<svg>",
            "<!-- made by hand --><?xml-stylesheet href='x.css'?><svg>",
        ] {
            check(text, Some("image/svg+xml"));
        }
    }

    #[test]
    fn html_hides_behind_nothing() {
        for text in [
            "<!DOCTYPE html>",
            "<!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'><p>",
            "\u{feff}\n\n  <!-- c --> <HTML lang=en>",
            "<script>alert(1)</script>",
            "<!-- > --><script src=x>",
            "<p>words",
            "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>",
            "<body/onload=alert(1)>",
        ] {
            check(text, Some("text/html"));
        }
    }

    #[test]
    fn other_markup_is_named_by_its_root() {
        check("<?xml version='1.0'?><rss version='2.0'>", Some("application/rss+xml"));
        check("<?xml version='1.0'?><feed>", Some("application/atom+xml"));
        check("<?xml version='1.0'?><project><svg/></project>", Some("text/xml"));
        check("<?xml version='1.0'?><a><b/></a>", Some("text/xml"));
        check("<?xml version='1.0'?>", Some("text/xml"));
    }

    #[test]
    fn what_only_looks_like_markup_is_not() {
        for text in
            ["", "<", "<>", "<3 hearts", "a <svg>", "<svgs>", "<project>", "<!-- unfinished <svg>", "plain", "<?php"]
        {
            check(text, None);
        }
    }

    #[test]
    fn attributes_end_with_the_tag() {
        let root = root(b"<svg a='>' b=\"'>\" width='3'><g width='4'>").map(|root| root.attributes);
        assert_eq!(root, Some(&b" a='>' b=\"'>\" width='3'"[..]));
    }
}
