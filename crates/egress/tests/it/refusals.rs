//! Whom we do not call, however they are spelled and whatever the name server says.

use std::{
    io::ErrorKind::WouldBlock,
    net::{IpAddr, Ipv4Addr, TcpListener},
};

use egress::{Client, Resolver, Settings, Table, Target};

use crate::scene::{Receiver, client, post, settings};

const CLOSE: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// Plays a public address: only this one is allowed.
const OUTSIDE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Plays an address inside; loopback answers on all of 127/8.
const INSIDE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

#[tokio::test]
async fn loopback_is_refused_in_every_spelling() {
    let trap = Trap::set(Ipv4Addr::LOCALHOST.into(), 0);
    let client = Client::new(Settings::default()).unwrap();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.1",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "１２７.０.０.１",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "0",
        "0.0.0.0",
        "[::]",
        "[::1]",
        "localhost",
        "LOCALHOST.",
        "a.localhost",
    ] {
        let request = post(&format!("http://{host}:{}/", trap.port()));
        assert_eq!(client.check(&request.target).unwrap_err().class(), "blocked_address", "{host}");
        assert_eq!(client.send(request).await.unwrap_err().class(), "blocked_address", "{host}");
    }
    trap.is_untouched();
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused() {
    let trap = Trap::set(INSIDE, 0);
    let table = Table::default().with("hooks.example", [vec![INSIDE]]).with("hooks.example.", [vec![INSIDE]]);
    let client = resolving(&[], &table);
    for host in ["hooks.example", "HOOKS.example", "hooks.example."] {
        let request = post(&format!("http://{host}:{}/", trap.port()));
        assert!(client.check(&request.target).is_ok(), "a name says nothing before it is resolved");
        assert_eq!(client.send(request).await.unwrap_err().class(), "blocked_address", "{host}");
    }
    trap.is_untouched();
}

#[tokio::test]
async fn a_name_rebound_to_the_inside_is_refused() {
    let receiver = Receiver::answering(CLOSE).await;
    let trap = Trap::set(INSIDE, receiver.address.port());
    let table = Table::default().with("hooks.example", [vec![OUTSIDE], vec![INSIDE]]);
    let client = resolving(&["127.0.0.1"], &table);
    let request = post(&format!("http://hooks.example:{}/", receiver.address.port()));

    assert_eq!(client.send(request.clone()).await.unwrap().remote_address, Some(receiver.address));
    assert_eq!(client.send(request).await.unwrap_err().class(), "blocked_address");

    trap.is_untouched();
    assert_eq!((receiver.accepted(), table.asked("hooks.example")), (1, 2));
}

#[tokio::test]
async fn one_address_inside_condemns_the_name() {
    let receiver = Receiver::answering(CLOSE).await;
    let trap = Trap::set(INSIDE, receiver.address.port());
    for answer in [vec![OUTSIDE, INSIDE], vec![INSIDE, OUTSIDE]] {
        let client = resolving(&["127.0.0.1"], &Table::default().with("hooks.example", [answer]));

        let error = client.send(post(&format!("http://hooks.example:{}/", trap.port()))).await.unwrap_err();

        assert_eq!(error.class(), "blocked_address");
    }
    trap.is_untouched();
    assert_eq!(receiver.accepted(), 0);
}

#[tokio::test]
async fn a_kept_connection_asks_no_resolver() {
    let receiver = Receiver::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let table = Table::default().with("hooks.example", [vec![OUTSIDE]]);
    let client = resolving(&["127.0.0.1"], &table);

    for _ in 0..3 {
        client.send(post(&format!("http://hooks.example:{}/", receiver.address.port()))).await.unwrap();
    }

    assert_eq!(table.asked("hooks.example"), 1);
}

#[tokio::test]
async fn the_next_address_is_tried_when_one_refuses() {
    let receiver = Receiver::answering(CLOSE).await;
    let table = Table::default().with("hooks.example", [vec![INSIDE, OUTSIDE]]);
    let client = resolving(&["127.0.0.0/8"], &table);

    let response = client.send(post(&format!("http://hooks.example:{}/", receiver.address.port()))).await.unwrap();

    assert_eq!(response.remote_address, Some(receiver.address));
}

#[tokio::test]
async fn an_allowed_name_may_lead_inside_at_its_port() {
    let receiver = Receiver::answering(CLOSE).await;
    let port = receiver.address.port();
    let table = Table::default().with("hooks.internal", [vec![OUTSIDE]]).with("hooks.internal.", [vec![OUTSIDE]]);
    let send =
        async |rule: &str, host: &str| resolving(&[rule], &table).send(post(&format!("http://{host}:{port}/"))).await;

    for (rule, host) in [
        ("hooks.internal", "hooks.internal"),
        (&*format!("hooks.internal:{port}"), "hooks.internal."),
        ("*.internal", "HOOKS.internal"),
    ] {
        assert_eq!(send(rule, host).await.unwrap().status, 200, "{rule} {host}");
    }
    for rule in ["hooks.internal:1", "internal", "*.hooks.internal"] {
        assert_eq!(send(rule, "hooks.internal").await.unwrap_err().class(), "blocked_address", "{rule}");
    }
    assert_eq!(receiver.accepted(), 3);
}

#[tokio::test]
async fn a_redirect_inside_is_an_answer_and_goes_nowhere() {
    let trap = Trap::set(INSIDE, 0);
    let receiver = Receiver::start({
        let port = trap.port();
        move |_, mut stream| async move {
            crate::scene::read_request(&mut stream).await.unwrap();
            let answer =
                format!("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2:{port}/\r\ncontent-length: 0\r\n\r\n");
            tokio::io::AsyncWriteExt::write_all(&mut stream, answer.as_bytes()).await.unwrap();
        }
    })
    .await;

    let response = Client::new(settings(&["127.0.0.0/8"])).unwrap().send(post(&receiver.url())).await.unwrap();

    assert_eq!(response.status, 302);
    trap.is_untouched();
}

#[tokio::test]
async fn our_own_listeners_are_refused() {
    let trap = Trap::set(OUTSIDE, 0);
    let own_addresses = vec![(Ipv4Addr::UNSPECIFIED, trap.port()).into()];
    let client = Client::new(Settings { own_addresses, ..settings(&["127.0.0.0/8"]) }).unwrap();
    let request = post(&format!("http://127.0.0.1:{}/", trap.port()));

    assert_eq!(client.check(&request.target).unwrap_err().class(), "blocked_address");
    assert_eq!(client.send(request).await.unwrap_err().class(), "blocked_address");
    trap.is_untouched();
}

#[tokio::test]
async fn a_name_nobody_knows_is_a_dns_error() {
    let table = Table::default().with("empty.example", [vec![]]);
    for url in ["http://unknown.example/", "http://empty.example/"] {
        assert_eq!(resolving(&[], &table).send(post(url)).await.unwrap_err().class(), "dns");
    }
    // RFC 6761: never resolves, by the system's resolver either.
    assert_eq!(client().send(post("http://hooks.invalid/")).await.unwrap_err().class(), "dns");
}

#[test]
fn what_is_told_of_a_refusal_names_no_address() {
    let client = Client::new(Settings::default()).unwrap();
    let error = client.check(&Target::parse("http://10.1.2.3:8443/").unwrap()).unwrap_err();
    let told = format!("{error} {error:?} {}", error.class());
    assert!(!told.contains("10.1") && !told.contains("8443"), "{told}");
}

fn resolving(rules: &[&str], table: &Table) -> Client {
    Client::with_resolver(settings(rules), Resolver::Table(table.clone())).unwrap()
}

/// A listener that must never be dialled. The kernel accepts for it, so a connection would be waiting.
struct Trap(TcpListener);

impl Trap {
    fn set(address: IpAddr, port: u16) -> Self {
        let listener = TcpListener::bind((address, port)).unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    fn is_untouched(&self) {
        assert_eq!(self.0.accept().unwrap_err().kind(), WouldBlock);
    }
}
