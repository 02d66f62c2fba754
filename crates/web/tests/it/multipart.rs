//! Multipart forms: order, limits, damage, and memory.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::HeaderMap;
use web::body::{self, CHUNK_BYTES_MAX};
use web::form::{Error, Limits, Multipart};

const FORM: &str = "ignored preamble\r\n\
    --XX\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\ndemo\r\n\
    --XX\r\nContent-Disposition: form-data; name=\"file.txt\"; filename=\"tmp0001\"\r\nContent-Type: text/plain; a=b\r\n\r\n\
    line one\r\n--X not a boundary\r\n\r\n\
    --XX\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n\r\n\
    --XX\r\nContent-Disposition: form-data; filename=\"\"\r\n\r\nx\r\n--XX--\r\nepilogue";

const LIMITS: fn() -> Limits = || Limits::of_bytes(1 << 30);

fn headers(content_type: &str) -> HeaderMap {
    HeaderMap::from_iter([(http::header::CONTENT_TYPE, content_type.parse().unwrap())])
}

fn form(body: impl Into<Body>, limits: &Limits) -> Result<Multipart, Error> {
    Multipart::new(&headers("multipart/form-data; boundary=XX"), body.into(), limits)
}

/// A body that arrives in pieces of this many bytes.
fn in_pieces(text: &'static str, bytes: usize) -> Body {
    Body::from_stream(stream::iter(text.as_bytes().chunks(bytes).map(Ok::<_, Infallible>)))
}

type Seen = (String, Option<String>, Option<String>, String);

async fn read(mut form: Multipart) -> Result<Vec<Seen>, Error> {
    let mut seen = Vec::new();
    while let Some(field) = form.next_field().await? {
        let head = (field.name.clone(), field.filename.clone(), field.content_type.clone());
        seen.push((head.0, head.1, head.2, field.text().await?));
    }
    Ok(seen)
}

/// A big file as the second of three fields, from a source that is always ready and counts what it gave.
fn big(megabytes: usize, given: Arc<AtomicUsize>) -> Body {
    let head = "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n\
        --XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"big\"\r\n\r\n";
    let tail = "\r\n--XX\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n2\r\n--XX--";
    let chunk = Bytes::from(vec![b'\r'; 1 << 20]);
    let chunks = stream::repeat(chunk).take(megabytes).inspect(move |chunk| _ = given.fetch_add(chunk.len(), SeqCst));
    let pieces = stream::iter([Bytes::from(head)]).chain(chunks).chain(stream::iter([Bytes::from(tail)]));
    Body::from_stream(pieces.map(Ok::<_, Infallible>))
}

#[tokio::test]
async fn fields_come_in_order_however_the_body_is_cut() {
    let some = |text: &str| Some(text.to_owned());
    let expected = [
        ("key".to_owned(), None, None, "demo".to_owned()),
        (
            "file.txt".to_owned(),
            some("tmp0001"),
            some("text/plain; a=b"),
            "line one\r\n--X not a boundary\r\n".to_owned(),
        ),
        ("key".to_owned(), None, None, String::new()),
        (String::new(), some(""), None, "x".to_owned()),
    ];
    for bytes in 1..=FORM.len() {
        assert_eq!(read(form(in_pieces(FORM, bytes), &LIMITS()).unwrap()).await.unwrap(), expected, "{bytes}");
    }
}

#[tokio::test]
async fn a_body_cut_short_anywhere_is_an_error() {
    let end = FORM.find("--XX--").unwrap() + "--XX--".len();
    for length in 0..end {
        let result = read(form(&FORM[..length], &LIMITS()).unwrap()).await;
        assert!(matches!(result, Err(Error::Truncated | Error::BadHead)), "{length}: {result:?}");
    }
    assert!(read(form(&FORM[..end], &LIMITS()).unwrap()).await.is_ok());
}

#[tokio::test]
async fn a_big_file_streams_through_in_constant_memory() {
    let given = Arc::new(AtomicUsize::new(0));
    let mut form = form(big(64, given.clone()), &LIMITS()).unwrap();
    assert_eq!(form.next_field().await.unwrap().unwrap().text().await.unwrap(), "1");
    let mut file = form.next_field().await.unwrap().unwrap();
    let mut taken = 0;
    while let Some(piece) = file.next().await {
        let piece = piece.unwrap();
        taken += piece.len();
        assert!(!piece.is_empty() && piece.len() <= 2 * CHUNK_BYTES_MAX, "{}", piece.len());
        // The source gives a megabyte at a time; no second one is asked for while the first lasts.
        assert!(given.load(SeqCst) - taken <= (1 << 20) + 2 * CHUNK_BYTES_MAX);
    }
    assert_eq!(taken, 64 << 20);
    drop(file);
    assert_eq!(form.next_field().await.unwrap().unwrap().text().await.unwrap(), "2");
    assert!(form.next_field().await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_unread_of_a_field_is_skipped() {
    let mut form = form(big(8, Arc::default()), &LIMITS()).unwrap();
    drop(form.next_field().await.unwrap().unwrap());
    let mut file = form.next_field().await.unwrap().unwrap();
    file.next().await.unwrap().unwrap();
    drop(file);
    assert_eq!(form.next_field().await.unwrap().unwrap().name, "b");
    assert!(form.next_field().await.unwrap().is_none());
}

#[tokio::test]
async fn two_fields_at_once_are_refused() {
    let mut form = form(FORM, &LIMITS()).unwrap();
    let _held = form.next_field().await.unwrap();
    assert!(matches!(form.next_field().await, Err(Error::FieldStillOpen)));
}

#[test]
fn a_form_must_say_that_it_is_one() {
    let new = |content_type| Multipart::new(&headers(content_type), Body::empty(), &LIMITS()).unwrap_err();
    assert!(matches!(new("multipart/form-data"), Error::NoBoundary));
    assert!(matches!(new("multipart/form-data; boundary=\"\""), Error::NoBoundary));
    assert!(matches!(new("text/plain; boundary=XX"), Error::NotMultipart));
    let none = Multipart::new(&HeaderMap::new(), Body::empty(), &LIMITS()).unwrap_err();
    assert!(matches!(none, Error::NotMultipart));
}

#[tokio::test]
async fn every_limit_has_its_error() {
    let all = |limits: Limits| async move { read(form(in_pieces(FORM, 7), &limits).unwrap()).await.unwrap_err() };
    let error = all(Limits { fields_max: 3, ..LIMITS() }).await;
    assert!(matches!(error, Error::TooManyFields { fields_max: 3 }), "{error:?}");
    let error = all(Limits { text_bytes_max: 10, ..LIMITS() }).await;
    assert!(matches!(&error, Error::TextTooLarge { field, text_bytes_max: 10 } if field == "file.txt"), "{error:?}");
    let error = all(Limits::of_bytes(100)).await;
    assert!(matches!(error, Error::Body(body::Error::TooLarge { bytes_max: 100 })), "{error:?}");
    let error = form(FORM, &Limits::of_bytes(100)).unwrap_err();
    assert!(matches!(error, Error::Body(body::Error::TooLarge { bytes_max: 100 })), "refused unread");
}

#[tokio::test]
async fn names_and_types_count_as_text() {
    let part = |head: &str| format!("--XX\r\nContent-Disposition: form-data; {head}\r\n\r\n\r\n");
    let long = "n".repeat(1000);
    let limits = Limits { text_bytes_max: 2500, ..LIMITS() };
    for head in [
        format!("name=\"{long}\""),
        format!("name=f; filename=\"{long}\""),
        format!("name=f; filename=f\r\nContent-Type: {long}"),
    ] {
        let two = part(&head).repeat(2) + "--XX--";
        assert_eq!(read(form(two, &limits).unwrap()).await.unwrap().len(), 2);
        let mut three = form(part(&head).repeat(3) + "--XX--", &limits).unwrap();
        assert!(three.next_field().await.is_ok() && three.next_field().await.is_ok());
        let error = three.next_field().await.unwrap_err();
        assert!(matches!(&error, Error::TextTooLarge { field, .. } if field.len() <= 64), "{error:?}");
    }
}

#[tokio::test]
async fn heads_and_preambles_without_end_are_refused() {
    // A source that pauses after each piece must not get around the limit either.
    let endless = |start: &'static str| {
        let filler = stream::repeat(Bytes::from(vec![b'x'; 1000]));
        let pieces = stream::iter([Bytes::from(start)]).chain(filler).then(async |piece| {
            tokio::task::yield_now().await;
            Ok::<_, Infallible>(piece)
        });
        Body::from_stream(pieces)
    };
    for start in ["", "--XX\r\nContent-Disposition: form-data; name=\""] {
        let error = form(endless(start), &LIMITS()).unwrap().next_field().await.unwrap_err();
        assert!(matches!(error, Error::HeadTooLarge), "{error:?}");
    }
    let error = read(form("--XX\r\n\u{1}: bad\r\n\r\n\r\n--XX--", &LIMITS()).unwrap()).await.unwrap_err();
    assert!(matches!(error, Error::BadHead), "{error:?}");
}

#[tokio::test]
async fn a_broken_connection_is_told_from_a_short_form() {
    let broken = stream::iter([Ok(&FORM.as_bytes()[..200]), Err(std::io::Error::other("reset"))]);
    let error = read(form(Body::from_stream(broken), &LIMITS()).unwrap()).await.unwrap_err();
    assert!(matches!(error, Error::Body(body::Error::Broken(_))), "{error:?}");
}
