//! Connections are kept, and a kept one that died in its sleep is replaced without a word.

use std::{sync::Arc, time::Duration};

use egress::{Client, Settings};
use tokio::{io::AsyncWriteExt, sync::Notify};

use crate::scene::{OK, Receiver, client, hung_up, post, read_request, reset, settings};

#[tokio::test]
async fn a_second_request_takes_the_same_connection() {
    let receiver = Receiver::answering(OK).await;
    let client = client();

    let first = client.send(post(&receiver.url())).await.unwrap();
    let second = client.clone().send(post(&receiver.url())).await.unwrap();

    assert!(!first.is_reused_connection && second.is_reused_connection);
    assert!(first.timings.connect.is_some() && first.timings.resolve.is_some() && first.timings.tls.is_none());
    assert!(second.timings.connect.is_none() && second.timings.resolve.is_none());
    assert!(second.timings.first_byte <= second.timings.total);
    assert_eq!(receiver.accepted(), 1);
}

#[tokio::test]
async fn requests_at_once_have_connections_of_their_own() {
    let receiver = Receiver::answering(OK).await;
    let client = client();

    let (one, two) = tokio::join!(client.send(post(&receiver.url())), client.send(post(&receiver.url())));

    assert!(one.is_ok() && two.is_ok());
    assert_eq!(receiver.accepted(), 2);
}

#[tokio::test]
async fn a_receiver_that_says_close_is_not_kept() {
    let receiver = Receiver::answering("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await;
    let client = client();

    for _ in 0..2 {
        assert!(!client.send(post(&receiver.url())).await.unwrap().is_reused_connection);
    }

    assert_eq!(receiver.accepted(), 2);
}

#[tokio::test]
async fn an_idle_connection_is_closed_in_time() {
    let closed = Arc::new(Notify::new());
    let tell = Arc::clone(&closed);
    let receiver = Receiver::start(move |_, mut stream| {
        let tell = Arc::clone(&tell);
        async move {
            read_request(&mut stream).await.unwrap();
            stream.write_all(OK.as_bytes()).await.unwrap();
            hung_up(&mut stream).await;
            tell.notify_one();
        }
    })
    .await;
    let client = Client::new(Settings { idle_timeout: Duration::from_millis(20), ..settings(&["127.0.0.1"]) }).unwrap();

    client.send(post(&receiver.url())).await.unwrap();

    closed.notified().await;
}

#[tokio::test]
async fn only_so_many_idle_connections_are_kept() {
    let receiver = Receiver::answering(OK).await;
    let client = Client::new(Settings { idle_per_host_max: 1, ..settings(&["127.0.0.1"]) }).unwrap();
    let pair = || async { tokio::join!(client.send(post(&receiver.url())), client.send(post(&receiver.url()))) };

    let ((one, two), (three, four)) = (pair().await, pair().await);

    let reused = [one, two, three, four].map(|answer| answer.unwrap().is_reused_connection);
    assert_eq!(reused.iter().filter(|is_reused| **is_reused).count(), 1);
    assert_eq!(receiver.accepted(), 3);
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_meanwhile_is_not_used() {
    let closed = Arc::new(Notify::new());
    let tell = Arc::clone(&closed);
    let receiver = Receiver::start(move |_, mut stream| {
        let tell = Arc::clone(&tell);
        async move {
            read_request(&mut stream).await.unwrap();
            stream.write_all(OK.as_bytes()).await.unwrap();
            drop(stream);
            tell.notify_one();
        }
    })
    .await;
    let client = client();
    client.send(post(&receiver.url())).await.unwrap();
    closed.notified().await;

    assert!(!client.send(post(&receiver.url())).await.unwrap().is_reused_connection);
}

#[tokio::test]
async fn a_reset_before_any_byte_on_a_kept_connection_is_tried_once_more() {
    // The first connection serves one request, takes the second, and resets without a word.
    let receiver = Receiver::start(|number, mut stream| async move {
        while read_request(&mut stream).await.is_some() {
            stream.write_all(OK.as_bytes()).await.unwrap();
            if number == 1 {
                read_request(&mut stream).await.unwrap();
                return reset(stream);
            }
        }
    })
    .await;
    let client = client();
    client.send(post(&receiver.url())).await.unwrap();

    let second = client.send(post(&receiver.url())).await.unwrap();

    assert_eq!((second.status, second.is_reused_connection), (200, false));
    assert_eq!(receiver.accepted(), 2);
}

#[tokio::test]
async fn the_second_try_is_the_last() {
    let receiver = Receiver::start(|number, mut stream| async move {
        read_request(&mut stream).await.unwrap();
        if number == 1 {
            stream.write_all(OK.as_bytes()).await.unwrap();
            read_request(&mut stream).await.unwrap();
        }
        reset(stream);
    })
    .await;
    let client = client();
    client.send(post(&receiver.url())).await.unwrap();

    let error = client.send(post(&receiver.url())).await.unwrap_err();

    assert_eq!(error.class(), "connection_reset");
    assert_eq!(receiver.accepted(), 2);
}

#[tokio::test]
async fn a_receiver_that_began_to_answer_is_not_asked_again() {
    let receiver = Receiver::start(|_, mut stream| async move {
        read_request(&mut stream).await.unwrap();
        stream.write_all(OK.as_bytes()).await.unwrap();
        read_request(&mut stream).await.unwrap();
        stream.write_all(b"HTTP/1.1 2").await.unwrap();
    })
    .await;
    let client = client();
    client.send(post(&receiver.url())).await.unwrap();

    let error = client.send(post(&receiver.url())).await.unwrap_err();

    assert_eq!(error.class(), "connection_closed");
    assert_eq!(receiver.accepted(), 1);
}

#[tokio::test]
async fn a_reset_on_a_new_connection_is_told() {
    let receiver = Receiver::start(|_, mut stream| async move {
        read_request(&mut stream).await.unwrap();
        reset(stream);
    })
    .await;

    let error = client().send(post(&receiver.url())).await.unwrap_err();

    assert_eq!(error.class(), "connection_reset");
    assert_eq!(receiver.accepted(), 1);
}
