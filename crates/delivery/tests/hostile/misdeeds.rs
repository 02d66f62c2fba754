//! What receivers do wrong, and what the log of attempts must say of it.

/// One way of being a bad receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misdeed {
    /// A head, one byte per second.
    DripsHead,
    /// A body, one byte per second.
    DripsBody,
    /// A body without an end.
    EndlessBody,
    /// Sixty kilobytes that inflate to ten megabytes, compressed although nobody asked for it.
    GzipBomb,
    /// A header without an end.
    GiantHeaders,
    /// One interim response after another, without an end: HTTP/1.1 lets a client pass over any number of them.
    EndlessInterim,
    /// A body that ends with the connection, which never does.
    NeverCloses,
    /// A reset in the middle of the body.
    ResetsMidBody,
    /// Shows the way to the trap.
    Redirects,
    /// Takes the connection and never says a word of TLS.
    StallsHandshake,
    /// Resets the HTTP/2 stream, and again, and again.
    FloodsResets,
}

use Misdeed as M;

pub const MISDEEDS: [Misdeed; 11] = [
    M::DripsHead,
    M::DripsBody,
    M::EndlessBody,
    M::GzipBomb,
    M::GiantHeaders,
    M::EndlessInterim,
    M::NeverCloses,
    M::ResetsMidBody,
    M::Redirects,
    M::StallsHandshake,
    M::FloodsResets,
];

impl Misdeed {
    /// Status and class of the one attempt. A body that is left or kept as it came is no failure.
    pub fn expected(self) -> (Option<u16>, Option<&'static str>) {
        match self {
            M::DripsHead | M::DripsBody | M::NeverCloses => (None, Some("timeout")),
            M::EndlessBody | M::GzipBomb => (Some(200), None),
            M::GiantHeaders => (None, Some("response_headers_too_large")),
            M::EndlessInterim => (None, Some("protocol")),
            M::ResetsMidBody | M::FloodsResets => (None, Some("connection_reset")),
            M::Redirects => (Some(302), Some("redirect")),
            M::StallsHandshake => (None, Some("connect_timeout")),
        }
    }

    /// Where it is done on the plain receiver.
    pub fn path(self) -> String {
        format!("/{self:?}")
    }

    /// What is done there.
    pub fn at(path: &str) -> Option<Self> {
        MISDEEDS.into_iter().find(|misdeed| misdeed.path() == path)
    }
}

/// A gzip member of zeros without its trailer, RFC 1952 and RFC 1951: one literal and then copies of 258 bytes, each thirteen bits long, so that thirteen
/// bytes hold eight of them. Inflates a hundred and fifty times.
pub fn gzip_bomb() -> Vec<u8> {
    const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    const COPIES: usize = 37_000;
    let mut bits: Vec<bool> = Vec::with_capacity(COPIES * 13 + 64);
    let mut push = |code: u32, length: u32| bits.extend((0..length).rev().map(|bit| code >> bit & 1 == 1));
    push(0b1, 1); // the last block
    push(0b10, 2); // fixed Huffman codes
    push(0b0011_0000, 8); // the literal 0
    for _ in 0..COPIES {
        push(0b1100_0101, 8); // length 258
        push(0b00000, 5); // distance 1
    }
    push(0b000_0000, 7); // the end of the block
    let deflated = bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |value, bit| value << 1 | u8::from(*bit)));
    HEAD.into_iter().chain(deflated).collect()
}
