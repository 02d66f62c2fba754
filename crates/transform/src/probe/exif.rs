//! What EXIF tells beside the pixels: orientation, density, place and time (Exif 2.32, 4.6).

use std::io::{Cursor, Read, Seek};

use super::directory::{Directories, Directory};
use super::dpi;
use crate::limits::EXIF_BYTES_MAX;
use crate::walk::Walk;

const ORIENTATION: u16 = 0x0112;
const X_RESOLUTION: u16 = 0x011a;
const Y_RESOLUTION: u16 = 0x011b;
const RESOLUTION_UNIT: u16 = 0x0128;
const EXIF_DIRECTORY: u16 = 0x8769;
const GPS_DIRECTORY: u16 = 0x8825;
const DATETIME_ORIGINAL: u16 = 0x9003;
const GPS_LATITUDE_REF: u16 = 1;
const GPS_LATITUDE: u16 = 2;
const GPS_LONGITUDE_REF: u16 = 3;
const GPS_LONGITUDE: u16 = 4;

const ORIENTATION_MAX: u64 = 8;
const CENTIMETRES_PER_INCH: f64 = 2.54;

/// What is missing or damaged is none, each by itself.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Exif {
    pub(super) orientation: Option<u8>,
    pub(super) dpi: Option<(u32, u32)>,
    pub(super) geo_location: Option<(f64, f64)>,
    pub(super) datetime_original: Option<String>,
}

impl Exif {
    /// Reads a block that begins with a TIFF header.
    pub(super) fn read(block: &[u8]) -> Self {
        let mut block = Cursor::new(&block[..block.len().min(EXIF_BYTES_MAX)]);
        let walk = &mut Walk::new(&mut block);
        let Some((mut directories, first)) = Directories::open(walk) else {
            return Self::default();
        };
        let Some(directory) = directories.directory(first) else {
            return Self::default();
        };
        Self::of(&mut directories, &directory)
    }

    /// Reads what the main directory of a TIFF file or of an EXIF block leads to.
    pub(super) fn of<R: Read + Seek>(directories: &mut Directories<'_, '_, R>, main: &Directory) -> Self {
        let orientation = directories.integer(main, ORIENTATION).filter(|value| *value <= ORIENTATION_MAX);
        let exif = directories.inner(main, EXIF_DIRECTORY).unwrap_or_default();
        let gps = directories.inner(main, GPS_DIRECTORY).unwrap_or_default();
        Self {
            orientation: orientation.map(|value| value as u8),
            dpi: density(directories, main),
            geo_location: location(directories, &gps),
            datetime_original: directories.text(&exif, DATETIME_ORIGINAL, 19).and_then(|text| datetime(&text)),
        }
    }
}

/// Unit 2, inches, is what holds when none is named; unit 1 makes it only a ratio.
fn density<R: Read + Seek>(directories: &mut Directories<'_, '_, R>, main: &Directory) -> Option<(u32, u32)> {
    let across = *directories.fractions(main, X_RESOLUTION, 1)?.first()?;
    let down = *directories.fractions(main, Y_RESOLUTION, 1)?.first()?;
    match directories.integer(main, RESOLUTION_UNIT).unwrap_or(2) {
        2 => dpi(across, down),
        3 => dpi(across * CENTIMETRES_PER_INCH, down * CENTIMETRES_PER_INCH),
        _ => None,
    }
}

fn location<R: Read + Seek>(directories: &mut Directories<'_, '_, R>, gps: &Directory) -> Option<(f64, f64)> {
    let north = directories.text(gps, GPS_LATITUDE_REF, 1)?;
    let east = directories.text(gps, GPS_LONGITUDE_REF, 1)?;
    let latitude = degrees(&directories.fractions(gps, GPS_LATITUDE, 3)?)?;
    let longitude = degrees(&directories.fractions(gps, GPS_LONGITUDE, 3)?)?;
    let latitude = match north.as_slice() {
        b"N" => latitude,
        b"S" => -latitude,
        _ => return None,
    };
    let longitude = match east.as_slice() {
        b"E" => longitude,
        b"W" => -longitude,
        _ => return None,
    };
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some((latitude, longitude))
}

/// Degrees, minutes and seconds, the latter two if they are there.
fn degrees(parts: &[f64]) -> Option<f64> {
    let (degrees, smaller) = parts.split_first()?;
    Some(smaller.iter().zip([60.0, 3600.0]).fold(*degrees, |sum, (part, per_degree)| sum + part / per_degree))
}

/// `YYYY:MM:DD HH:MM:SS` as `YYYY-MM-DDTHH:MM:SS`, if it is a moment that exists. Cameras without a clock write zeros or
/// spaces, and some writers use dashes.
fn datetime(text: &[u8]) -> Option<String> {
    let pattern = text.len() == 19
        && text.iter().zip(b"0000:00:00 00:00:00").all(|(found, wanted)| match (wanted, found) {
            (b'0', found) => found.is_ascii_digit(),
            (b':', b'-') | (b' ', b'T') => true,
            (wanted, found) => wanted == found,
        });
    if !pattern {
        return None;
    }
    let number =
        |from: usize, to: usize| text[from..to].iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let (hour, minute, second) = (number(11, 13), number(14, 16), number(17, 19));
    let exists = year >= 1
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    exists.then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(400) || (year.is_multiple_of(4) && !year.is_multiple_of(100)) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_moments_that_exist_are_told() {
        let check = |text: &str, told: Option<&str>| assert_eq!(datetime(text.as_bytes()).as_deref(), told, "{text}");
        check("2025:08:20 07:41:09", Some("2025-08-20T07:41:09"));
        check("2025-08-20T07:41:09", Some("2025-08-20T07:41:09"));
        check("2024:02:29 23:59:59", Some("2024-02-29T23:59:59"));
        check("2023:02:29 23:59:59", None);
        check("1900:02:29 00:00:00", None);
        check("0000:00:00 00:00:00", None);
        check("    :  :     :  :  ", None);
        check("2025:08:20 24:00:00", None);
        check("2025:08:20", None);
        check("", None);
    }

    #[test]
    fn degrees_may_come_without_seconds_or_minutes() {
        assert_eq!(degrees(&[41.0, 30.0, 36.0]), Some(41.51));
        assert_eq!(degrees(&[41.5]), Some(41.5));
        assert_eq!(degrees(&[]), None);
    }

    #[test]
    fn an_empty_or_foreign_block_tells_nothing() {
        for block in [&b""[..], b"II", b"XX\x2a\0\x08\0\0\0", b"II\x2a\0\xff\xff\xff\xff"] {
            assert_eq!(Exif::read(block), Exif::default());
        }
    }
}
