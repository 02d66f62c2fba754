//! The real server on a data folder of its own: started, killed, started again.

use crate::client::{Answer, Client};
use crate::inbox::Inbox;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub const ACCEPT: &str = "accept: application/vnd.uploadcare-v0.7+json\r\n";

pub struct Server {
    pub address: String,
    pub public_key: String,
    pub secret_key: String,
    folder: TempDir,
    database: Option<String>,
    child: Option<Child>,
}

impl Server {
    /// Prepares a data folder with a project, before any server runs on it.
    pub fn make(database: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        let mut server = Self {
            address,
            public_key: String::new(),
            secret_key: String::new(),
            folder,
            database: database.map(str::to_owned),
            child: None,
        };
        let output = server.command(&["project", "create", "crash", "--json"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let project: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        project["public_key"].as_str().unwrap().clone_into(&mut server.public_key);
        project["secret_key"].as_str().unwrap().clone_into(&mut server.secret_key);
        server
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_boathook")));
        command.args(arguments).current_dir(self.folder.path());
        command.env("BOATHOOK_DATA_DIR", self.folder.path().join("data")).env("BOATHOOK_LISTEN", &self.address);
        if let Some(database) = &self.database {
            command.env("BOATHOOK_DATABASE_URL", database);
        }
        command.env("BOATHOOK_EGRESS_ALLOW", "127.0.0.1").stdin(Stdio::null());
        command
    }

    /// Starts it and waits until it is ready.
    pub async fn start(&mut self) {
        self.child =
            Some(self.command(&["serve"]).env("BOATHOOK_LOG_FILTER", "warn").stdout(Stdio::null()).spawn().unwrap());
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        for _ in 0..1500 {
            ticks.tick().await;
            let answer = Client::new(&self.address).send("GET", "/healthz", "", b"").await;
            if answer.is_ok_and(|answer| answer.status == 200) {
                return;
            }
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            assert!(ended.is_none(), "the server ended by itself: {ended:?}");
        }
        panic!("the server did not become ready");
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// SIGTERM; must end well.
    pub async fn stop(&mut self) {
        let mut child = self.child.take().unwrap();
        assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
        let ended = tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
        assert!(ended.success(), "{ended}");
    }

    /// The header that opens everything of the project on Uploadcare's wire.
    pub fn authorization(&self) -> String {
        format!("authorization: Uploadcare.Simple {}:{}\r\n", self.public_key, self.secret_key)
    }

    /// Asks for every event on both wires.
    pub async fn subscribe(&self, inbox: &Inbox) {
        for event in ["file.uploaded", "file.stored", "file.info_updated", "file.deleted"] {
            let body = serde_json::json!({"target_url": inbox.url(event), "event": event, "signing_secret": "made-up"});
            let headers = format!("{ACCEPT}{}content-type: application/json\r\n", self.authorization());
            self.ask("POST", "/webhooks/", &headers, &body, 201).await;
        }
        let events = ["file.created", "file.updated", "file.deleted"];
        let body = serde_json::json!({"webhook": {"target_url": inbox.url("uc"), "events": events}});
        let headers = format!("authorization: Bearer {}\r\ncontent-type: application/json\r\n", self.secret_key);
        let path = format!("/api/v1/projects/{}/webhooks.json", self.public_key);
        self.ask("POST", &path, &headers, &body, 200).await;
    }

    async fn ask(&self, method: &str, path: &str, headers: &str, body: &serde_json::Value, expected: u16) {
        let body = body.to_string();
        let answer = Client::new(&self.address).send(method, path, headers, body.as_bytes()).await.unwrap();
        assert_eq!(answer.status, expected, "{}", String::from_utf8_lossy(&answer.body));
    }

    /// A file as the REST API shows it.
    pub async fn file(&self, client: &mut Client, uuid: &str) -> Answer {
        let headers = format!("{ACCEPT}{}", self.authorization());
        client.send("GET", &format!("/files/{uuid}/"), &headers, b"").await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
