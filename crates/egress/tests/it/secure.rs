//! TLS and HTTP/2, with a certificate authority made for the test.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use bytes::Bytes;
use egress::{Client, Resolver, Settings, Table};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{HandshakeKind, ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::scene::{AMPLE, OK, Receiver, post, read_request, settings};

#[tokio::test]
async fn http2_is_spoken_where_it_is_offered_and_its_connection_shared() {
    let ca = Authority::new();
    let receiver = http2(&ca, |request| async move {
        assert_eq!(request.version(), http::Version::HTTP_2);
        assert_eq!(request.uri().path(), "/hook");
        Ok::<_, Infallible>(http::Response::new(Full::new(request.collect().await.unwrap().to_bytes())))
    })
    .await;
    let client = ca.client();

    let first = client.send(post(&url(&receiver))).await.unwrap();
    let (second, third) = tokio::join!(client.send(post(&url(&receiver))), client.send(post(&url(&receiver))));

    assert_eq!((first.status, &first.body[..], first.is_reused_connection), (200, &b"{\"a\":1}"[..], false));
    assert!(first.timings.tls.is_some());
    assert!(second.unwrap().is_reused_connection && third.unwrap().is_reused_connection);
    assert_eq!(receiver.accepted(), 1);
}

#[tokio::test]
async fn an_http2_body_beyond_the_limit_is_left_and_the_connection_stays() {
    let ca = Authority::new();
    let receiver =
        http2(&ca, |_| async { Ok::<_, Infallible>(http::Response::new(Full::new(vec![b'a'; 1 << 20].into()))) }).await;
    let client = ca.client();

    for is_reused in [false, true] {
        let response = client.send(post(&url(&receiver))).await.unwrap();
        assert_eq!((response.body.len(), response.is_truncated), (16 * 1024, true));
        assert_eq!(response.is_reused_connection, is_reused);
    }
}

#[tokio::test]
async fn http2_headers_are_limited_too() {
    let ca = Authority::new();
    for (count, bytes) in [(101, 1), (2, 20_000)] {
        let receiver = http2(&ca, move |_| async move {
            let mut response = http::Response::new(Full::<Bytes>::default());
            for n in 0..count {
                let name: http::HeaderName = format!("x-{n}").parse().unwrap();
                response.headers_mut().insert(name, "a".repeat(bytes).parse().unwrap());
            }
            Ok::<_, Infallible>(response)
        })
        .await;

        let error = ca.client().send(post(&url(&receiver))).await.unwrap_err();

        assert_eq!(error.class(), "response_headers_too_large", "{count} of {bytes}");
    }
}

#[tokio::test]
async fn an_http2_stream_that_is_reset_is_told_and_not_tried_again() {
    let ca = Authority::new();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    // hyper answers a failing service with RST_STREAM.
    let receiver = http2(&ca, move |_| {
        count.fetch_add(1, SeqCst);
        async { Err::<http::Response<Full<Bytes>>, _>(std::io::Error::other("no answer")) }
    })
    .await;
    let client = ca.client();

    for _ in 0..20 {
        assert_eq!(client.send(post(&url(&receiver))).await.unwrap_err().class(), "connection_reset");
    }

    assert_eq!((asked.load(SeqCst), receiver.accepted()), (20, 1));
}

/// What follows the first reset is about a stream long gone: a library passes over it for as long as it comes.
#[tokio::test]
async fn an_http2_connection_that_never_falls_silent_is_closed() {
    const TAKEN_BYTES_MAX: usize = 32 * 1024 * 1024; // most of it in the kernel's buffers
    let ca = Authority::new();
    let acceptor = ca.acceptor("hooks.example", &[b"h2"]);
    let (tell, taken) = tokio::sync::oneshot::channel();
    let tell = Mutex::new(Some(tell));
    let receiver = Receiver::start(move |_, stream| {
        let (acceptor, tell) = (acceptor.clone(), tell.lock().unwrap().take());
        async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            // SETTINGS; and once the request is there, RST_STREAM of its stream with CANCEL, RFC 9113 6.4.
            stream.write_all(b"\0\0\0\x04\0\0\0\0\0").await.unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"{\"a\":1}") {
                asked.push(stream.read_u8().await.unwrap());
            }
            let resets = b"\0\0\x04\x03\0\0\0\0\x01\0\0\0\x08".repeat(1000);
            let mut taken = 0;
            while taken < 2 * TAKEN_BYTES_MAX && stream.write_all(&resets).await.is_ok() {
                taken += resets.len();
            }
            tell.unwrap().send(taken).unwrap();
        }
    })
    .await;
    let client = ca.client();

    let error = client.send(post(&url(&receiver))).await.unwrap_err();

    assert_eq!(error.class(), "connection_reset");
    assert!(taken.await.unwrap() < TAKEN_BYTES_MAX);
}

#[tokio::test]
async fn an_http2_connection_that_went_away_is_replaced() {
    let ca = Authority::new();
    let acceptor = ca.acceptor("hooks.example", &[b"h2"]);
    let receiver = Receiver::start(move |number, stream| {
        let acceptor = acceptor.clone();
        async move {
            let stream = TokioIo::new(acceptor.accept(stream).await.unwrap());
            let asked = AtomicUsize::new(0);
            let service = service_fn(|_| {
                let is_last = number == 1 && asked.fetch_add(1, SeqCst) == 1;
                async move {
                    if is_last {
                        std::future::pending::<()>().await;
                    }
                    Ok::<_, Infallible>(http::Response::new(Full::<Bytes>::default()))
                }
            });
            let mut connection = std::pin::pin!(
                hyper::server::conn::http2::Builder::new(TokioExecutor::new()).serve_connection(stream, &service)
            );
            // The first connection is dropped once its second request has arrived.
            std::future::poll_fn(|cx| {
                let is_over = connection.as_mut().poll(cx).is_ready();
                if is_over || asked.load(SeqCst) == 2 { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
            })
            .await;
        }
    })
    .await;
    let client = ca.client();
    client.send(post(&url(&receiver))).await.unwrap();

    let second = client.send(post(&url(&receiver))).await.unwrap();

    assert_eq!((second.status, second.is_reused_connection), (200, false));
    assert_eq!(receiver.accepted(), 2);
}

#[tokio::test]
async fn http1_over_tls_is_kept_and_its_session_resumed() {
    let ca = Authority::new();
    let acceptor = ca.acceptor("hooks.example", &[b"http/1.1"]);
    let resumed = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&resumed);
    let receiver = Receiver::start(move |_, stream| {
        let (acceptor, count) = (acceptor.clone(), Arc::clone(&count));
        async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            count.fetch_add(usize::from(is_resumed(&stream)), SeqCst);
            for _ in 0..2 {
                read_request(&mut stream).await.unwrap();
                stream.write_all(OK.as_bytes()).await.unwrap();
            }
            stream.shutdown().await.unwrap();
        }
    })
    .await;
    let client = ca.client();

    let mut reused = Vec::new();
    for _ in 0..4 {
        reused.push(client.send(post(&url(&receiver))).await.unwrap().is_reused_connection);
    }

    assert_eq!(reused, [false, true, false, true]);
    assert_eq!(resumed.load(SeqCst), 1);
}

#[tokio::test]
async fn a_certificate_is_believed_only_for_its_name_and_from_its_authority() {
    let (ca, stranger) = (Authority::new(), Authority::new());
    for (issuer, name) in [(&ca, "other.example"), (&stranger, "hooks.example")] {
        let receiver = tls(issuer.acceptor(name, &[])).await;

        let error = ca.client().send(post(&url(&receiver))).await.unwrap_err();

        assert_eq!(error.class(), "tls", "{name}");
    }
}

#[tokio::test]
async fn a_certificate_for_an_address_is_believed_for_that_address() {
    let ca = Authority::new();
    let receiver = tls(ca.acceptor("127.0.0.1", &[])).await;

    let response = ca.client().send(post(&format!("https://{}/hook", receiver.address))).await.unwrap();

    assert_eq!(response.status, 200);
}

#[tokio::test]
async fn plain_http_behind_https_is_a_tls_error() {
    let receiver = Receiver::start(|_, mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        crate::scene::hung_up(&mut stream).await;
    })
    .await;

    let error = Authority::new().client().send(post(&url(&receiver))).await.unwrap_err();

    assert_eq!(error.class(), "tls");
}

#[test]
fn roots_that_are_no_certificates_are_refused() {
    for pem in ["", "nothing", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let settings = Settings { extra_roots_pem: Some(pem.into()), ..Settings::default() };
        assert_eq!(Client::new(settings).err().unwrap().class(), "invalid_roots", "{pem:?}");
    }
}

/// Someone who signs certificates.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A client that trusts it, and finds `hooks.example` on loopback.
    fn client(&self) -> Client {
        let table = Table::default().with("hooks.example", [vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]]);
        let extra_roots_pem = Some(self.0.pem().into());
        let settings = Settings { extra_roots_pem, connect_timeout: AMPLE, ..settings(&["127.0.0.1"]) };
        Client::with_resolver(settings, Resolver::Table(table)).unwrap()
    }

    fn acceptor(&self, name: &str, protocols: &[&[u8]]) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Answers HTTP/1.1 over TLS, if a handshake succeeds.
async fn tls(acceptor: TlsAcceptor) -> Receiver {
    Receiver::start(move |_, stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                return;
            };
            while read_request(&mut stream).await.is_some() {
                stream.write_all(OK.as_bytes()).await.unwrap();
            }
        }
    })
    .await
}

/// Answers HTTP/2 over TLS.
async fn http2<A, E>(
    ca: &Authority,
    answer: impl Fn(http::Request<Incoming>) -> A + Clone + Send + Sync + 'static,
) -> Receiver
where
    A: Future<Output = Result<http::Response<Full<Bytes>>, E>> + Send + 'static,
    E: std::error::Error + Send + Sync + 'static,
{
    let acceptor = ca.acceptor("hooks.example", &[b"h2", b"http/1.1"]);
    Receiver::start(move |_, stream| {
        let (acceptor, answer) = (acceptor.clone(), answer.clone());
        async move {
            let stream = TokioIo::new(acceptor.accept(stream).await.unwrap());
            let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                .serve_connection(stream, service_fn(answer))
                .await;
        }
    })
    .await
}

fn is_resumed(stream: &TlsStream<TcpStream>) -> bool {
    stream.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed)
}

fn url(receiver: &Receiver) -> String {
    format!("https://hooks.example:{}/hook", receiver.address.port())
}
