//! The real binary in a folder of its own: one command run to its end, or a server that runs until the test is over.
//!
//! Nothing here waits for time to pass: a server says on stderr that it is ready, and lines come through a channel.

#![allow(dead_code, reason = "each test binary that takes this scene uses its own part of it")]

use bytes::Bytes;
use egress::{Client, Request, Target};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a test waits for a line or an end before it gives up: far longer than any takes.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A folder with the data of one installation; commands run in it.
pub struct Folder(TempDir);

/// What a command did.
#[derive(Debug)]
pub struct Done {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The binary in this folder, with no setting from outside.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_boathook"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("BOATHOOK_") {
                command.env_remove(name);
            }
        }
        command.current_dir(self.path()).env("NO_COLOR", "1");
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, words: &[&str]) -> Done {
        self.run_with(words, &[], b"")
    }

    /// Runs a command to its end, with variables and a text on stdin.
    pub fn run_with(&self, words: &[&str], variables: &[(&str, &str)], stdin: &[u8]) -> Done {
        let mut command = self.command();
        command.args(words).envs(variables.iter().copied());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that reads no input may have ended already.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        let output = child.wait_with_output().unwrap();
        Done {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command that must succeed, with `--json`; answers what it printed.
    pub fn json(&self, words: &[&str]) -> Value {
        let done = self.run(&[words, &["--json"]].concat());
        assert_eq!(done.code, 0, "{words:?}: {}", done.stderr);
        serde_json::from_str(&done.stdout).unwrap()
    }

    /// A new project: its public key and its secret key.
    pub fn project(&self, name: &str) -> (String, String) {
        let project = self.json(&["project", "create", name]);
        let text = |field: &str| project[field].as_str().unwrap().to_owned();
        (text("public_key"), text("secret_key"))
    }
}

/// A process of ours, killed when the test is over.
pub struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    /// Starts a command; its lines are those of stdout or stderr.
    pub fn start(mut command: Command, of_stderr: bool) -> Self {
        command.stdin(Stdio::null());
        let mut child = if of_stderr {
            command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap()
        } else {
            command.stdout(Stdio::piped()).spawn().unwrap()
        };
        let stream: Box<dyn Read + Send> = match child.stdout.take() {
            Some(stdout) => Box::new(stdout),
            None => Box::new(child.stderr.take().unwrap()),
        };
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// Waits for a line that pleases.
    #[track_caller]
    pub fn wait_for(&self, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        loop {
            let rest = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(rest) {
                Ok(line) if wanted(&line) => return line,
                Ok(line) => seen.push(line),
                Err(error) => panic!("{error}: the line did not come; these did:\n{}", seen.join("\n")),
            }
        }
    }

    /// Every line until the end of the stream.
    pub fn rest(&self) -> Vec<String> {
        self.lines.iter().collect()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Sends a signal and waits for the end.
    pub fn end(mut self, signal: Signal) -> ExitStatus {
        self.signal(signal);
        self.child.wait().unwrap()
    }

    /// Waits for the end.
    pub fn wait(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A running `boathook serve` on a free port.
pub struct Server {
    pub running: Running,
    /// What it said when it was ready: its addresses among others.
    pub ready: Value,
    pub address: SocketAddr,
}

impl Server {
    /// Starts it, with more flags; answers when it is ready.
    pub fn start(folder: &Folder, flags: &[&str]) -> Self {
        Self::start_with(folder.command(), flags)
    }

    /// The same from a prepared command.
    pub fn start_with(mut command: Command, flags: &[&str]) -> Self {
        command.args(["serve", "--log-format", "json"]);
        if !flags.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command.args(flags);
        let running = Running::start(command, true);
        let line = running.wait_for(|line| line.contains(r#""message":"ready""#));
        let ready: Value = serde_json::from_str(&line).unwrap();
        let address = ready["listen"].as_str().unwrap().parse().unwrap();
        Self { running, ready, address }
    }

    /// An address on the main listener.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// SIGTERM, and the end.
    pub fn stop(self) -> ExitStatus {
        self.running.end(Signal::TERM)
    }
}

/// An HTTP client for this machine.
pub struct Http(Client);

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }
}

impl Http {
    pub fn new() -> Self {
        let settings = egress::Settings { allow: vec!["127.0.0.0/8".parse().unwrap()], ..egress::Settings::default() };
        Self(Client::new(settings).unwrap())
    }

    pub async fn get(&self, url: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, url, headers, Bytes::new()).await
    }

    /// Sends JSON as a holder of the project's keys: `Uploadcare.Simple`, or a bearer where the address is below `/api/`.
    pub async fn call(&self, method: Method, url: &str, keys: &(String, String), body: Option<Value>) -> Answer {
        let (public, secret) = keys;
        let authorization = if url.contains("/api/") {
            format!("Bearer {secret}")
        } else {
            format!("Uploadcare.Simple {public}:{secret}")
        };
        let headers = [
            (AUTHORIZATION.as_str(), authorization.as_str()),
            ("accept", "application/vnd.uploadcare-v0.7+json"),
            (CONTENT_TYPE.as_str(), "application/json"),
        ];
        let headers = if url.contains("/api/") { vec![headers[0], headers[2]] } else { headers.to_vec() };
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.send(method, url, &headers, body.into()).await
    }

    /// Uploads a file through Uploadcare's Upload API; answers its UUID.
    pub async fn upload(&self, url: &str, public_key: &str, name: &str, bytes: &[u8]) -> String {
        let field =
            format!("--b\r\nContent-Disposition: form-data; name=\"UPLOADCARE_PUB_KEY\"\r\n\r\n{public_key}\r\n");
        let file = format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        let body = [field.as_bytes(), file.as_bytes(), bytes, b"\r\n--b--\r\n"].concat();
        let kind = [(CONTENT_TYPE.as_str(), "multipart/form-data; boundary=b")];
        let answer = self.send(Method::POST, url, &kind, body.into()).await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
        answer.json()["file"].as_str().unwrap().to_owned()
    }

    pub async fn send(&self, method: Method, url: &str, headers: &[(&str, &str)], body: Bytes) -> Answer {
        let headers = headers.iter().map(|(name, value)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
        });
        let request = Request {
            method,
            response_bytes_read_max: 1 << 24,
            response_bytes_kept_max: 1 << 24,
            ..Request::post(Target::parse(url).unwrap(), headers.collect(), body)
        };
        let answer = self.0.send(request).await.unwrap_or_else(|error| panic!("{url}: {error}"));
        Answer { status: StatusCode::from_u16(answer.status).unwrap(), headers: answer.headers, body: answer.body }
    }
}
