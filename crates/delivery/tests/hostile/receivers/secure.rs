//! Misdeeds behind a good certificate: HTTP/2 written frame by frame, as no library would.

use super::DOMAIN;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

/// RFC 9113 3.4: what a client says first.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const CANCEL: u32 = 8;

/// For every name below the domain, and the authority that vouches for it, in PEM.
pub fn acceptor() -> (TlsAcceptor, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new([format!("*.{DOMAIN}")]).unwrap().signed_by(&key, &authority).unwrap().der().clone();
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    (TlsAcceptor::from(Arc::new(config)), authority.pem())
}

/// Resets the first stream for as long as the sender listens.
pub async fn flood(acceptor: TlsAcceptor, stream: TcpStream) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let _ = stream.write_all(&frame(SETTINGS, 0, &[])).await;
    let Some(id) = asked_on(&mut stream).await else { return };
    let resets = frame(RST_STREAM, id, &CANCEL.to_be_bytes()).repeat(1000);
    while stream.write_all(&resets).await.is_ok() {}
}

/// The stream of the first request.
async fn asked_on(stream: &mut (impl AsyncRead + Unpin)) -> Option<u32> {
    stream.read_exact(&mut vec![0; PREFACE.len()]).await.ok()?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.ok()?;
        let [high, middle, low, kind, _flags, id @ ..] = head;
        let length = u32::from_be_bytes([0, high, middle, low]);
        stream.read_exact(&mut vec![0; length as usize]).await.ok()?;
        if kind == HEADERS {
            return Some(u32::from_be_bytes(id));
        }
    }
}

/// RFC 9113 4.1, without flags.
fn frame(kind: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, 0], &stream.to_be_bytes(), payload].concat()
}
