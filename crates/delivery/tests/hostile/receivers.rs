//! The hostile receivers, in a process of their own, and the line on which they are asked what they see.
//!
//! The process is this test started again: with the address of its parent in its environment it serves instead of testing. It ends when
//! its parent does.

#[path = "receivers/plain.rs"]
mod plain;
#[path = "receivers/secure.rs"]
mod secure;

use serde_json::{Value, json};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{interval, timeout};

/// The address at which the parent waits for its receivers.
const PARENT: &str = "BOATHOOK_HOSTILE_PARENT";
/// Every receiver has a name of its own below this one, so that no two share a connection.
pub const DOMAIN: &str = "hostile.example";
/// How long a test waits for something that takes seconds.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// What the receivers see.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Connections that were made.
    pub met: usize,
    /// Connections whose other end has not hung up.
    pub open: usize,
    /// Connections to where redirects lead.
    pub trapped: usize,
}

/// The running receivers, as their parent knows them.
pub struct Receivers {
    child: Child,
    line: BufReader<TcpStream>,
    /// Where they listen, by scheme and misdeed; and whom they trust.
    announced: Value,
}

impl Receivers {
    /// Starts this test again, as the receivers.
    pub async fn start(test: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"])
            .env(PARENT, listener.local_addr().unwrap().to_string())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let (line, _) = timeout(PATIENCE, listener.accept()).await.expect("the receivers start").unwrap();
        let mut receivers = Self { child, line: BufReader::new(line), announced: Value::Null };
        receivers.announced = receivers.hear().await;
        receivers
    }

    /// The port of `plain`, `stalling`, `flooding` or `trap`.
    pub fn port(&self, which: &str) -> u64 {
        self.announced[which].as_u64().unwrap()
    }

    /// The certificate of the authority that vouches for them.
    pub fn roots_pem(&self) -> &str {
        self.announced["roots"].as_str().unwrap()
    }

    /// Asks until what they see is as wanted.
    pub async fn until(&mut self, wanted: impl Fn(&Counts) -> bool) -> Counts {
        let mut counts = Counts::default();
        let ask = async {
            let mut ticks = interval(Duration::from_millis(20));
            loop {
                ticks.tick().await;
                counts = self.ask().await;
                if wanted(&counts) {
                    return;
                }
            }
        };
        let asked = timeout(PATIENCE, ask).await;
        assert!(asked.is_ok(), "what the receivers see never became as wanted: {counts:?}");
        counts
    }

    /// Whoever follows a redirect is counted: shown by following one.
    pub async fn the_trap_works(&mut self) {
        drop(TcpStream::connect(("127.0.0.1", u16::try_from(self.port("trap")).unwrap())).await.unwrap());
        self.until(|counts| counts.trapped == 1).await;
    }

    async fn ask(&mut self) -> Counts {
        self.line.write_all(b"\n").await.unwrap();
        let seen = self.hear().await;
        let count = |which: &str| usize::try_from(seen[which].as_u64().unwrap()).unwrap();
        Counts { met: count("met"), open: count("open"), trapped: count("trapped") }
    }

    async fn hear(&mut self) -> Value {
        let mut text = String::new();
        timeout(PATIENCE, self.line.read_line(&mut text)).await.expect("the receivers answer").unwrap();
        serde_json::from_str(&text).expect("the receivers are alive")
    }
}

impl Drop for Receivers {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Who started us as the receivers; none if we are the test itself.
pub fn parent() -> Option<String> {
    std::env::var(PARENT).ok()
}

/// Misbehaves until the parent is gone.
pub async fn serve(parent: &str) {
    let mut line = BufReader::new(TcpStream::connect(parent).await.unwrap());
    let (seen, trapped) = (Arc::new(Seen::default()), Arc::new(Seen::default()));
    let trap = listen(&trapped, hung_up).await;
    let (acceptor, roots) = secure::acceptor();
    let announced = json!({
        "trap": trap,
        "plain": listen(&seen, move |stream| plain::misbehave(stream, trap)).await,
        "stalling": listen(&seen, hung_up).await,
        "flooding": listen(&seen, move |stream| secure::flood(acceptor.clone(), stream)).await,
        "roots": roots,
    });
    tell(&mut line, &announced).await;
    while line.read_line(&mut String::new()).await.is_ok_and(|read| read > 0) {
        let (met, open) = (seen.met.load(SeqCst), seen.open.load(SeqCst));
        tell(&mut line, &json!({ "met": met, "open": open, "trapped": trapped.met.load(SeqCst) })).await;
    }
}

async fn tell(line: &mut BufReader<TcpStream>, value: &Value) {
    // A parent that is gone ends us at the next reading.
    let _ = line.write_all(format!("{value}\n").as_bytes()).await;
}

#[derive(Default)]
struct Seen {
    met: AtomicUsize,
    open: AtomicUsize,
}

/// Treats each connection so; answers the port.
async fn listen<F>(seen: &Arc<Seen>, treat: impl Fn(TcpStream) -> F + Send + 'static) -> u16
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, seen) = (listener.local_addr().unwrap().port(), Arc::clone(seen));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            seen.open.fetch_add(1, SeqCst);
            seen.met.fetch_add(1, SeqCst);
            let (treated, seen) = (treat(stream), Arc::clone(&seen));
            tokio::spawn(async move {
                treated.await;
                seen.open.fetch_sub(1, SeqCst);
            });
        }
    });
    port
}

/// Waits until the sender has hung up, whatever it still sends.
async fn hung_up(mut stream: TcpStream) {
    let mut scratch = [0; 1024];
    while stream.read(&mut scratch).await.is_ok_and(|read| read > 0) {}
}
