//! How much memory this process holds: the kernel's own count, proc(5), `RssAnon` in `/proc/pid/status`.
//!
//! Without pages of files: most of those are code, which is there once it has run, and much larger in a debug build.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::interval;

/// What hangs holds what it has for seconds, so that this is often enough.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Looks again and again, until dropped.
pub struct Watch {
    before: u64,
    most: Arc<AtomicU64>,
    looks: JoinHandle<()>,
}

impl Watch {
    pub fn begin() -> Self {
        let most = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&most);
        let looks = tokio::spawn(async move {
            let mut ticks = interval(LOOK_EVERY);
            loop {
                ticks.tick().await;
                seen.fetch_max(held_bytes(), SeqCst);
            }
        });
        Self { before: held_bytes(), most, looks }
    }

    /// The most that was held at once, beyond what was held at the beginning.
    pub fn grown_bytes(&self) -> u64 {
        self.most.load(SeqCst).max(held_bytes()).saturating_sub(self.before)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.looks.abort();
    }
}

fn held_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells a process about itself");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("every process has memory");
    let kibibytes = line.trim().strip_suffix(" kB").expect("counted in kibibytes");
    kibibytes.parse::<u64>().expect("a count is a number") * 1024
}
