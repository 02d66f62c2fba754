//! A network of one's own: the test is started again by unshare(1), in a new network and with an `/etc` of its own.
//!
//! The network has loopback only, and every address there is belongs to it: whoever listens on a port is reached by any address. One of
//! them it also bears as its own, `fd12::3`: by IPv6 the kernel tells these from those that merely lead here. The `/etc` says no more than that names are asked for at 127.0.0.1.

use std::{
    future::Future,
    process::{Command, Output},
};

/// Set inside.
const INSIDE: &str = "BOATHOOK_NETWORK_OF_ITS_OWN";

/// As root, and as anyone where anyone may.
const WAYS: [&[&str]; 2] = [&["--net", "--mount"], &["--net", "--mount", "--map-root-user"]];

/// What libtest answers when a test fails; unshare(1) and sh(1) answer with others.
const TEST_FAILED: i32 = 101;

const FURNISH: &str = "
ip link set lo up && ip route add local default dev lo && ip -6 route add local default dev lo || exit 77
ip -6 address add fd12::3/128 dev lo || exit 77
mount -t tmpfs tmpfs /etc || exit 77
echo 'hosts: dns' >/etc/nsswitch.conf && echo 'nameserver 127.0.0.1' >/etc/resolv.conf || exit 77
exec \"$0\" \"$@\"";

/// Plays the scenario of this test in a network of its own.
pub fn enter(test: &str, scenario: impl Future<Output = ()>) {
    if std::env::var_os(INSIDE).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(scenario);
    }
    let mut reasons = Vec::new();
    for way in WAYS {
        let output = match start(way, test) {
            Ok(output) => output,
            Err(error) => {
                reasons.push(format!("unshare(1): {error}"));
                continue;
            }
        };
        let (told, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        match output.status.code() {
            Some(0) => return assert!(told.contains("1 passed"), "{test} was not played: {told}"),
            Some(TEST_FAILED) => panic!("in a network of its own: {told}{complained}"),
            _ => reasons.push(complained.trim().to_owned()),
        }
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "no network of its own can be had: {reasons:?}");
    eprintln!("left out, as no network of its own can be had: {reasons:?}");
}

fn start(way: &[&str], test: &str) -> std::io::Result<Output> {
    let this = std::env::current_exe()?;
    Command::new("unshare")
        .args(way)
        .args(["sh", "-c", FURNISH])
        .arg(this)
        .args([test, "--exact", "--nocapture"])
        .env(INSIDE, "1")
        .output()
}
