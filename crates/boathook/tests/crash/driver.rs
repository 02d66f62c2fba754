//! Drivers: each uploads files and changes them, one request after another, and writes down what was acknowledged and what is unknown.

use crate::client::Client;
use crate::server::{ACCEPT, Server};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;

/// How many drive at once.
const DRIVERS: usize = 8;
/// How many metadata changes each file sees.
const CHANGES: u64 = 6;

/// What one driver asked of one file, and what it knows of the answers.
#[derive(Clone, Debug, Default)]
pub struct Story {
    pub uuid: String,
    /// The content that was uploaded.
    pub content: String,
    /// The last change that was acknowledged, and the last that was asked for: numbers that the metadata key `n` was set to.
    pub acknowledged: u64,
    pub asked: u64,
    pub stored: Known,
    pub removed: Known,
}

/// What is known of a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Known {
    #[default]
    NotAsked,
    /// Asked for, and the answer never came.
    Asked,
    Acknowledged,
}

pub struct Drivers {
    is_over: Arc<AtomicBool>,
    running: Vec<JoinHandle<Vec<Story>>>,
}

impl Drivers {
    pub fn start(server: &Server) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let running =
            (0..DRIVERS).map(|number| tokio::spawn(Driver::new(server, number).drive(is_over.clone()))).collect();
        Self { is_over, running }
    }

    /// Lets each finish its file, and answers all stories.
    pub async fn finish(self) -> Vec<Story> {
        self.is_over.store(true, Ordering::Relaxed);
        let mut stories = Vec::new();
        for driver in self.running {
            stories.extend(driver.await.unwrap());
        }
        stories
    }
}

struct Driver {
    number: usize,
    client: Client,
    public_key: String,
    headers: String,
}

impl Driver {
    fn new(server: &Server, number: usize) -> Self {
        let headers = format!("{ACCEPT}{}", server.authorization());
        Self { number, client: Client::new(&server.address), public_key: server.public_key.clone(), headers }
    }

    async fn drive(mut self, is_over: Arc<AtomicBool>) -> Vec<Story> {
        let mut stories = Vec::new();
        for count in 0_u64.. {
            if is_over.load(Ordering::Relaxed) {
                break;
            }
            let content = format!("the bytes of driver {} file {count}", self.number);
            // An upload whose answer never came has a name that only the server knows: it is checked by the events that tell of it.
            let Some(uuid) = self.upload(&content).await else { continue };
            let mut story = Story { uuid, content, ..Story::default() };
            self.change(&mut story, count).await;
            stories.push(story);
        }
        stories
    }

    async fn change(&mut self, story: &mut Story, count: u64) {
        for n in 1..=CHANGES {
            story.asked = n;
            if self.ask("PUT", &format!("/files/{}/metadata/n/", story.uuid), &format!("\"{n}\"")).await {
                story.acknowledged = n;
            }
        }
        if count.is_multiple_of(2) {
            story.stored = self.known("PUT", &format!("/files/{}/storage/", story.uuid)).await;
        }
        if count.is_multiple_of(3) {
            story.removed = self.known("DELETE", &format!("/files/{}/storage/", story.uuid)).await;
        }
    }

    async fn known(&mut self, method: &str, path: &str) -> Known {
        if self.ask(method, path, "").await { Known::Acknowledged } else { Known::Asked }
    }

    /// Whether the request was acknowledged.
    async fn ask(&mut self, method: &str, path: &str, body: &str) -> bool {
        let headers = format!("{}content-type: application/json\r\n", self.headers);
        match self.client.send(method, path, &headers, body.as_bytes()).await {
            Ok(answer) if answer.status < 300 => true,
            Ok(answer) => panic!("{method} {path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)),
            Err(_) => {
                self.rest().await;
                false
            }
        }
    }

    async fn upload(&mut self, content: &str) -> Option<String> {
        let key = &self.public_key;
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n{content}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"UPLOADCARE_PUB_KEY\"\r\n\r\n{key}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"UPLOADCARE_STORE\"\r\n\r\n0\r\n--b--\r\n"
        );
        let headers = "content-type: multipart/form-data; boundary=b\r\n";
        match self.client.send("POST", "/base/", headers, body.as_bytes()).await {
            Ok(answer) if answer.status == 200 => Some(answer.json()["file"].as_str().unwrap().to_owned()),
            Ok(answer) => panic!("upload: {} {}", answer.status, String::from_utf8_lossy(&answer.body)),
            Err(_) => {
                self.rest().await;
                None
            }
        }
    }

    /// The server is down: calling it in a tight loop only keeps it from starting.
    async fn rest(&self) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
