//! Every wait ends, and a wait that is given up frees what it held.

use std::{sync::Arc, time::Duration};

use egress::{Client, Request, Settings};
use tokio::{io::AsyncWriteExt, sync::Notify, time::interval};

use crate::scene::{Receiver, SHORT, client, hung_up, post, read_request, settings};

#[tokio::test]
async fn a_receiver_that_never_answers_runs_into_the_deadline() {
    let (receiver, closed) = silent().await;

    let error = client().send(Request { timeout: SHORT, ..post(&receiver.url()) }).await.unwrap_err();

    assert_eq!(error.class(), "timeout");
    closed.notified().await;
}

#[tokio::test]
async fn a_slow_drip_runs_into_the_same_deadline() {
    let receiver = Receiver::start(|_, mut stream| async move {
        read_request(&mut stream).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 65536\r\n\r\n").await.unwrap();
        let mut drops = interval(Duration::from_millis(5));
        while stream.write_all(b".").await.is_ok() {
            drops.tick().await;
        }
    })
    .await;

    let error = client().send(Request { timeout: SHORT, ..post(&receiver.url()) }).await.unwrap_err();

    assert_eq!(error.class(), "timeout");
}

#[tokio::test]
async fn a_stalled_handshake_runs_into_the_deadline_for_connecting() {
    let receiver = Receiver::start(|_, mut stream| async move { hung_up(&mut stream).await }).await;
    let client = Client::new(Settings { connect_timeout: SHORT, ..settings(&["127.0.0.1"]) }).unwrap();

    let error = client.send(post(&format!("https://{}/", receiver.address))).await.unwrap_err();

    assert_eq!(error.class(), "connect_timeout");
}

#[tokio::test]
async fn a_request_given_up_closes_its_connection() {
    let (asked, closed) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell_asked, tell_closed) = (Arc::clone(&asked), Arc::clone(&closed));
    let receiver = Receiver::start(move |_, mut stream| {
        let (asked, closed) = (Arc::clone(&tell_asked), Arc::clone(&tell_closed));
        async move {
            read_request(&mut stream).await.unwrap();
            asked.notify_one();
            hung_up(&mut stream).await;
            closed.notify_one();
        }
    })
    .await;
    let client = client();

    tokio::select! {
        answer = client.send(post(&receiver.url())) => panic!("nobody answered, but got {answer:?}"),
        () = asked.notified() => {}
    }

    closed.notified().await;
}

#[tokio::test]
async fn nobody_listening_is_a_refusal() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);

    assert_eq!(client().send(post(&url)).await.unwrap_err().class(), "connect_refused");
}

/// A receiver that reads and says nothing, and the moment its sender hung up.
async fn silent() -> (Receiver, Arc<Notify>) {
    let closed = Arc::new(Notify::new());
    let tell = Arc::clone(&closed);
    let receiver = Receiver::start(move |_, mut stream| {
        let tell = Arc::clone(&tell);
        async move {
            hung_up(&mut stream).await;
            tell.notify_one();
        }
    })
    .await;
    (receiver, closed)
}
