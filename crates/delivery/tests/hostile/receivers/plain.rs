//! Misdeeds over plain HTTP/1.1, chosen by the path. Each lasts until the sender hangs up.

use crate::misdeeds::{Misdeed, gzip_bomb};
use std::time::Duration;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::interval;

const DRIP_EVERY: Duration = Duration::from_secs(1);

pub async fn misbehave(stream: TcpStream, trap: u16) {
    let mut stream = BufReader::new(stream);
    let Some(path) = read_request(&mut stream).await else { return };
    let misdeed = Misdeed::at(&path).expect("a path of ours");
    if misdeed == Misdeed::ResetsMidBody {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nthe first half and";
        let _ = stream.write_all(head).await;
        // Closing without lingering resets.
        let _ = stream.get_ref().set_zero_linger();
        return;
    }
    let (mut read, mut write) = tokio::io::split(stream);
    let mut scratch = [0; 1024];
    tokio::select! {
        () = commit(misdeed, &mut write, trap) => {}
        () = async { while read.read(&mut scratch).await.is_ok_and(|read| read > 0) {} } => return,
    }
    while read.read(&mut scratch).await.is_ok_and(|read| read > 0) {}
}

async fn commit(misdeed: Misdeed, write: &mut (impl AsyncWrite + Unpin), trap: u16) {
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    match misdeed {
        Misdeed::DripsHead => drip(write, "HTTP/1.1 200 OK\r\nx-slow: ").await,
        Misdeed::DripsBody => drip(write, "HTTP/1.1 200 OK\r\ncontent-length: 65536\r\n\r\n").await,
        Misdeed::EndlessBody => repeat(write, CHUNKED, "1000\r\n", &"a".repeat(0x1000), "\r\n").await,
        Misdeed::GiantHeaders => repeat(write, "HTTP/1.1 200 OK\r\n", "x-giant: ", &"a".repeat(0x1000), "\r\n").await,
        Misdeed::EndlessInterim => {
            repeat(write, "", "HTTP/1.1 103 Early Hints\r\nlink: ", &"a".repeat(0x400), "\r\n\r\n").await;
        }
        Misdeed::NeverCloses => say(write, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nand then", b"").await,
        Misdeed::GzipBomb => bomb(write).await,
        Misdeed::Redirects => {
            let answer = format!(
                "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{trap}/\r\nconnection: close\r\n\
                 content-length: 0\r\n\r\n"
            );
            say(write, &answer, b"").await;
        }
        Misdeed::ResetsMidBody | Misdeed::StallsHandshake | Misdeed::FloodsResets => {
            unreachable!("done where there is more than a stream to write to")
        }
    }
}

async fn bomb(write: &mut (impl AsyncWrite + Unpin)) {
    let body = gzip_bomb();
    let length = body.len();
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    say(write, &head, &body).await;
}

/// A sender that has hung up is noticed by who reads.
async fn say(write: &mut (impl AsyncWrite + Unpin), head: &str, body: &[u8]) {
    let _ = write.write_all(&[head.as_bytes(), body].concat()).await;
}

async fn drip(write: &mut (impl AsyncWrite + Unpin), head: &str) {
    let mut drops = interval(DRIP_EVERY);
    say(write, head, b"").await;
    while write.write_all(b".").await.is_ok() {
        drops.tick().await;
    }
}

async fn repeat(write: &mut (impl AsyncWrite + Unpin), head: &str, before: &str, piece: &str, after: &str) {
    say(write, head, b"").await;
    let pieces = [before, piece, after].concat().repeat(16);
    while write.write_all(pieces.as_bytes()).await.is_ok() {}
}

/// Reads one request whole; answers its path, or nothing if the sender hung up.
async fn read_request(stream: &mut (impl AsyncBufRead + Unpin)) -> Option<String> {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let from = head.len();
        if stream.read_line(&mut head).await.ok()? == 0 {
            return None;
        }
        let line = head[from..].trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
    }
    stream.read_exact(&mut vec![0; length]).await.ok()?;
    head.split(' ').nth(1).map(str::to_owned)
}
