//! How we speak TLS: whom we trust, and what we offer.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    client::Resumption,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject},
};

use crate::error::Error;

/// Receivers whose sessions are remembered; each costs a few hundred bytes and saves a full handshake.
const SESSIONS_MAX: usize = 2048;

/// HTTP/2 first, by its name in ALPN, RFC 9113 3.2.
pub(crate) const H2: &[u8] = b"h2";

/// The provider is named here, never taken from the process: two libraries choosing different defaults must not change our handshakes.
pub(crate) fn config(extra_roots_pem: Option<&[u8]>) -> Result<ClientConfig, Error> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("aws-lc-rs speaks the default versions")
        .with_root_certificates(roots(extra_roots_pem)?)
        .with_no_client_auth();
    config.alpn_protocols = vec![H2.to_vec(), b"http/1.1".to_vec()];
    config.resumption = Resumption::in_memory_sessions(SESSIONS_MAX);
    Ok(config)
}

/// The system's roots; Mozilla's when the system has none, as in a bare container.
fn roots(extra_pem: Option<&[u8]>) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    let native = rustls_native_certs::load_native_certs();
    for error in native.errors {
        tracing::warn!(%error, "some system root certificates could not be read");
    }
    roots.add_parsable_certificates(native.certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    if let Some(pem) = extra_pem {
        let extra: Vec<_> =
            CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|_| Error::InvalidRoots)?;
        if extra.is_empty() {
            return Err(Error::InvalidRoots);
        }
        for certificate in extra {
            roots.add(certificate).map_err(|_| Error::InvalidRoots)?;
        }
    }
    Ok(roots)
}
