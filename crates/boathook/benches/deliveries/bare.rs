//! The bare limit: the same body, signed the same way, posted over the same client, with nothing stored.

use crate::receiver::Receiver;
use bytes::Bytes;
use egress::{Request, Target};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue};
use sha2::Sha256;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// How many requests are under way at once: as many as one webhook's window lets through.
const CONNECTIONS: usize = 64;
/// About as long as the body of a metadata change.
const BODY_BYTES: usize = 1500;

pub async fn requests_per_second(receiver: &Receiver, span: Duration) -> f64 {
    let allow = vec!["127.0.0.1".parse().unwrap()];
    let client = egress::Client::new(egress::Settings { allow, ..egress::Settings::default() }).unwrap();
    let target = Target::parse(&receiver.url("/bare")).unwrap();
    let (begun, before) = (Instant::now(), receiver.count());
    let mut posters = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (client, target) = (client.clone(), target.clone());
        posters.spawn(async move {
            while begun.elapsed() < span {
                let body = vec![b'x'; BODY_BYTES];
                client.send(Request::post(target.clone(), headers(&body), Bytes::from(body))).await.unwrap();
            }
        });
    }
    posters.join_all().await;
    (receiver.count() - before) as f64 / begun.elapsed().as_secs_f64()
}

fn headers(body: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    headers.insert("user-agent", HeaderValue::from_static("Boathook/0.1.0"));
    headers.insert("webhook-id", HeaderValue::from_static("11111111-aaaa-4bbb-8ccc-222222222222"));
    headers.insert("webhook-timestamp", HeaderValue::from_static("1893456000"));
    for name in ["x-uc-signature", "webhook-signature"] {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"made-up-signing-secret-of-32-chr").unwrap();
        mac.update(body);
        headers.insert(name, HeaderValue::try_from(hex::encode(mac.finalize().into_bytes())).unwrap());
    }
    headers
}
