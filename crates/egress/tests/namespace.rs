//! Whom we do not call, counted by the kernel: not one packet leaves for a forbidden address.
//!
//! Each test runs in a network of its own, where every address there is leads to this machine, so that whatever is dialled is sent,
//! counted and answered. That is shown too: an ordinary connection to the same addresses is seen. Where such a network cannot be had the
//! tests are left out with a line that says so; with `CI=true` that is a failure.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "namespace/counters.rs"]
mod counters;
#[path = "namespace/forbidden.rs"]
mod forbidden;
#[path = "namespace/names.rs"]
mod names;
#[path = "namespace/room.rs"]
mod room;
#[path = "namespace/trap.rs"]
mod trap;

use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr, TcpStream},
    time::Duration,
};

use bytes::Bytes;
use egress::{Client, Request, Resolver, Response, Settings, Table, Target};
use http::HeaderMap;

use counters::{opened, packets};
use names::NameServer;
use trap::Trap;

/// Public addresses. Here they lead to the trap, like all others.
const PUBLIC: [&str; 2] = ["8.8.8.8", "2606:4700:4700::1111"];

/// Where the trap listens, and where nobody does.
const OPEN: u16 = 80;
const SHUT: u16 = 81;

#[test]
fn forbidden_addresses_are_sent_nothing() {
    room::enter("forbidden_addresses_are_sent_nothing", async {
        let trap = Trap::set(OPEN);
        let client = Client::new(Settings::default()).unwrap();
        let addresses = forbidden::addresses();
        let mut told = BTreeSet::new();

        for address in &addresses {
            for target in [url("http", address, OPEN), url("http", address, SHUT), url("https", address, OPEN)] {
                let error = send(&client, &target).await.unwrap_err();
                told.insert((error.class(), error.to_string(), format!("{error:?}")));
                assert_eq!(error.class(), "blocked_address", "{target}");
            }
        }

        assert_eq!(packets(), 0);
        assert_eq!(told.len(), 1, "the same is told whether anyone listens or not: {told:?}");
        allowed_targets_are_counted(&client, &trap).await;
        ordinary_connections_are_counted(&addresses);
    });
}

#[test]
fn names_that_lead_inside_are_sent_nothing() {
    room::enter("names_that_lead_inside_are_sent_nothing", async {
        let trap = Trap::set(OPEN);
        let public: Vec<IpAddr> = PUBLIC.iter().map(|address| address.parse().unwrap()).collect();
        let mut told = BTreeSet::new();
        for inside in forbidden::addresses() {
            let table = Table::default()
                .with("only.example", [vec![inside]])
                .with("first.example", [[&[inside], &public[..]].concat()])
                .with("last.example", [[&public[..], &[inside]].concat()]);
            let client = Client::with_resolver(Settings::default(), Resolver::Table(table)).unwrap();
            for host in ["only.example", "first.example", "last.example"] {
                for port in [OPEN, SHUT] {
                    let error = send(&client, &format!("http://{host}:{port}/")).await.unwrap_err();
                    told.insert((error.class(), error.to_string(), format!("{error:?}")));
                    assert_eq!(error.class(), "blocked_address", "{host} {inside}");
                }
            }
        }
        assert_eq!(packets(), 0);
        assert_eq!(told.len(), 1, "the same is told whether anyone listens or not: {told:?}");
        allowed_targets_are_counted(&Client::new(Settings::default()).unwrap(), &trap).await;
    });
}

#[test]
fn a_name_rebound_to_the_inside_is_not_dialled_again() {
    room::enter("a_name_rebound_to_the_inside_is_not_dialled_again", async {
        let trap = Trap::set(OPEN);
        let outside: SocketAddr = (PUBLIC[0].parse::<IpAddr>().unwrap(), OPEN).into();
        for (dialled, inside) in forbidden::addresses().into_iter().enumerate() {
            let table = Table::default().with("hooks.example", [vec![outside.ip()], vec![inside]]);
            let client = Client::with_resolver(Settings::default(), Resolver::Table(table)).unwrap();
            assert_eq!(opened(), dialled);

            let first = send(&client, "http://hooks.example/").await.unwrap();
            let second = send(&client, "http://hooks.example/").await.unwrap_err();

            assert_eq!((first.remote_address, second.class()), (Some(outside), "blocked_address"), "{inside}");
            assert_eq!(opened(), dialled + 1, "{inside}");
        }
        assert_eq!(trap.dialled(), BTreeSet::from([outside]));
    });
}

#[test]
fn odd_spellings_are_sent_nothing() {
    room::enter("odd_spellings_are_sent_nothing", async {
        let trap = Trap::set(OPEN);
        let client = Client::new(Settings::default()).unwrap();
        for host in forbidden::SPELLINGS {
            for port in [OPEN, SHUT] {
                let error = send(&client, &format!("http://{host}:{port}/")).await.unwrap_err();
                assert_eq!(error.class(), "blocked_address", "{host}");
            }
        }
        for text in forbidden::NO_TARGETS {
            assert!(Target::parse(text).is_err(), "{text}");
        }
        assert_eq!(packets(), 0);
        allowed_targets_are_counted(&client, &trap).await;
    });
}

#[test]
fn our_own_doors_are_sent_nothing() {
    room::enter("our_own_doors_are_sent_nothing", async {
        let trap = Trap::set(OPEN);
        let ours = ["127.0.0.1", "127.1.2.3", "10.1.2.3", PUBLIC[0], "::1", "fd12::3"].map(|ip| ip.parse().unwrap());
        let open_to_all = |own_addresses| {
            let allow = ["0.0.0.0/0", "::/0"].map(|rule| rule.parse().unwrap()).to_vec();
            Client::new(Settings { allow, own_addresses, ..Settings::default() }).unwrap()
        };
        for own in ["[::]:80", "0.0.0.0:80"] {
            let client = open_to_all(vec![own.parse().unwrap()]);
            for address in &ours {
                let error = send(&client, &url("http", address, OPEN)).await.unwrap_err();
                assert_eq!(error.class(), "blocked_address", "{own} {address}");
            }
        }
        assert_eq!(packets(), 0);

        // Elsewhere the same addresses are fair game, and seen.
        let client = open_to_all(vec![SocketAddr::new(ours[0], SHUT)]);
        for address in &ours {
            assert_eq!(send(&client, &url("http", address, OPEN)).await.unwrap().status, 200);
        }
        assert_eq!((opened(), trap.dialled().len()), (ours.len(), ours.len()));
    });
}

#[test]
fn a_redirect_inside_is_sent_nothing() {
    room::enter("a_redirect_inside_is_sent_nothing", async {
        let trap = Trap::redirecting(OPEN, "http://169.254.169.254/latest/meta-data/");
        // Even where the way is free.
        let allow = ["0.0.0.0/0", "169.254.169.254"].map(|rule| rule.parse().unwrap()).to_vec();
        let client = Client::new(Settings { allow, ..Settings::default() }).unwrap();

        let response = send(&client, "http://8.8.8.8/").await.unwrap();

        assert_eq!((response.status, opened()), (302, 1));
        assert_eq!(trap.dialled(), BTreeSet::from(["8.8.8.8:80".parse().unwrap()]));
    });
}

#[test]
fn what_a_name_server_says_is_judged_before_it_is_dialled() {
    room::enter("what_a_name_server_says_is_judged_before_it_is_dialled", async {
        let trap = Trap::set(OPEN);
        let server = NameServer::start();
        let client = Client::new(Settings::default()).unwrap();
        let dials = async |host: &str| send(&client, &format!("http://{host}/")).await;

        assert_eq!(dials("public.example").await.unwrap().status, 200);
        assert_eq!(opened(), 1);
        for host in ["inside.example", "mixed.example", "families.example", "alias.example", "chain.example"] {
            assert_eq!(dials(host).await.unwrap_err().class(), "blocked_address", "{host}");
        }
        assert_eq!(dials("rebound.example").await.unwrap().status, 200);
        assert_eq!(dials("rebound.example").await.unwrap_err().class(), "blocked_address");

        assert_eq!(opened(), 2);
        assert_eq!(trap.dialled(), BTreeSet::from(["8.8.8.8:80".parse().unwrap()]));
        assert!(server.asked() > 7, "everyone was asked about: {}", server.asked());
    });
}

/// Shows that what is sent is counted.
async fn allowed_targets_are_counted(client: &Client, trap: &Trap) {
    for (sent, address) in PUBLIC.iter().enumerate() {
        let (before, address) = (packets(), address.parse().unwrap());
        assert_eq!(send(client, &url("http", &address, OPEN)).await.unwrap().status, 200);
        assert!(packets() > before && opened() == sent + 1, "{address} was dialled unseen");
        assert!(trap.dialled().contains(&SocketAddr::new(address, OPEN)));
    }
}

/// Shows that an address is sent nothing because we refuse, not because the kernel would.
fn ordinary_connections_are_counted(addresses: &[IpAddr]) {
    for address in addresses {
        let before = packets();
        let connected = TcpStream::connect_timeout(&SocketAddr::new(*address, OPEN), Duration::from_secs(10));
        let is_sent = connected.is_ok() && packets() > before;
        assert_eq!(is_sent, !forbidden::is_beyond_tcp(*address), "{address} {connected:?}");
    }
}

async fn send(client: &Client, target: &str) -> Result<Response, egress::Error> {
    client.send(Request::post(Target::parse(target).unwrap(), HeaderMap::new(), Bytes::from_static(b"{}"))).await
}

fn url(scheme: &str, address: &IpAddr, port: u16) -> String {
    format!("{scheme}://{}/", SocketAddr::new(*address, port))
}
