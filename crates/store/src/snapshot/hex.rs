//! Fixed-size bytes as lower-case hex.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

const DIGITS: &[u8; 16] = b"0123456789abcdef";
/// The most bytes that a field has: a SHA-256.
const BYTES_MAX: usize = 32;

/// At most [`BYTES_MAX`] bytes.
pub(super) struct Hex<const N: usize>(pub(super) [u8; N]);

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut digits = [0; BYTES_MAX * 2];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        serializer.serialize_str(std::str::from_utf8(&digits[..N * 2]).expect("hex digits are ASCII"))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(HexVisitor)
    }
}

struct HexVisitor<const N: usize>;

impl<const N: usize> Visitor<'_> for HexVisitor<N> {
    type Value = Hex<N>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} hex digits", N * 2)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Hex<N>, E> {
        let unexpected = || E::invalid_value(serde::de::Unexpected::Str(text), &self);
        if text.len() != N * 2 {
            return Err(unexpected());
        }
        let mut bytes = [0; N];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digit = |at: usize| char::from(pair[at]).to_digit(16).ok_or_else(unexpected);
            *byte = (digit(0)? * 16 + digit(1)?) as u8;
        }
        Ok(Hex(bytes))
    }
}
