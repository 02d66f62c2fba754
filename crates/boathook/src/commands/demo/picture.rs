//! A small picture made in code: a sun over the sea, as a PNG whose pixels are stored without compression.
//!
//! PNG (W3C, third edition) needs two checksums and four chunks; zlib (RFC 1950) and deflate (RFC 1951) allow stored blocks.

/// Width in pixels.
pub const WIDTH: u32 = 240;
/// Height in pixels.
pub const HEIGHT: u32 = 160;

/// The most bytes of one stored block (RFC 1951, section 3.2.4).
const BLOCK_BYTES_MAX: usize = 65_535;

/// The picture's file.
pub fn png() -> Vec<u8> {
    let mut header = Vec::new();
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]); // 8 bits of red, green and blue; no interlacing
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    add_chunk(&mut file, *b"IHDR", &header);
    add_chunk(&mut file, *b"IDAT", &zlib(&rows()));
    add_chunk(&mut file, *b"IEND", &[]);
    file
}

/// Each row begins with its filter: none.
fn rows() -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        rows.push(0);
        rows.extend((0..WIDTH).flat_map(|x| color(f64::from(x) / f64::from(WIDTH), f64::from(y) / f64::from(HEIGHT))));
    }
    rows
}

/// The colour at a place; both run from 0 to 1, rightward and down.
fn color(x: f64, y: f64) -> [u8; 3] {
    let from_sun = ((x - 0.5) * 1.5).hypot(y - 0.5);
    let shade = |from: f64, to: f64, at: f64| (from + (to - from) * at.clamp(0.0, 1.0)) as u8;
    if y > 0.6 {
        let glitter = if ((y * 90.0).sin() + (x * 40.0).sin() > 1.2) && (x - 0.5).abs() < 0.12 { 90.0 } else { 0.0 };
        let depth = (y - 0.6) / 0.4;
        return [shade(40.0 + glitter, 8.0, depth), shade(110.0 + glitter, 40.0, depth), shade(150.0, 90.0, depth)];
    }
    if from_sun < 0.18 {
        return [255, 236, 170];
    }
    [shade(255.0, 90.0, from_sun), shade(190.0, 140.0, from_sun), shade(120.0, 210.0, from_sun)]
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = data.chunks(BLOCK_BYTES_MAX).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    stream.extend(adler32(data).to_be_bytes());
    stream
}

fn add_chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    file.extend((data.len() as u32).to_be_bytes());
    let checked_from = file.len();
    file.extend(kind);
    file.extend(data);
    let sum = crc32(&file[checked_from..]);
    file.extend(sum.to_be_bytes());
}

/// RFC 1950, section 8.2.
fn adler32(data: &[u8]) -> u32 {
    const PRIME: u32 = 65_521;
    let add = |(one, two): (u32, u32), byte: &u8| {
        let one = (one + u32::from(*byte)) % PRIME;
        (one, (two + one) % PRIME)
    };
    let (one, two) = data.iter().fold((1, 0), add);
    (two << 16) | one
}

/// PNG, annex D: the polynomial of Ethernet, bits reversed.
fn crc32(data: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in data {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_the_known_ones() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn its_header_is_read_as_what_it_is() {
        let file = png();
        let image = transform::probe::image(&mut std::io::Cursor::new(&file), "image/png").unwrap();
        assert_eq!((image.format, image.width, image.height), ("PNG", WIDTH, HEIGHT));
    }
}
