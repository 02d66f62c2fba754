//! Samples cut, bent and mixed: any answer will do, as long as there is one.

use std::io::{Cursor, Read, Seek, SeekFrom};

use transform::limits::HEADER_BYTES_MAX;
use transform::probe;

use crate::samples;

/// How many bent copies are made of each sample.
const BENT_COPIES: usize = 400;

#[test]
fn every_sample_cut_at_every_byte() {
    for name in samples::all() {
        let whole = samples::bytes(&name);
        let told = samples::probe(&name, &whole).unwrap();
        for end in 0..whole.len() {
            if let Some(cut) = samples::probe(&name, &whole[..end]) {
                assert_eq!((cut.width, cut.height), (told.width, told.height), "{name} cut at {end}");
            }
        }
    }
}

#[test]
fn every_sample_bent_at_random() {
    let mut chance = Chance(0x0b0a_7400_5eed);
    for name in samples::all() {
        let whole = samples::bytes(&name);
        let mime = samples::mime(&name, &whole);
        for _ in 0..BENT_COPIES {
            let bent = bend(&whole, &mut chance);
            samples::mime(&name, &bent);
            if let Some(image) = probe::image(&mut Cursor::new(&bent), &mime) {
                assert!(image.width > 0 && image.height > 0, "{name}");
                assert!(image.orientation.is_none_or(|orientation| orientation <= 8), "{name}");
                assert!(image.dpi.is_none_or(|(across, down)| across > 0 && down > 0), "{name}");
                assert!(
                    image.geo_location.is_none_or(|(north, east)| north.abs() <= 90.0 && east.abs() <= 180.0),
                    "{name}"
                );
                assert!(image.datetime_original.is_none_or(|moment| moment.len() == 19), "{name}");
            }
        }
    }
}

/// Bytes without sense behind each signature.
#[test]
fn noise_behind_every_signature() {
    let mut chance = Chance(42);
    for name in samples::all() {
        let whole = samples::bytes(&name);
        let mime = samples::mime(&name, &whole);
        for _ in 0..50 {
            let mut noise = whole[..16.min(whole.len())].to_vec();
            noise.extend((0..600).map(|_| chance.byte()));
            samples::mime(&name, &noise);
            probe::image(&mut Cursor::new(&noise), &mime);
        }
    }
}

/// Chunks of no length, extensions of no end: the walk stops when its budget is spent, not with the file.
#[test]
fn endless_headers_end() {
    let gif = samples::bytes("still.gif");
    let first_block = 13 + 3 * (2 << (gif[10] & 7));
    check_endless("image/gif", &gif[..first_block], &[0x21, 0xf9, 1, 0, 0]);
    check_endless("image/png", &samples::bytes("rgb.png")[..33], b"\0\0\0\0tEXt\0\0\0\0");
    check_endless("image/jpeg", b"\xff\xd8", b"\xff\xfe\0\x02");
    check_endless("image/webp", b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x09\0\0\x09\0\0", b"JUNK\0\0\0\0");
    check_endless("image/heic", b"\0\0\0\x10ftypheic\0\0\0\0", b"\0\0\0\x08free");
}

#[track_caller]
fn check_endless(mime: &str, start: &[u8], repeated: &[u8]) {
    let mut endless = Endless { start, repeated, at: 0, read_bytes: 0 };
    probe::image(&mut endless, mime);
    assert!(endless.read_bytes <= HEADER_BYTES_MAX, "{mime}");
}

/// A file as long as numbers go.
struct Endless<'a> {
    start: &'a [u8],
    repeated: &'a [u8],
    at: u64,
    read_bytes: u64,
}

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        for byte in &mut *buffer {
            let at = usize::try_from(self.at).unwrap();
            let repeated = || self.repeated[(at - self.start.len()) % self.repeated.len()];
            *byte = self.start.get(at).copied().unwrap_or_else(repeated);
            self.at += 1;
        }
        self.read_bytes += buffer.len() as u64;
        Ok(buffer.len())
    }
}

impl Seek for Endless<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let SeekFrom::Start(at) = to else { panic!("a walk only goes to places it knows") };
        self.at = at;
        Ok(at)
    }
}

/// A few bytes changed, to anything or to what tends to hurt; perhaps a piece doubled, dropped or cut off.
fn bend(whole: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bent = whole.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bent.len());
        bent[at] = [0, 1, 0x7f, 0x80, 0xfe, 0xff, chance.byte(), bent[at] ^ (1 << chance.below(8))][chance.below(8)];
    }
    let (from, length) = (chance.below(bent.len()), chance.below(32));
    let piece = from..(from + length).min(bent.len());
    match chance.below(6) {
        0 => drop(bent.drain(piece)),
        1 => drop(bent.splice(from..from, whole[piece].to_vec())),
        2 => bent.truncate(from.max(1)),
        _ => {}
    }
    if bent.is_empty() { whole.to_vec() } else { bent }
}

/// Marsaglia's xorshift64, seeded, so that a failure fails again.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[3]
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % limit
    }
}
