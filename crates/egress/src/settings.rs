//! What a client is told when it is made.

use std::{net::SocketAddr, time::Duration};

use crate::allow::AllowRule;

/// One policy. Connections are shared within a client, so callers with different rules need clients of their own.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Exceptions to what is refused.
    pub allow: Vec<AllowRule>,
    /// Where we ourselves listen: refused unless a rule names host and port. An unspecified address (`0.0.0.0`, `::`) stands for every
    /// address of this machine.
    pub own_addresses: Vec<SocketAddr>,
    /// Longest wait for a connection, TLS handshake included.
    pub connect_timeout: Duration,
    /// Longest wait for a name.
    pub resolve_timeout: Duration,
    /// How long an unused connection is kept.
    pub idle_timeout: Duration,
    /// Unused connections kept per scheme, host and port.
    pub idle_per_host_max: usize,
    /// Certificates to trust beside the system's, in PEM.
    pub extra_roots_pem: Option<Vec<u8>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            own_addresses: Vec::new(),
            connect_timeout: Duration::from_secs(5),
            resolve_timeout: Duration::from_secs(3),
            idle_timeout: Duration::from_mins(1),
            idle_per_host_max: 64,
            extra_roots_pem: None,
        }
    }
}
