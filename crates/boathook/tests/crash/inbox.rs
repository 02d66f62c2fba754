//! The receiver that outlives every kill: remembers each delivery once, with how often it came and whether its bytes were the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use testkit::receiver::{Answer, Received, Receiver};

/// A delivery as it first arrived.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// `uc`, or the name of Uploadcare's event.
    pub path: String,
    pub event: String,
    pub uuid: String,
    /// The metadata key `n`; 0 if not set yet.
    pub n: u64,
    pub is_stored: bool,
    pub is_removed: bool,
    pub attempts: u64,
    body: Vec<u8>,
}

#[derive(Default)]
struct Book {
    by_id: HashMap<String, usize>,
    deliveries: Vec<Delivery>,
    differing: u64,
}

pub struct Inbox {
    receiver: Receiver,
    book: Arc<Mutex<Book>>,
}

impl Inbox {
    pub async fn start() -> Self {
        let book: Arc<Mutex<Book>> = Arc::default();
        let writing = book.clone();
        let receiver = Receiver::observing(move |received| {
            writing.lock().unwrap().note(received);
            Answer::Status(200)
        });
        Self { receiver: receiver.await, book }
    }

    pub fn url(&self, path: &str) -> String {
        self.receiver.url(&format!("/{path}"))
    }

    /// Every delivery, in the order of first arrivals.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.book.lock().unwrap().deliveries.clone()
    }

    /// How many attempts had other bytes than the first of their delivery.
    pub fn differing(&self) -> u64 {
        self.book.lock().unwrap().differing
    }
}

impl Book {
    fn note(&mut self, received: &Received) {
        let id = format!("{} {}", received.path, received.header("webhook-id"));
        if let Some(known) = self.by_id.get(&id) {
            let known = &mut self.deliveries[*known];
            known.attempts += 1;
            self.differing += u64::from(known.body != received.body);
            return;
        }
        self.by_id.insert(id, self.deliveries.len());
        self.deliveries.push(read(received));
    }
}

fn read(received: &Received) -> Delivery {
    let body = received.json();
    let path = received.path.trim_start_matches('/').to_owned();
    let (event, file) = if path == "uc" {
        (&body["data"]["attributes"]["event"], &body["included"][0]["attributes"])
    } else {
        (&body["hook"]["event"], &body["data"])
    };
    let n = file["metadata"]["n"].as_str().map_or(0, |n| n.parse().unwrap());
    let is_removed = !file["removed_at"].is_null() || !file["datetime_removed"].is_null();
    let uuid = file["uuid"].as_str().unwrap().to_owned();
    let is_stored = !file["datetime_stored"].is_null();
    let event = event.as_str().unwrap().to_owned();
    Delivery { path, event, uuid, n, is_stored, is_removed, attempts: 1, body: received.body.to_vec() }
}
