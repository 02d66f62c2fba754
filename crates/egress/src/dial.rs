//! A new connection: resolve, judge every address, dial one that passed, check who answered, shake hands.
//!
//! **Invariant:** this is the only place that opens a socket, and it dials numbers, never names: no later lookup can answer differently.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use rustls::pki_types::ServerName;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};
use tokio_rustls::TlsConnector;

use crate::{
    error::Error,
    meter::{Allowance, Metered},
    policy::Policy,
    resolver::Resolver,
    settings::Settings,
    stream::Carrier,
    target::{Host, Target},
    tls,
};

/// Addresses of one name that we try before giving up.
const DIALS_MAX: usize = 8;

pub(crate) struct Dialer {
    pub(crate) policy: Policy,
    resolver: Resolver,
    tls: TlsConnector,
    connect_timeout: Duration,
    resolve_timeout: Duration,
    /// The family that last worked when the other did not, so that a machine without IPv6 tries it only once.
    prefers_ipv4: AtomicBool,
}

/// A connection that is ready for HTTP, and what it took.
pub(crate) struct Dialed {
    pub(crate) carrier: Carrier,
    pub(crate) allowance: Allowance,
    pub(crate) remote: SocketAddr,
    pub(crate) is_http2: bool,
    pub(crate) phases: Phases,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Phases {
    pub(crate) resolve: Duration,
    pub(crate) connect: Duration,
    pub(crate) tls: Option<Duration>,
}

impl Dialer {
    pub(crate) fn new(settings: Settings, resolver: Resolver) -> Result<Self, Error> {
        let tls = tls::config(settings.extra_roots_pem.as_deref())?;
        Ok(Self {
            policy: Policy::new(settings.allow, settings.own_addresses),
            resolver,
            tls: TlsConnector::from(Arc::new(tls)),
            connect_timeout: settings.connect_timeout,
            resolve_timeout: settings.resolve_timeout,
            prefers_ipv4: AtomicBool::new(false),
        })
    }

    pub(crate) async fn dial(&self, target: &Target) -> Result<Dialed, Error> {
        let started = Instant::now();
        let addresses = self.vetted(target).await?;
        let resolved = Instant::now();
        let deadline = resolved + self.connect_timeout;
        let (stream, remote) = self.connect_any(addresses, deadline).await?;
        let connected = Instant::now();
        // Small writes leave at once; a failure only makes them later.
        let _ = stream.set_nodelay(true);
        let phases = Phases { resolve: resolved - started, connect: connected - resolved, tls: None };
        let (stream, allowance) = Metered::new(stream);
        let Some(name) = target.server_name() else {
            return Ok(Dialed { carrier: Carrier::Plain(stream), allowance, remote, is_http2: false, phases });
        };
        let (carrier, is_http2) = self.shake_hands(name.clone(), stream, deadline).await?;
        Ok(Dialed { carrier, allowance, remote, is_http2, phases: Phases { tls: Some(connected.elapsed()), ..phases } })
    }

    /// The addresses of the target, all of them allowed: one forbidden address condemns the name, as it shows that whoever answers for
    /// it would have us call inside.
    async fn vetted(&self, target: &Target) -> Result<Vec<SocketAddr>, Error> {
        self.policy.check(target)?;
        let addresses = match target.destination() {
            Host::Address(address, _) => vec![*address],
            Host::Name { asked, .. } => self.resolver.resolve(asked, self.resolve_timeout).await?,
        };
        let mut addresses: Vec<_> = addresses.into_iter().map(|ip| SocketAddr::new(ip, target.port())).collect();
        if !addresses.iter().all(|address| self.policy.may_dial(target.host(), *address)) {
            return Err(Error::BlockedAddress);
        }
        if self.prefers_ipv4.load(Relaxed) {
            addresses.sort_by_key(SocketAddr::is_ipv6);
        }
        addresses.truncate(DIALS_MAX);
        Ok(addresses)
    }

    /// One address after the other, each with its share of what time is left.
    async fn connect_any(
        &self,
        addresses: Vec<SocketAddr>,
        deadline: Instant,
    ) -> Result<(TcpStream, SocketAddr), Error> {
        let mut error = Error::ConnectRefused;
        let mut has_failed_ipv6 = false;
        for (tried, address) in addresses.iter().enumerate() {
            let left = deadline.saturating_duration_since(Instant::now());
            let share = left / u32::try_from(addresses.len() - tried).expect("there are at most DIALS_MAX addresses");
            match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    if address.is_ipv6() || has_failed_ipv6 {
                        self.prefers_ipv4.store(address.is_ipv4(), Relaxed);
                    }
                    return check_peer(stream, *address);
                }
                Ok(Err(failure)) => error = refused(&failure, address.ip()),
                Err(_elapsed) => error = Error::ConnectTimeout,
            }
            has_failed_ipv6 |= address.is_ipv6();
        }
        Err(error)
    }

    async fn shake_hands(
        &self,
        name: ServerName<'static>,
        stream: Metered,
        deadline: Instant,
    ) -> Result<(Carrier, bool), Error> {
        let handshake = timeout_at(deadline, self.tls.connect(name, stream)).await;
        let stream = handshake.map_err(|_| Error::ConnectTimeout)?.map_err(|_| Error::Tls)?;
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(tls::H2);
        Ok((Carrier::Tls(Box::new(stream)), is_http2))
    }
}

/// The kernel was given a number, so this cannot differ; if it ever does, nothing is sent.
fn check_peer(stream: TcpStream, dialed: SocketAddr) -> Result<(TcpStream, SocketAddr), Error> {
    match stream.peer_addr() {
        Ok(peer) if (peer.ip(), peer.port()) == (dialed.ip(), dialed.port()) => Ok((stream, dialed)),
        Ok(_) => Err(Error::BlockedAddress),
        Err(_) => Err(Error::ConnectionReset),
    }
}

/// A lack of sockets here is not the receiver's refusal: counted as one, it would switch off every webhook at once.
fn refused(failure: &io::Error, dialed: IpAddr) -> Error {
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    match (failure.raw_os_error(), failure.kind()) {
        (Some(ENFILE | EMFILE), _) | (_, io::ErrorKind::OutOfMemory) => Error::NoSocket,
        // No free local port. For IPv6 it rather means that this machine has none.
        (_, io::ErrorKind::AddrNotAvailable) if dialed.is_ipv4() => Error::NoSocket,
        (_, io::ErrorKind::TimedOut) => Error::ConnectTimeout,
        _ => Error::ConnectRefused,
    }
}
