//! Mischief: what a hostile caller might send, made from a seed, so that what fails once fails again.
//!
//! Words that have broken servers before, and messages that were right until a few of their bytes were changed.

use http::HeaderValue;
use std::fmt::Write;

/// Numbers, dates, names, markup and paths at the edges of what somebody might have expected.
const WORDS: [&str; 52] = [
    "",
    "0",
    "-1",
    "1",
    "2x",
    "1e309",
    "2147483648",
    "9223372036854775807",
    "99999999999999999999",
    "null",
    "true",
    "False",
    "NaN",
    "\0",
    "a\0b",
    "\r\nX-Injected: 1",
    "\u{7f}\u{85}",
    "\u{202e}gnp.exe",
    "e\u{301}",
    "😀",
    "\u{fffd}",
    "..",
    "../../etc/passwd",
    "C:\\a\\b",
    "/",
    "//",
    "a/b",
    "-",
    "-/resize/1x1",
    "\"",
    "'",
    "\\",
    "[]",
    "[a][b]",
    "{}",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "\\ud800",
    "<script>",
    "' OR 1=1 --",
    "%",
    "%s%n",
    "http://[::1",
    "http://user:word@a.example.test/",
    "file:///etc/passwd",
    "0000-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-02-30T10:00:00Z",
    "Mon, 01 Jan 0000 00:00:00 GMT",
    "00000000-0000-4000-8000-000000000000",
    "f-0000000000000000000000",
    "f-zzzzzzzzzzzzzzzzzzzzzz",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];

/// A caller who means no good.
#[derive(Clone, Debug)]
pub struct Mischief(u64);

impl Mischief {
    /// The one of this seed.
    pub fn new(seed: u64) -> Self {
        // Small seeds would begin alike, and zero would stay zero.
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: usize) -> usize {
        // xorshift64 (Marsaglia, 2003).
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    /// One of these.
    ///
    /// # Panics
    /// If there are none.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A word, now and then very long.
    pub fn word(&mut self) -> String {
        let repeated = self.pick(&[1, 1, 1, 1, 1, 1, 2, 700]);
        self.pick(&WORDS).repeat(repeated)
    }

    /// A word as a path or a query may hold it, now and then with escapes that are none or are no text.
    pub fn escaped(&mut self) -> String {
        let mut escaped = String::new();
        for byte in self.word().bytes().take(2000) {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => escaped.push(byte.into()),
                _ => write!(escaped, "%{byte:02X}").expect("a String takes all that is written"),
            }
        }
        escaped + self.pick(&["", "", "", "", "%", "%zz", "%FF", "%C0%80", "%ED%A0%80"])
    }

    /// A word as a header's value, of all the bytes that one may have.
    pub fn header(&mut self) -> HeaderValue {
        let mut bytes = self.word().into_bytes();
        bytes.truncate(2000);
        bytes.extend(self.pick(&[&b""[..], b"", b"\xff", b"\xc3\xa9"]));
        HeaderValue::from_bytes(&bytes).unwrap_or(HeaderValue::from_static("\t"))
    }

    /// A text in which every `{}` is filled with an escaped word.
    pub fn filled(&mut self, template: &str) -> String {
        let mut parts = template.split("{}");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |filled, part| filled + &self.escaped() + part)
    }

    /// A message that was right, with up to three of its places changed; now and then as it was.
    pub fn spoiled(&mut self, right: &[u8]) -> Vec<u8> {
        let mut bytes = right.to_vec();
        for _ in 0..self.below(4) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(9)).min(bytes.len());
            match self.below(4) {
                0 => drop(bytes.drain(at..end)),
                1 => drop(bytes.splice(at..end, self.word().into_bytes())),
                2 => drop(bytes.splice(at..at, [self.below(256) as u8])),
                _ => bytes.truncate(end),
            }
        }
        bytes
    }
}
