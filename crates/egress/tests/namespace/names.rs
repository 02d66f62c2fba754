//! A name server at 127.0.0.1: RFC 1035, as much of it as the system's resolver needs.

use std::{
    net::{Ipv4Addr, Ipv6Addr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

const PUBLIC: Ipv4Addr = Ipv4Addr::new(8, 8, 8, 8);
const INSIDE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const INSIDE_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

const A: u16 = 1;
const CNAME: u16 = 5;
const AAAA: u16 = 28;

pub struct NameServer {
    asked: Arc<AtomicUsize>,
}

/// An answer: whose it is, of which type, and its data.
type Record = (&'static str, u16, Vec<u8>);

impl NameServer {
    pub fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:53").unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        thread::spawn(move || {
            let (mut query, mut rebound) = ([0; 512], 0);
            while let Ok((length, asker)) = socket.recv_from(&mut query) {
                counted.fetch_add(1, SeqCst);
                let (name, kind, question) = read(&query[..length]);
                let records = records(&name, kind, &mut rebound);
                socket.send_to(&response(&query[..2], question, &records), asker).unwrap();
            }
        });
        Self { asked }
    }

    /// How many questions there were.
    pub fn asked(&self) -> usize {
        self.asked.load(SeqCst)
    }
}

fn records(name: &str, kind: u16, rebound: &mut usize) -> Vec<Record> {
    let v4 = |name, address: Ipv4Addr| (name, A, address.octets().to_vec());
    let found = match name {
        "public.example" => vec![v4("public.example", PUBLIC)],
        "inside.example" => vec![v4("inside.example", INSIDE)],
        "mixed.example" => vec![v4("mixed.example", PUBLIC), v4("mixed.example", INSIDE)],
        "families.example" => {
            vec![v4("families.example", PUBLIC), ("families.example", AAAA, INSIDE_V6.octets().to_vec())]
        }
        "alias.example" => vec![("alias.example", CNAME, labels("inside.example")), v4("inside.example", INSIDE)],
        "chain.example" => vec![
            ("chain.example", CNAME, labels("www.public.example")),
            ("www.public.example", CNAME, labels("metadata.example")),
            v4("metadata.example", Ipv4Addr::new(169, 254, 169, 254)),
        ],
        "rebound.example" if kind == A => {
            *rebound += 1;
            vec![v4("rebound.example", if *rebound == 1 { PUBLIC } else { INSIDE })]
        }
        _ => vec![],
    };
    found.into_iter().filter(|(_, of, _)| *of == kind || *of == CNAME).collect()
}

/// The name and type that are asked for, and the whole question, which is repeated in the answer.
fn read(query: &[u8]) -> (String, u16, &[u8]) {
    let question = &query[12..];
    let (mut at, mut name) = (0, Vec::new());
    while question[at] != 0 {
        let end = at + 1 + usize::from(question[at]);
        name.push(String::from_utf8_lossy(&question[at + 1..end]).to_lowercase());
        at = end;
    }
    (name.join("."), u16::from_be_bytes([question[at + 1], question[at + 2]]), &question[..at + 5])
}

fn response(id: &[u8], question: &[u8], records: &[Record]) -> Vec<u8> {
    // A response, recursion desired and available; one question, so many answers.
    let head = [0x81, 0x80, 0, 1, 0, u8::try_from(records.len()).unwrap(), 0, 0, 0, 0];
    let mut message = [id, &head, question].concat();
    for (name, kind, data) in records {
        message.extend(labels(name));
        // Class IN, good for no time at all.
        message.extend([kind.to_be_bytes(), [0, 1], [0, 0], [0, 0]].concat());
        message.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        message.extend(data);
    }
    message
}

fn labels(name: &str) -> Vec<u8> {
    let label = |label: &str| [&[u8::try_from(label.len()).unwrap()], label.as_bytes()].concat();
    name.split('.').flat_map(label).chain([0]).collect()
}
