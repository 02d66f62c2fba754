//! A listener on every address there is, which remembers by which of them it was reached.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::{Ipv6Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

pub struct Trap(Arc<Mutex<BTreeSet<SocketAddr>>>);

impl Trap {
    /// Answers 200.
    pub fn set(port: u16) -> Self {
        Self::answering(port, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".to_owned())
    }

    /// Shows the way elsewhere.
    pub fn redirecting(port: u16, location: &str) -> Self {
        let head =
            format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        Self::answering(port, head)
    }

    fn answering(port: u16, answer: String) -> Self {
        // By IPv4 too: a network begins with net.ipv6.bindv6only off.
        let listener = TcpListener::bind((Ipv6Addr::UNSPECIFIED, port)).unwrap();
        let dialled = Arc::new(Mutex::new(BTreeSet::new()));
        let remembered = Arc::clone(&dialled);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let reached = stream.local_addr().unwrap();
                remembered.lock().unwrap().insert(SocketAddr::new(reached.ip().to_canonical(), reached.port()));
                serve(stream, &answer);
            }
        });
        Self(dialled)
    }

    /// The addresses by which it was reached.
    pub fn dialled(&self) -> BTreeSet<SocketAddr> {
        self.0.lock().unwrap().clone()
    }
}

/// Whoever only looked whether somebody is there has hung up.
fn serve(mut stream: TcpStream, answer: &str) {
    if stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {
        let _ = stream.write_all(answer.as_bytes());
    }
}
