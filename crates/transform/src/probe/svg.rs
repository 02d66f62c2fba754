//! SVG: the size its root element asks for, by a tolerant scan of its attributes.
//!
//! Not an XML parser: entities are not expanded, and styles that set a size are not looked at. Sizes in CSS pixels are
//! rounded. Without a usable `width` and `height` the `viewBox` decides; without that, what CSS gives an image of no
//! size of its own: 300 by 150 (<https://www.w3.org/TR/css-images-3/#default-object-size>).

use std::io::{Read, Seek};

use super::{ColorMode, Image};
use crate::limits::SVG_BYTES_MAX;
use crate::sniff::markup;
use crate::walk::Walk;

const DEFAULT_WIDTH: f64 = 300.0;
const DEFAULT_HEIGHT: f64 = 150.0;

pub(super) fn image<R: Read + Seek>(walk: &mut Walk<'_, R>) -> Option<Image> {
    let head = walk.up_to(SVG_BYTES_MAX)?;
    let root = markup::root(&head)?;
    if !root.is_named("svg") {
        return None;
    }
    let (width, height) = size(&String::from_utf8_lossy(root.attributes));
    Image::new("SVG", pixels(width)?, pixels(height)?, ColorMode::Rgba)
}

fn size(attributes: &str) -> (f64, f64) {
    let width = attribute(attributes, "width").and_then(length);
    let height = attribute(attributes, "height").and_then(length);
    let view = attribute(attributes, "viewBox").and_then(view_box);
    match (width, height, view) {
        (Some(width), Some(height), _) => (width, height),
        (Some(width), None, Some((across, down))) => (width, width * down / across),
        (None, Some(height), Some((across, down))) => (height * across / down, height),
        (None, None, Some(view)) => view,
        (width, height, None) => (width.unwrap_or(DEFAULT_WIDTH), height.unwrap_or(DEFAULT_HEIGHT)),
    }
}

fn pixels(length: f64) -> Option<u32> {
    let whole = length.round().max(1.0);
    (whole <= f64::from(u32::MAX)).then_some(whole as u32)
}

/// The value of an attribute of this very name.
fn attribute<'a>(mut attributes: &'a str, wanted: &str) -> Option<&'a str> {
    loop {
        let (name, rest) = attributes.split_once('=')?;
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        let (value, rest) = rest[1..].split_once(quote)?;
        if name.trim() == wanted {
            return Some(value.trim());
        }
        attributes = rest;
    }
}

/// A positive length in CSS pixels (CSS Values 4, 6.2). Relative ones have nothing to relate to here.
fn length(text: &str) -> Option<f64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let pixels_per_unit = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "q" => 96.0 / 101.6,
        _ => return None,
    };
    digits
        .parse::<f64>()
        .ok()
        .map(|number| number * pixels_per_unit)
        .filter(|length| length.is_finite() && *length > 0.0)
}

/// The last two of its four numbers.
fn view_box(text: &str) -> Option<(f64, f64)> {
    let numbers = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|number| !number.is_empty());
    let numbers: Vec<f64> = numbers.map_while(|number| number.parse().ok()).take(5).collect();
    let [_, _, across, down] = numbers[..] else { return None };
    (across.is_finite() && down.is_finite() && across > 0.0 && down > 0.0).then_some((across, down))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(attributes: &str, expected: (f64, f64)) {
        assert_eq!(size(attributes), expected, "{attributes}");
    }

    #[test]
    fn width_and_height_outrank_the_view_box() {
        check(r#" width="10" height="20" viewBox="0 0 1 1""#, (10.0, 20.0));
        check(r" width = '10px' height='20PX'", (10.0, 20.0));
        check(r#" data-width="9" xmlns:width="9" width="10" height="20""#, (10.0, 20.0));
        check(r#" title="width=9" width="10" height="20""#, (10.0, 20.0));
    }

    #[test]
    fn the_view_box_fills_in() {
        check(r#" viewBox="0 0 24 12""#, (24.0, 12.0));
        check(r#" viewBox="-1,-1,24,12" width="100%" height="100%""#, (24.0, 12.0));
        check(r#" viewBox="0 0 24 12" width="48""#, (48.0, 24.0));
        check(r#" viewBox="0 0 24 12" height="48""#, (96.0, 48.0));
        check(r#" viewBox="0 0 0 12" height="48""#, (300.0, 48.0));
    }

    #[test]
    fn without_a_size_it_is_what_css_gives() {
        check("", (300.0, 150.0));
        check(r#" width="auto" height="-3""#, (300.0, 150.0));
        check(r#" width="10"#, (300.0, 150.0));
        check(r" width=10 height=20", (300.0, 150.0));
    }

    #[test]
    fn units_become_pixels() {
        for (text, expected) in [("1in", 96.0), ("72pt", 96.0), ("6pc", 96.0), ("2.54cm", 96.0), ("25.4mm", 96.0)] {
            let found = length(text);
            assert!(found.is_some_and(|found| (found - expected).abs() < 1e-9), "{text}: {found:?}");
        }
        assert_eq!(length("3em"), None);
        assert_eq!(length("1e999"), None);
        assert_eq!(length("NaN"), None);
        assert_eq!(length("inf"), None);
    }
}
