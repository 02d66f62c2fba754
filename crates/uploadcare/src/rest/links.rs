//! Links to a page's neighbours: the request's own query, with only the position changed.
//!
//! The texts of all other parameters stay as they came, since clients read them back: `removed=0` must not become `removed=false`.

use super::cursor::Place;
use domain::page::Order;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use web::instant::rfc3339_micros;
use web::origin::Origin;

/// The address of a neighbour. `name` is the parameter that holds its position: `from` for the next page, `to` for the previous.
pub(super) fn link(origin: &Origin, path: &str, query: &str, name: &'static str, place: Place, order: Order) -> String {
    let query = changed(query, name, place.position.map(|position| text(position, order)), place.offset);
    format!("{origin}{path}?{query}")
}

/// A parameter that is there keeps its place, one that is new is appended; the other position leaves.
fn changed(query: &str, name: &'static str, position: Option<String>, offset: i64) -> String {
    let position = position.map(|position| format!("{name}={position}"));
    let offset = format!("offset={offset}");
    let (mut new_position, mut new_offset) = (position.as_deref(), Some(offset.as_str()));
    let mut pairs: Vec<&str> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let key = pair.split('=').next().unwrap_or(pair);
        let key: Cow<'_, str> = percent_decode_str(key).decode_utf8_lossy();
        match key.as_ref() {
            key if key == name => pairs.extend(new_position.take()),
            "from" | "to" => {}
            "offset" => pairs.extend(new_offset.take()),
            _ => pairs.push(pair),
        }
    }
    pairs.extend(new_position);
    pairs.extend(new_offset);
    pairs.join("&")
}

/// A position as links spell it: a size in digits, an instant with its offset, escaped.
fn text(position: i64, order: Order) -> String {
    match order {
        Order::Size => position.to_string(),
        Order::UploadedAt => rfc3339_micros(position).replace('Z', "+00:00").replace(':', "%3A").replace('+', "%2B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_772_532_930_482_913;
    const TEXT: &str = "2026-03-03T10%3A15%3A30.482913%2B00%3A00";

    #[track_caller]
    fn check(name: &'static str, query: &str, expected: &str) {
        assert_eq!(changed(query, name, Some(text(AT, Order::UploadedAt)), 0), expected.replace('@', TEXT));
    }

    #[test]
    fn next() {
        check("from", "", "from=@&offset=0");
        check("from", "limit=100", "limit=100&from=@&offset=0");
        check("from", "limit=100&from=2020-01-01&offset=3", "limit=100&from=@&offset=0");
        check("from", "from=2020-01-01T00:00:00Z&removed=0", "from=@&removed=0&offset=0");
        check("from", "to=x&limit=2&offset=0", "limit=2&offset=0&from=@");
        check("from", "from=a&from=b&offset=1&offset=2&&x", "from=@&offset=0&x");
        check("from", "include=appdata&removed=0&a=%2F+b", "include=appdata&removed=0&a=%2F+b&from=@&offset=0");
    }

    #[test]
    fn previous() {
        check("to", "limit=100&from=x&offset=0", "limit=100&offset=0&to=@");
        check("to", "from=x", "to=@&offset=0");
        check("to", "to=x&offset=7", "to=@&offset=0");
    }

    #[test]
    fn a_place_without_a_position_has_only_an_offset() {
        assert_eq!(changed("limit=2&from=x", "from", None, 2), "limit=2&offset=2");
    }

    #[test]
    fn a_whole_link() {
        let origin = Origin { is_https: false, host: "127.0.0.1:8080".parse().unwrap() };
        let place = Place { position: Some(2048), offset: 1 };
        assert_eq!(
            link(&origin, "/files/", "ordering=-size", "from", place, Order::Size),
            "http://127.0.0.1:8080/files/?ordering=-size&from=2048&offset=1"
        );
    }
}
