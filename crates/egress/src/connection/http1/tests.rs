//! The moment between choosing a kept connection and using it.
#![allow(clippy::unwrap_used)]

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::*;
use crate::{meter::Metered, stream::Carrier, target::Target};

#[tokio::test]
async fn a_connection_closed_just_before_its_use_is_told_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (mut connection, mut receiver) = connect(&listener).await;
    let request = || Request::post(Target::parse("http://a.example/").unwrap(), http::HeaderMap::new(), "{}".into());
    let answering = tokio::spawn(async move {
        let _ = receiver.read(&mut [0; 1024]).await.unwrap();
        receiver.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        receiver
    });
    connection = connection.exchange(request()).await.ok().unwrap().1.unwrap();

    drop(answering.await.unwrap());
    let mut later = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    drop(listener.accept().await.unwrap());
    // Once this goodbye has come through the reactor, the one before it has too.
    assert_eq!(later.read(&mut [0; 1]).await.unwrap(), 0);
    let failure = connection.exchange(request()).await.err().unwrap();

    assert!(failure.is_unheard);
}

async fn connect(listener: &TcpListener) -> (Box<Http1>, TcpStream) {
    let address = listener.local_addr().unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    let (stream, allowance) = Metered::new(stream);
    let (stream, heard) = Stream::new(Carrier::Plain(stream));
    let connection = Http1::open(TokioIo::new(stream), heard, allowance, address).await.unwrap();
    (Box::new(connection), listener.accept().await.unwrap().0)
}
