//! A receiver may say so much and no more.

use std::{fmt::Write as _, sync::Arc};

use egress::{RESPONSE_HEADERS_MAX, Request};
use tokio::{io::AsyncWriteExt, sync::Notify};

use crate::scene::{Receiver, client, hung_up, post, read_request, reset};

#[tokio::test]
async fn an_endless_body_is_left_and_its_connection_closed() {
    let closed = Arc::new(Notify::new());
    let tell = Arc::clone(&closed);
    let receiver = Receiver::start(move |_, mut stream| {
        let tell = Arc::clone(&tell);
        async move {
            read_request(&mut stream).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.unwrap();
            while stream.write_all(b"10\r\n0123456789abcdef\r\n").await.is_ok() {}
            tell.notify_one();
        }
    })
    .await;

    let response = client().send(post(&receiver.url())).await.unwrap();

    assert_eq!((response.status, response.body.len(), response.is_truncated), (200, 16 * 1024, true));
    closed.notified().await;
}

#[tokio::test]
async fn a_body_is_kept_in_part_and_read_to_its_end() {
    let receiver = Receiver::answering("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123456789").await;
    let client = client();
    let request = || Request { response_bytes_kept_max: 4, response_bytes_read_max: 10, ..post(&receiver.url()) };

    let first = client.send(request()).await.unwrap();
    let second = client.send(request()).await.unwrap();

    assert_eq!((&first.body[..], first.is_truncated), (&b"0123"[..], true));
    assert!(second.is_reused_connection, "the whole body was read");
}

#[tokio::test]
async fn a_body_beyond_what_is_read_costs_the_connection() {
    let receiver = Receiver::answering("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123456789").await;
    let client = client();
    let request = || Request { response_bytes_read_max: 9, ..post(&receiver.url()) };

    for _ in 0..2 {
        let response = client.send(request()).await.unwrap();
        assert_eq!((&response.body[..], response.is_truncated), (&b"012345678"[..], true));
    }

    assert_eq!(receiver.accepted(), 2);
}

#[tokio::test]
async fn endless_headers_are_cut_off() {
    let receiver = Receiver::start(|_, mut stream| async move {
        read_request(&mut stream).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nx-endless: ").await.unwrap();
        while stream.write_all(&[b'a'; 4096]).await.is_ok() {}
    })
    .await;

    let error = client().send(post(&receiver.url())).await.unwrap_err();

    assert_eq!(error.class(), "response_headers_too_large");
}

/// HTTP/1.1 lets a client pass over any number of them, RFC 9110 15.2; there may always be one more to read.
#[tokio::test]
async fn endless_interim_responses_are_cut_off() {
    let receiver = Receiver::start(|_, mut stream| async move {
        read_request(&mut stream).await.unwrap();
        let hints = format!("HTTP/1.1 103 Early Hints\r\nlink: {}\r\n\r\n", "a".repeat(1024)).repeat(16);
        while stream.write_all(hints.as_bytes()).await.is_ok() {}
    })
    .await;

    let error = client().send(post(&receiver.url())).await.unwrap_err();

    assert_eq!(error.class(), "protocol");
}

/// The clumsiest honest answer: as much as is read, a byte at a time.
#[tokio::test]
async fn an_answer_in_tiny_pieces_is_read_again_and_again() {
    let piece = "1\r\na\r\n".repeat(64 * 1024) + "0\r\n\r\n";
    let receiver = Receiver::start(move |_, mut stream| {
        let answer = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_owned() + &piece;
        async move {
            while read_request(&mut stream).await.is_some() {
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    })
    .await;
    let client = client();

    for is_reused in [false, true, true, true] {
        let response = client.send(post(&receiver.url())).await.unwrap();
        assert_eq!((response.status, response.is_reused_connection), (200, is_reused));
    }
}

#[tokio::test]
async fn headers_are_counted() {
    for (count, expected) in [(RESPONSE_HEADERS_MAX, "ok"), (RESPONSE_HEADERS_MAX + 1, "response_headers_too_large")] {
        let receiver = Receiver::start(move |_, mut stream| async move {
            read_request(&mut stream).await.unwrap();
            let mut head = String::from("HTTP/1.1 200 OK\r\n");
            (1..count).for_each(|n| write!(head, "x-{n}: a\r\n").unwrap());
            stream.write_all((head + "content-length: 0\r\n\r\n").as_bytes()).await.unwrap();
            hung_up(&mut stream).await;
        })
        .await;

        let answer = client().send(post(&receiver.url())).await;

        assert_eq!(answer.map_or_else(egress::Error::class, |_| "ok"), expected, "{count}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_answer() {
    for (is_reset, expected) in [(true, "connection_reset"), (false, "connection_closed")] {
        let receiver = Receiver::start(move |_, mut stream| async move {
            read_request(&mut stream).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n01234").await.unwrap();
            if is_reset {
                reset(stream);
            }
        })
        .await;

        let error = client().send(post(&receiver.url())).await.unwrap_err();

        assert_eq!(error.class(), expected);
    }
}

#[tokio::test]
async fn a_large_request_reaches_a_receiver_that_answers_early() {
    let receiver = Receiver::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let body = vec![b'a'; 4 * 1024 * 1024];

    let response = client().send(Request { body: body.into(), ..post(&receiver.url()) }).await.unwrap();

    assert_eq!(response.status, 200);
}
