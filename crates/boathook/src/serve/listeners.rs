//! Listeners: which address serves which doors, and how they are reached.

use crate::assemble::{Bases, Shares};
use crate::config::{self, Listen};
use crate::failure::Failure;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use tokio::net::TcpListener;

/// Sockets that are bound, each with the doors behind it.
pub(super) struct Listeners(pub Vec<(TcpListener, Shares)>);

impl Listeners {
    pub async fn bind(listen: Listen) -> Result<Self, Failure> {
        let mut listeners = Vec::new();
        for (address, shares) in listen.shares() {
            listeners.push((web::serve::bind(address).await?, shares));
        }
        Ok(Self(listeners))
    }

    /// Where they listen, with the ports that the kernel chose.
    pub fn listen(&self) -> Result<Listen, Failure> {
        let mut listen = Listen { main: self.0[0].0.local_addr()?, api: None, upload: None, cdn: None };
        for (listener, shares) in &self.0[1..] {
            let address = Some(listener.local_addr()?);
            match shares {
                Shares { api: true, .. } => listen.api = address,
                Shares { upload: true, .. } => listen.upload = address,
                _ => listen.cdn = address,
            }
        }
        Ok(listen)
    }
}

impl Listen {
    /// The main address with what is left for it, then each door that has one of its own.
    fn shares(self) -> Vec<(SocketAddr, Shares)> {
        let none = Shares::default();
        let main = Shares { api: self.api.is_none(), upload: self.upload.is_none(), cdn: self.cdn.is_none() };
        let own = [
            self.api.map(|address| (address, Shares { api: true, ..none })),
            self.upload.map(|address| (address, Shares { upload: true, ..none })),
            self.cdn.map(|address| (address, Shares { cdn: true, ..none })),
        ];
        std::iter::once((self.main, main)).chain(own.into_iter().flatten()).collect()
    }

    /// Every address.
    pub fn addresses(self) -> Vec<SocketAddr> {
        self.shares().into_iter().map(|(address, _)| address).collect()
    }
}

/// As configured, or how somebody on this machine reaches the listeners.
pub fn bases(configured: &config::Bases, listen: Listen) -> Bases {
    let base = |given: &Option<String>, own: Option<SocketAddr>| match given {
        Some(base) => base.clone(),
        None => format!("http://{}", reachable(own.unwrap_or(listen.main))),
    };
    Bases {
        api: base(&configured.api, listen.api),
        upload: base(&configured.upload, listen.upload),
        cdn: base(&configured.cdn, listen.cdn),
    }
}

/// Where a listener is reached from this machine: one on every address is reached by loopback.
pub fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
