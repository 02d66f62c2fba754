//! What is sent, byte by byte, and what is made of the answer.

use std::sync::Mutex;

use egress::{Client, Request};
use http::{HeaderValue, Method};
use tokio::{io::AsyncWriteExt, sync::mpsc};

use crate::scene::{OK, Receiver, client, post, read_request, settings};

#[tokio::test]
async fn a_request_is_sent_as_given_and_nothing_is_added() {
    let (receiver, mut seen) = recorder().await;
    let mut request = post(&format!("http://{}/a/b?c=d#e", receiver.address));
    request.headers.insert("x-uc-signature", HeaderValue::from_static("v1=ab"));

    let response = client().send(request).await.unwrap();

    let expected = format!(
        "POST /a/b?c=d HTTP/1.1\r\nx-uc-signature: v1=ab\r\nhost: {}\r\ncontent-length: 7\r\n\r\n{{\"a\":1}}",
        receiver.address
    );
    assert_eq!(seen.recv().await.unwrap(), expected);
    assert_eq!((response.status, &response.body[..], response.is_truncated), (200, &b"ok"[..], false));
    assert_eq!(response.headers["content-length"], "2");
    assert_eq!(response.remote_address, Some(receiver.address));
}

#[tokio::test]
async fn headers_that_frame_a_message_are_ours() {
    let (receiver, mut seen) = recorder().await;
    let mut request = post(&receiver.url());
    for name in
        ["host", "content-length", "transfer-encoding", "connection", "te", "expect", "accept-encoding", "upgrade"]
    {
        request.headers.insert(name, HeaderValue::from_static("gzip"));
    }

    client().send(request).await.unwrap();

    let seen = seen.recv().await.unwrap();
    assert!(!seen.contains("gzip"), "{seen}");
}

#[tokio::test]
async fn a_get_has_no_body() {
    let (receiver, mut seen) = recorder().await;

    client().send(Request { method: Method::GET, body: [].as_slice().into(), ..post(&receiver.url()) }).await.unwrap();

    let expected = format!("GET /hook HTTP/1.1\r\nhost: {}\r\n\r\n", receiver.address);
    assert_eq!(seen.recv().await.unwrap(), expected);
}

#[tokio::test]
async fn a_compressed_answer_stays_compressed() {
    let receiver =
        Receiver::answering("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\n\x1f\x08!").await;

    let response = client().send(post(&receiver.url())).await.unwrap();

    assert_eq!(&response.body[..], b"\x1f\x08!");
}

#[tokio::test]
async fn a_chunked_body_is_joined() {
    let receiver = Receiver::answering(
        "HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    )
    .await;

    let response = client().send(post(&receiver.url())).await.unwrap();

    assert_eq!((response.status, &response.body[..], response.is_truncated), (201, &b"abcde"[..], false));
}

#[tokio::test]
async fn a_body_without_length_ends_with_the_connection() {
    let receiver = Receiver::start(|_, mut stream| async move {
        read_request(&mut stream).await.unwrap();
        stream.write_all(b"HTTP/1.0 200 OK\r\n\r\nuntil the end").await.unwrap();
    })
    .await;

    let response = client().send(post(&receiver.url())).await.unwrap();

    assert_eq!(&response.body[..], b"until the end");
}

#[tokio::test]
async fn an_interim_response_is_passed_over() {
    let receiver =
        Receiver::answering("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n").await;

    assert_eq!(client().send(post(&receiver.url())).await.unwrap().status, 204);
}

#[tokio::test]
async fn what_is_not_http_is_a_protocol_error() {
    for answer in
        ["SSH-2.0-OpenSSH_9.9\r\n\r\n", "HTTP/1.1 99999 ?\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"]
    {
        let receiver = Receiver::answering(answer).await;

        let error = client().send(post(&receiver.url())).await.unwrap_err();

        assert_eq!(error.class(), "protocol", "{answer}");
    }
}

#[tokio::test]
async fn an_ipv6_receiver_is_reached_by_its_brackets() {
    let Ok(listener) = tokio::net::TcpListener::bind("[::1]:0").await else {
        return; // a machine without IPv6
    };
    let address = listener.local_addr().unwrap();
    let client = Client::new(settings(&["::1"])).unwrap();
    let answer = tokio::spawn(async move { client.send(post(&format!("http://[0:0::1]:{}/", address.port()))).await });
    let (mut stream, _) = listener.accept().await.unwrap();
    let seen = read_request(&mut stream).await.unwrap();
    stream.write_all(OK.as_bytes()).await.unwrap();

    assert!(seen.contains(&format!("host: {address}\r\n")), "{seen}");
    assert_eq!(answer.await.unwrap().unwrap().remote_address, Some(address));
}

/// A receiver that answers well, and what it was sent.
async fn recorder() -> (Receiver, mpsc::UnboundedReceiver<String>) {
    let (tell, seen) = mpsc::unbounded_channel();
    let tell = Mutex::new(tell);
    let receiver = Receiver::start(move |_, mut stream| {
        let tell = tell.lock().unwrap().clone();
        async move {
            while let Some(request) = read_request(&mut stream).await {
                tell.send(request).unwrap();
                stream.write_all(OK.as_bytes()).await.unwrap();
            }
        }
    })
    .await;
    (receiver, seen)
}
