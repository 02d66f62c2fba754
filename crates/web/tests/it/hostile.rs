//! Whatever callers send, the reading functions answer; they do not panic, hang, or make up what cannot be written back.

use axum::body::Body;
use futures_util::stream;
use http::{HeaderMap, HeaderValue, Method, header};
use proptest::collection::vec;
use proptest::prelude::*;
use web::conditional::{Representation, Verdict, evaluate};
use web::form::{Limits, Multipart};
use web::instant::{http_date, parse_http_date, parse_iso8601, rfc3339_micros};
use web::params::Params;
use web::tree::Tree;
use web::{client_ip, disposition};

/// The first and last instants of four-digit years.
const WRITABLE: std::ops::RangeInclusive<i64> = -62_167_219_200_000_000..=253_402_300_799_999_999;

/// Bytes that look enough like a form to get somewhere in the parser.
fn nearly_a_form() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let words = [
        "--",
        "XX",
        "--XX",
        "\r\n",
        "\r\n--XX",
        "\r",
        "name=\"a\"",
        "Content-Disposition: form-data; ",
        ": ",
        " ",
        "x",
    ];
    let piece = prop_oneof![
        proptest::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec()),
        vec(any::<u8>(), 0..9)
    ];
    vec(piece, 0..60)
}

async fn read(pieces: Vec<Vec<u8>>) {
    let body = Body::from_stream(stream::iter(pieces.into_iter().map(Ok::<_, std::convert::Infallible>)));
    let headers =
        HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=XX"))]);
    let mut form = Multipart::new(&headers, body, &Limits::of_bytes(1000)).unwrap();
    while let Ok(Some(field)) = form.next_field().await {
        _ = field.text().await;
    }
}

proptest! {
    #[test]
    fn forms(pieces in nearly_a_form()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(read(pieces));
    }

    #[test]
    fn names(query in "([\\[\\]ab=&%]|%5B|\\[\\]|\\PC){0,40}") {
        _ = Tree::from_params(&Params::parse(query.as_bytes()).unwrap());
    }

    #[test]
    fn dates(text in "[0-9TZ:+., a-zé-]{0,40}", instant in WRITABLE) {
        _ = (parse_iso8601(&text), parse_http_date(&text));
        prop_assert_eq!(parse_iso8601(&rfc3339_micros(instant)), Ok(instant));
        prop_assert_eq!(parse_http_date(&http_date(instant)), Ok(instant.div_euclid(1_000_000) * 1_000_000));
    }

    #[test]
    fn file_names(name in "\\PC{0,40}", header in vec(any::<u8>(), 0..60)) {
        _ = disposition::read(&header);
        let written = disposition::write(disposition::Kind::Inline, Some(&name));
        let read = disposition::read(written.as_bytes()).filename;
        prop_assert_eq!(read.unwrap_or_default(), name);
    }

    #[test]
    fn conditions(range in "(bytes=)?[0-9,-]{0,25}", tags in "[W/\"a*, ]{0,20}", size in 0..40_u64) {
        let headers = HeaderMap::from_iter([
            (header::RANGE, HeaderValue::try_from(range).unwrap()),
            (header::IF_NONE_MATCH, HeaderValue::try_from(tags).unwrap()),
        ]);
        let representation = Representation { etag: Some("\"a\""), modified_at: None, size };
        if let Verdict::Partial(range) = evaluate(&Method::GET, &headers, &representation) {
            prop_assert!(range.start < range.end && range.end <= size);
        }
    }

    #[test]
    fn hops(hops in "[0-9a-f:.,\\[\\] ]{0,40}") {
        let proxies = client_ip::TrustedProxies::new(&["0.0.0.0/0", "::/0"], client_ip::ForwardedBy::XForwarded).unwrap();
        let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), HeaderValue::try_from(hops).unwrap())]);
        _ = proxies.client_ip("127.0.0.1".parse().unwrap(), &headers);
    }
}
