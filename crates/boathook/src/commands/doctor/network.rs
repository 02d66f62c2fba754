//! The network: are the ports free or ours, are the public addresses known, and what may webhooks call?

use super::{Finding, chain};
use crate::config::Config;
use crate::health;
use crate::serve::reachable;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use web::serve::BindError;

const PORT: &str = "port";
const BASES: &str = "addresses";
const EGRESS: &str = "egress";

/// How long whoever listens there may take to say who they are.
const PATIENCE: Duration = Duration::from_secs(3);
/// How much of their answer is read.
const ANSWER_BYTES_MAX: u64 = 4096;

/// One finding for each listener.
pub(super) async fn ports(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    for address in config.listen.addresses() {
        findings.push(port(address).await);
    }
    findings
}

async fn port(address: SocketAddr) -> Finding {
    let remedy = "stop what listens there, or name another address with --listen";
    match web::serve::bind(address).await {
        Ok(_) => Finding::ok(PORT, format!("{address} is free")),
        Err(BindError::InUse { .. }) if is_ours(reachable(address)).await => {
            Finding::ok(PORT, format!("{address} is served by a boathook"))
        }
        Err(error) => Finding::fail(PORT, chain(&error), remedy),
    }
}

/// Whether a boathook answers there.
async fn is_ours(address: SocketAddr) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!("GET {} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n", health::PATH);
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.take(ANSWER_BYTES_MAX).read_to_string(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    let answer = timeout(PATIENCE, ask).await;
    let body = answer.ok().and_then(Result::ok).and_then(|answer| Some(answer.split_once("\r\n\r\n")?.1.to_owned()));
    body.is_some_and(|body| body.contains(health::PRODUCT))
}

/// Whether clients elsewhere are told addresses that they can reach.
pub(super) fn bases(config: &Config) -> Finding {
    let listen = config.listen;
    let derived = [
        (&config.bases.api, listen.api, "api_base"),
        (&config.bases.upload, listen.upload, "upload_base"),
        (&config.bases.cdn, listen.cdn, "cdn_base"),
    ];
    let is_public = |own: Option<SocketAddr>| !own.unwrap_or(listen.main).ip().is_loopback();
    let missing: Vec<&str> =
        derived.iter().filter(|(base, own, _)| base.is_none() && is_public(*own)).map(|(.., name)| *name).collect();
    if missing.is_empty() {
        return Finding::ok(BASES, "answers hold addresses that callers can reach");
    }
    Finding::warn(
        BASES,
        format!("the server listens for others, but {} is not set", missing.join(", ")),
        "set it to the address by which others reach this server, as https://files.example.com",
    )
}

/// What the operator has opened.
pub(super) fn egress(config: &Config) -> Finding {
    let rules: Vec<String> = config.egress_allow.iter().map(ToString::to_string).collect();
    if rules.is_empty() {
        return Finding::ok(EGRESS, "webhooks may call public addresses only");
    }
    let found = format!("webhooks may also call {}", rules.join(", "));
    if rules.iter().any(|rule| rule.contains("/0")) {
        let remedy =
            "whoever may make a webhook reaches your whole network: name the receivers in egress_allow instead";
        return Finding::warn(EGRESS, found, remedy);
    }
    Finding::ok(EGRESS, found)
}
