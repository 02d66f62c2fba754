//! Types from bytes, in libmagic's names.

use std::io::{Cursor, Write};

use transform::sniff;

use crate::samples;

#[track_caller]
fn check(name: &str, bytes: &[u8], expected: &str) {
    assert_eq!(samples::mime(name, bytes), expected, "{name}");
}

#[test]
fn every_sample_is_what_its_name_says() {
    for name in samples::all() {
        let expected = match name.rsplit_once('.').unwrap().1 {
            "jpg" => "image/jpeg",
            "png" => "image/png",
            "gif" => "image/gif",
            "webp" => "image/webp",
            "bmp" => "image/bmp",
            "tif" => "image/tiff",
            "ico" => "image/vnd.microsoft.icon",
            "avif" => "image/avif",
            "heic" => "image/heic",
            other => panic!("a sample of kind {other}"),
        };
        check("a misleading name.txt", &samples::bytes(&name), expected);
    }
}

#[test]
fn text_is_told_by_what_it_says() {
    check("a", b"", "application/x-empty");
    check("a", b"words\n", "text/plain");
    check("a.png", "\u{feff}na\u{ef}ve".as_bytes(), "text/plain");
    check("a", b"{\"a\": [1, 2]}", "application/json");
    check("a.csv", b"a,b\n1,2\n", "text/csv");
    check("a.txt", b"<!DOCTYPE html><p>", "text/html");
    check("a.png", b"\n <!-- x --><svg onload='alert(1)'>", "image/svg+xml");
    check("a", b"<?xml version='1.0'?><note/>", "text/xml");
    check("a", b"{\\rtf1\\ansi words}", "text/rtf");
    check("a", b"#!/bin/sh\necho\n", "text/x-shellscript");
    check("a", b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", "text/vcard");
}

/// Signatures of letters begin words as well.
#[test]
fn words_are_not_pictures() {
    for text in
        ["BMW makes cars", "MZ is a prefix", "II", "GIF or PNG?", "RIFF raff", "solid advice\n", "MAC address", "PK"]
    {
        check("a", text.as_bytes(), "text/plain");
    }
}

#[test]
fn documents_are_told_from_the_archives_they_are() {
    let main = |kind: &str| format!("application/vnd.openxmlformats-officedocument.{kind}");
    let parts = |folder: &'static str| [("[Content_Types].xml", "<Types/>"), ("_rels/.rels", ""), (folder, "")];
    check("a.zip", &zip(&parts("word/document.xml")), &main("wordprocessingml.document"));
    check("a.zip", &zip(&parts("xl/workbook.xml")), &main("spreadsheetml.sheet"));
    check("a.zip", &zip(&parts("ppt/presentation.xml")), &main("presentationml.presentation"));
    check("a.docx", &zip(&[("a.txt", "words")]), "application/zip");
    check("a.zip", &zip(&[("mimetype", "application/epub+zip")]), "application/epub+zip");
}

#[test]
fn a_zip_without_its_end_is_still_one() {
    let whole = zip(&[("a.txt", "words")]);
    check("a.zip", &whole[..40], "application/zip");
}

/// Its directory is said to lie at the end of all numbers, which overflows in the library that looks for it.
#[test]
fn a_zip_that_points_beyond_all_numbers_does_no_harm() {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend([0; 30]);
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend([0xff; 8]);
    bytes.extend([1, 0, 0, 0]);
    bytes.extend(b"PK\x05\x06");
    bytes.extend([0xff; 18]);
    check("a.zip", &bytes, "application/zip");
}

#[test]
fn sound_film_and_other_things_have_their_usual_names() {
    check("a", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf");
    check("a", b"%PDF-1.7\n1 0 obj\n", "application/pdf");
    check("a", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0", "audio/x-wav");
    check("a", b"ID3\x03\0\0\0\0\0\0\xff\xfb\x90\0\0\0\0\0\0\0\0\0", "audio/mpeg");
    check("a", b"\xff\xfb\x90\x64\0\0\0\0", "audio/mpeg");
    check("a", b"fLaC\0\0\0\x22", "audio/flac");
    check("a", b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x1e\x01vorbis", "audio/ogg");
    check("a", &film(*b"isom", *b"vide"), "video/mp4");
    check("a", &film(*b"isom", *b"soun"), "audio/mp4");
    check("a", &film(*b"isom", *b"none"), "video/mp4");
    check("a", &film(*b"qt  ", *b"vide"), "video/quicktime");
    check("a", &film(*b"M4A ", *b"soun"), "audio/x-m4a");
    check("a", b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm", "video/webm");
    check(
        "a",
        b"\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska\x16\x54\xae\x6b\x89\xae\x87\x86\x85V_VP9",
        "video/x-matroska",
    );
    check("a", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "application/gzip");
    check("a", b"7z\xbc\xaf\x27\x1c\0\x04", "application/x-7z-compressed");
    check("a", b"Rar!\x1a\x07\x01\0", "application/x-rar");
    check("a", b"\x7fELF\x02\x01\x01\0", "application/x-executable");
    check("a", b"\0asm\x01\0\0\0", "application/wasm");
}

#[test]
fn what_nothing_recognises_is_bytes() {
    check("a.png", b"\x01\x02\x03\x04", sniff::UNKNOWN);
    check("a.txt", b"words\0and more", sniff::UNKNOWN);
}

#[test]
fn a_look_starts_at_the_beginning_wherever_the_reader_stands() {
    let bytes = samples::bytes("rgb.png");
    let mut reader = Cursor::new(&bytes);
    reader.set_position(20);
    assert_eq!(sniff::mime(&bytes, "a", &mut reader), "image/png");
}

/// A film of one track, as far as boxes go.
fn film(brand: [u8; 4], handler: [u8; 4]) -> Vec<u8> {
    let hdlr = in_box(*b"hdlr", &[&[0; 8], &handler[..], &[0; 13]].concat());
    let moov = in_box(*b"moov", &in_box(*b"trak", &in_box(*b"mdia", &hdlr)));
    [in_box(*b"ftyp", &[&brand[..], &[0; 4], &brand].concat()), moov].concat()
}

fn in_box(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).unwrap();
    [&length.to_be_bytes(), &kind[..], content].concat()
}

/// A ZIP of stored files (APPNOTE 6.3, 4.3), without checksums.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let at = u32::try_from(zip.len()).unwrap().to_le_bytes();
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let shared =
            [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &length, &length, &name_length, &[0, 0]].concat();
        zip.write_all(&[b"PK\x03\x04", &shared[..], name.as_bytes(), content.as_bytes()].concat()).unwrap();
        directory.extend([b"PK\x01\x02\x14\0", &shared[..], &[0; 10], &at, name.as_bytes()].concat());
    }
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    let at = u32::try_from(zip.len()).unwrap().to_le_bytes();
    [&zip[..], &directory, b"PK\x05\x06\0\0\0\0", &count, &count, &size, &at, &[0, 0]].concat()
}
