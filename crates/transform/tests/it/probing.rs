//! Every sample beside what Pillow 13 says of it on opening.
//!
//! Where the two differ on purpose, the line says so. Pillow's one-bit and sixteen-bit greys are `L` here.

use std::fs::File;
use std::io::Cursor;

use transform::probe::{self, Image};

use crate::samples;

/// 41° 23' 19.64" N, 2° 9' 32.4" E, in the samples that were taken there.
const BARCELONA: (f64, f64) = (41.388_789, 2.159);

/// 22° 54' 24.5" S, 43° 10' 21" W.
const RIO: (f64, f64) = (-22.906_806, -43.1725);

struct Told {
    image: Image,
    color_mode: &'static str,
}

fn is(format: &'static str, width: u32, height: u32, color_mode: &'static str) -> Told {
    let image = Image {
        format,
        width,
        height,
        color_mode: probe::ColorMode::L,
        orientation: None,
        dpi: None,
        is_sequence: false,
        geo_location: None,
        datetime_original: None,
    };
    Told { image, color_mode }
}

impl Told {
    fn oriented(mut self, orientation: u8) -> Self {
        self.image.orientation = Some(orientation);
        self
    }

    fn dpi(mut self, across: u32, down: u32) -> Self {
        self.image.dpi = Some((across, down));
        self
    }

    fn sequence(mut self) -> Self {
        self.image.is_sequence = true;
        self
    }

    fn at(mut self, place: (f64, f64)) -> Self {
        self.image.geo_location = Some(place);
        self
    }

    fn taken(mut self, at: &str) -> Self {
        self.image.datetime_original = Some(at.to_owned());
        self
    }
}

#[track_caller]
fn check(name: &str, told: &Told) {
    let mut found = samples::probe(name, &samples::bytes(name)).expect(name);
    assert_eq!(found.color_mode.as_str(), told.color_mode, "{name}");
    found.color_mode = told.image.color_mode;
    found.geo_location = found.geo_location.map(|(latitude, longitude)| (micro(latitude), micro(longitude)));
    assert_eq!(found, told.image, "{name}");
}

fn micro(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

#[test]
fn jpeg() {
    check("camera.jpg", &is("JPEG", 7, 5, "RGB").oriented(3).dpi(240, 240).at(RIO).taken("2018-09-13T16:23:40"));
    check("cmyk.jpg", &is("JPEG", 7, 5, "CMYK"));
    check("exif-centimetres.jpg", &is("JPEG", 7, 5, "RGB").oriented(8).dpi(300, 300));
    check("grey.jpg", &is("JPEG", 7, 5, "L"));
    check("jfif-centimetres.jpg", &is("JPEG", 7, 5, "RGB").dpi(254, 127));
    check("jfif-dpi.jpg", &is("JPEG", 7, 5, "RGB").dpi(300, 150));
    check(
        "progressive-exif.jpg",
        &is("JPEG", 9, 4, "RGB").oriented(6).dpi(72, 72).at(BARCELONA).taken("2025-08-20T07:41:09"),
    );
    check("rgb.jpg", &is("JPEG", 7, 5, "RGB"));
}

#[test]
fn png() {
    check("1.png", &is("PNG", 7, 5, "L"));
    check("animated.png", &is("PNG", 6, 4, "RGB").sequence());
    check("dpi-exif.png", &is("PNG", 7, 5, "RGB").oriented(5).dpi(144, 96).at(BARCELONA).taken("2024-02-29T00:00:00"));
    check("i16.png", &is("PNG", 7, 5, "L"));
    check("l.png", &is("PNG", 7, 5, "L"));
    check("la.png", &is("PNG", 7, 5, "LA"));
    check("one-frame.png", &is("PNG", 6, 4, "RGB"));
    check("p.png", &is("PNG", 7, 5, "P"));
    check("rgb.png", &is("PNG", 7, 5, "RGB"));
    check("rgba.png", &is("PNG", 7, 5, "RGBA"));
}

#[test]
fn gif() {
    check("animated.gif", &is("GIF", 6, 4, "P").sequence());
    check("grey.gif", &is("GIF", 7, 5, "P"));
    check("ramp.gif", &is("GIF", 2, 1, "L"));
    check("still.gif", &is("GIF", 7, 5, "P"));
}

#[test]
fn webp() {
    check("animated.webp", &is("WEBP", 6, 4, "RGB").sequence());
    check("exif.webp", &is("WEBP", 7, 5, "RGB").oriented(7).at(RIO).taken("2020-12-31T23:59:59"));
    check("lossless-alpha.webp", &is("WEBP", 7, 5, "RGBA"));
    check("lossless.webp", &is("WEBP", 7, 5, "RGB"));
    check("lossy-alpha.webp", &is("WEBP", 7, 5, "RGBA"));
    check("lossy.webp", &is("WEBP", 7, 5, "RGB"));
}

#[test]
fn bmp() {
    check("1.bmp", &is("BMP", 7, 5, "L").dpi(120, 120));
    check("alpha-mask.bmp", &is("BMP", 3, 2, "RGBA").dpi(72, 72));
    check("l.bmp", &is("BMP", 7, 5, "L").dpi(120, 120));
    check("no-alpha-mask.bmp", &is("BMP", 3, 2, "RGB").dpi(72, 72));
    check("os2.bmp", &is("BMP", 3, 2, "RGB"));
    check("p.bmp", &is("BMP", 7, 5, "P").dpi(120, 120));
    check("rgb.bmp", &is("BMP", 7, 5, "RGB").dpi(120, 120));
    check("rgba.bmp", &is("BMP", 7, 5, "RGB").dpi(120, 120));
    check("top-down.bmp", &is("BMP", 7, 5, "RGB").dpi(120, 120));
}

/// Pillow tells a turned TIFF's size as turned, and (1, 1) for a missing density; we tell what is stored.
#[test]
fn tiff() {
    check("1.tif", &is("TIFF", 7, 5, "L"));
    check("big-endian.tif", &is("TIFF", 7, 5, "L").oriented(2));
    check("big.tif", &is("TIFF", 7, 5, "RGB").dpi(96, 96));
    check("cmyk.tif", &is("TIFF", 7, 5, "CMYK"));
    check("deflate-exif.tif", &is("TIFF", 7, 5, "RGB").oriented(6).dpi(300, 300));
    check("exif.tif", &is("TIFF", 7, 5, "L").oriented(6).dpi(300, 300).at(BARCELONA).taken("2019-01-02T03:04:05"));
    check("i16.tif", &is("TIFF", 7, 5, "L"));
    check("jpeg.tif", &is("TIFF", 16, 16, "RGB"));
    check("l.tif", &is("TIFF", 7, 5, "L"));
    check("la-premultiplied.tif", &is("TIFF", 7, 5, "La"));
    check("la.tif", &is("TIFF", 7, 5, "LA"));
    check("lab.tif", &is("TIFF", 7, 5, "LAB"));
    check("p.tif", &is("TIFF", 7, 5, "P"));
    check("pa.tif", &is("TIFF", 7, 5, "PA"));
    check("pages.tif", &is("TIFF", 7, 5, "L").dpi(300, 300));
    check("rgb.tif", &is("TIFF", 7, 5, "RGB"));
    check("rgba.tif", &is("TIFF", 7, 5, "RGBA"));
    check("rgbx.tif", &is("TIFF", 7, 5, "RGB"));
    check("ycbcr.tif", &is("TIFF", 7, 5, "YCbCr"));
}

#[test]
fn icons() {
    check("icon-bmp.ico", &is("ICO", 16, 16, "RGBA"));
    check("icon.ico", &is("ICO", 48, 48, "RGBA"));
}

#[test]
fn heif() {
    check("alpha.heic", &is("HEIF", 64, 48, "RGBA"));
    check("rgb.heic", &is("HEIF", 64, 48, "RGB").at(RIO).taken("2022-03-04T05:06:07"));
}

#[test]
fn avif() {
    check("alpha.avif", &is("AVIF", 16, 8, "RGBA"));
    check("animated.avif", &is("AVIF", 16, 16, "RGB").sequence());
    check("exif.avif", &is("AVIF", 16, 8, "RGB").at(BARCELONA).taken("2021-06-07T08:09:10"));
    check("rgb.avif", &is("AVIF", 16, 8, "RGB"));
}

#[test]
fn svg() {
    let check = |text: &str, told: &Told| {
        let found = samples::probe("drawing", text.as_bytes()).expect(text);
        assert_eq!(found.color_mode.as_str(), told.color_mode, "{text}");
        assert_eq!((found.format, found.width, found.height), ("SVG", told.image.width, told.image.height), "{text}");
    };
    check("<svg width='10' height='20'/>", &is("SVG", 10, 20, "RGBA"));
    check(
        "<?xml version='1.0'?>\n<!-- c --><svg viewBox='0 0 24 12'><rect width='9'/></svg>",
        &is("SVG", 24, 12, "RGBA"),
    );
    check("<svg width='0.2px' height='1in'>", &is("SVG", 1, 96, "RGBA"));
    check("<svg xmlns='http://www.w3.org/2000/svg'>", &is("SVG", 300, 150, "RGBA"));
    assert_eq!(samples::probe("drawing", b"<svg width='1e300' height='1'/>"), None);
}

#[test]
fn what_is_no_image_is_none() {
    for (name, bytes) in [("a.txt", &b"words"[..]), ("a.pdf", b"%PDF-1.4\n"), ("a.png", b""), ("a.html", b"<p>")] {
        assert_eq!(samples::probe(name, bytes), None, "{name}");
    }
}

/// The type is believed, so a file probed as something else is broken, not another image.
#[test]
fn every_probe_refuses_every_other_format() {
    for name in samples::all() {
        let bytes = samples::bytes(&name);
        let own = samples::mime(&name, &bytes);
        let is_heif = |mime: &str| mime.contains("avif") || mime.contains("hei");
        for other in TYPES.into_iter().filter(|other| *other != own && !(is_heif(other) && is_heif(&own))) {
            assert_eq!(probe::image(&mut Cursor::new(&bytes), other), None, "{name} as {other}");
        }
    }
}

const TYPES: [&str; 10] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/tiff",
    "image/bmp",
    "image/vnd.microsoft.icon",
    "image/svg+xml",
    "image/avif",
    "image/heic",
];

#[test]
fn a_picture_without_area_is_none() {
    let mut png = samples::bytes("rgb.png");
    png[16..20].fill(0);
    assert_eq!(samples::probe("rgb.png", &png), None);
}

/// The header is found again from a file, which a probe leaves wherever its look ended.
#[test]
fn a_file_on_disk_reads_the_same() {
    for name in samples::all() {
        let mut file = File::open(format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let mime = samples::mime(&name, &samples::bytes(&name));
        let first = probe::image(&mut file, &mime);
        assert!(first.is_some(), "{name}");
        assert_eq!(first, probe::image(&mut file, &mime), "{name}");
    }
}

/// What lies behind the pixels is reached by seeking, however many there are.
#[test]
fn exif_behind_the_pixels_of_a_png_is_found() {
    let whole = samples::bytes("dpi-exif.png");
    let at = whole.windows(4).position(|name| name == b"eXIf").unwrap() - 4;
    let length = u32::from_be_bytes(whole[at..at + 4].try_into().unwrap()) as usize + 12;
    let end = whole.len() - 12;
    let mut pixels = 30_000_000_u32.to_be_bytes().to_vec();
    pixels.extend(b"IDAT");
    pixels.resize(30_000_012, 0);
    let moved = [&whole[..at], &whole[at + length..end], &pixels, &whole[at..at + length], &whole[end..]].concat();
    assert_eq!(samples::probe("dpi-exif.png", &moved), samples::probe("dpi-exif.png", &whole));
}
