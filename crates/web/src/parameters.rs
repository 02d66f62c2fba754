//! The parameters of a header's value, `value; key=text; key="quoted text"`, as lenient as recipients have to be.

/// The key as sent and its value, one after another. What cannot be understood is passed over.
pub(crate) struct Parameters<'a>(&'a [u8]);

/// A parameter's value: unquoted and unescaped bytes.
pub(crate) struct Value {
    pub bytes: Vec<u8>,
    pub is_quoted: bool,
}

impl<'a> Parameters<'a> {
    /// Those that follow the first semicolon.
    pub fn of(header: &'a [u8]) -> Self {
        Self(after_semicolon(header))
    }

    /// The first value under this lowercase key.
    pub fn find(mut self, key: &[u8]) -> Option<Value> {
        self.find_map(|(found, value)| found.eq_ignore_ascii_case(key).then_some(value))
    }
}

impl<'a> Iterator for Parameters<'a> {
    type Item = (&'a [u8], Value);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.0.is_empty() {
            let key_length = self.0.iter().position(|byte| matches!(byte, b'=' | b';')).unwrap_or(self.0.len());
            let (key, rest) = self.0.split_at(key_length);
            let [b'=', value @ ..] = rest else {
                self.0 = after_semicolon(rest);
                continue;
            };
            let (value, rest) = match value.trim_ascii_start() {
                [b'"', quoted @ ..] => unquoted(quoted),
                bare => {
                    let length = bare.iter().position(|byte| *byte == b';').unwrap_or(bare.len());
                    (Value { bytes: bare[..length].trim_ascii().to_vec(), is_quoted: false }, &bare[length..])
                }
            };
            self.0 = after_semicolon(rest);
            return Some((key.trim_ascii(), value));
        }
        None
    }
}

/// The string up to its closing quote, or up to the end when there is none, and what follows. A backslash escapes
/// quotes and itself only: old browsers send paths with bare ones.
fn unquoted(text: &[u8]) -> (Value, &[u8]) {
    let mut bytes = Vec::new();
    let mut at = 0;
    while at < text.len() && text[at] != b'"' {
        if text[at] == b'\\' && matches!(text.get(at + 1), Some(b'"' | b'\\')) {
            at += 1;
        }
        bytes.push(text[at]);
        at += 1;
    }
    (Value { bytes, is_quoted: true }, text.get(at + 1..).unwrap_or_default())
}

fn after_semicolon(text: &[u8]) -> &[u8] {
    text.iter().position(|byte| *byte == b';').map_or(&[], |at| &text[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, expected: &[(&str, &str)]) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let found: Vec<_> =
            Parameters::of(header.as_bytes()).map(|(key, value)| (text(key), text(&value.bytes))).collect();
        let found: Vec<_> = found.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(found, expected, "{header}");
    }

    #[test]
    fn quoted_bare_and_broken() {
        check("a/b", &[]);
        check("a/b; c=d", &[("c", "d")]);
        check(r#"x ;C = "d;e" junk; f= g ;h"#, &[("C", "d;e"), ("f", "g")]);
        check(r#"x;; =y; a="\"\\\z"; b="open"#, &[("", "y"), ("a", r#""\\z"#), ("b", "open")]);
    }
}
