//! One exception to the refusals: a network or a host, perhaps only at one port.
//!
//! A rule opens what [`crate::Client`] would refuse, with two reservations: cloud metadata needs a rule for exactly its address, and our
//! own listeners a rule that names host and port.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use ipnet::{IpNet, Ipv4Net};

use crate::address;

/// A rule as an operator writes it: `127.0.0.1`, `10.0.0.0/8`, `10.0.0.0/8:8443`, `[::1]:8080`, `fd00::/8`, `[fd00::/8]:443`,
/// `hooks.internal`, `hooks.internal:8443`, `*.internal`. Without a port it holds for every port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AllowRule {
    subject: Subject,
    port: Option<u16>,
}

/// Why a text is not an [`AllowRule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AllowRuleError {
    /// Neither an address, a network, nor a host name.
    #[error("an allow rule is an address, a network like 10.0.0.0/8, or a host name, with an optional :port")]
    Subject,
    /// Not a number between 1 and 65535.
    #[error("the port of an allow rule is a number from 1 to 65535")]
    Port,
    /// `10.0.0.1/8`: either one address or the whole network was meant, and we won't guess.
    #[error("the network of an allow rule has bits set beyond its prefix")]
    HostBits,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Subject {
    Network(IpNet),
    Host(String),
    /// Every name below this one, not the name itself.
    Below(String),
}

impl AllowRule {
    /// Lets this address through, when it was reached by this host (a name, or the address itself).
    pub(crate) fn covers(&self, host: &str, address: SocketAddr) -> bool {
        self.has_port(address.port())
            && match &self.subject {
                Subject::Network(network) => network.contains(&address::plain(address.ip())),
                Subject::Host(_) | Subject::Below(_) => self.has_host(host),
            }
    }

    /// Is about this one address and no other.
    pub(crate) fn is_exactly(&self, address: SocketAddr) -> bool {
        let plain = address::plain(address.ip());
        self.has_port(address.port()) && matches!(self.subject, Subject::Network(n) if n == IpNet::from(plain))
    }

    /// Names this host and port outright, so nobody can say it was an oversight.
    pub(crate) fn names(&self, host: &str, address: SocketAddr) -> bool {
        self.port.is_some()
            && (self.is_exactly(address) || (matches!(self.subject, Subject::Host(_)) && self.covers(host, address)))
    }

    /// Is about this host by name, at this port.
    pub(crate) fn opens_name(&self, host: &str, port: u16) -> bool {
        self.has_port(port) && self.has_host(host)
    }

    fn has_host(&self, host: &str) -> bool {
        match &self.subject {
            Subject::Network(_) => false,
            Subject::Host(name) => name == host,
            Subject::Below(parent) => host.strip_suffix(parent.as_str()).is_some_and(|rest| rest.ends_with('.')),
        }
    }

    fn has_port(&self, port: u16) -> bool {
        self.port.is_none_or(|only| only == port)
    }
}

impl FromStr for AllowRule {
    type Err = AllowRuleError;

    fn from_str(text: &str) -> Result<Self, AllowRuleError> {
        let (subject, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (inside, after) = rest.split_once(']').ok_or(AllowRuleError::Subject)?;
                let port = match after.strip_prefix(':') {
                    Some(port) => Some(port),
                    None if after.is_empty() => None,
                    None => return Err(AllowRuleError::Subject),
                };
                (Subject::network(inside)?.ok_or(AllowRuleError::Subject)?, port)
            }
            None => match Subject::network(text)? {
                Some(network) => (network, None),
                None => match text.split_once(':') {
                    Some((subject, port)) => (Subject::parse(subject)?, Some(port)),
                    None => (Subject::parse(text)?, None),
                },
            },
        };
        Ok(Self { subject, port: port.map(parse_port).transpose()? })
    }
}

impl Subject {
    fn parse(text: &str) -> Result<Self, AllowRuleError> {
        if let Some(network) = Self::network(text)? {
            return Ok(network);
        }
        if let Some(parent) = text.strip_prefix("*.") {
            return match Self::host(parent)? {
                Self::Host(name) => Ok(Self::Below(name)),
                _ => Err(AllowRuleError::Subject),
            };
        }
        Self::host(text)
    }

    fn network(text: &str) -> Result<Option<Self>, AllowRuleError> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Some(Self::Network(address::plain(address).into())));
        }
        let Ok(network) = text.parse::<IpNet>() else {
            return Ok(None);
        };
        if network != network.trunc() {
            return Err(AllowRuleError::HostBits);
        }
        Ok(Some(Self::Network(plain_network(network))))
    }

    /// By the parser that reads targets, so that both spell a name alike.
    fn host(text: &str) -> Result<Self, AllowRuleError> {
        match url::Host::parse(text) {
            Ok(url::Host::Ipv4(address)) => Ok(Self::Network(IpAddr::V4(address).into())),
            Ok(url::Host::Domain(name)) => {
                let name = name.strip_suffix('.').unwrap_or(&name);
                if name.contains('*') || name.split('.').any(str::is_empty) {
                    return Err(AllowRuleError::Subject);
                }
                Ok(Self::Host(name.to_owned()))
            }
            Ok(url::Host::Ipv6(_)) | Err(_) => Err(AllowRuleError::Subject),
        }
    }
}

/// `::ffff:10.0.0.0/104` is `10.0.0.0/8`: addresses are compared in their plain form.
fn plain_network(network: IpNet) -> IpNet {
    if let IpNet::V6(v6) = network
        && let Some(prefix) = v6.prefix_len().checked_sub(96)
        && let Some(address) = v6.addr().to_ipv4_mapped()
        && let Ok(v4) = Ipv4Net::new(address, prefix)
    {
        return v4.into();
    }
    network
}

fn parse_port(text: &str) -> Result<u16, AllowRuleError> {
    match text.parse() {
        Ok(port) if port != 0 && text.bytes().all(|b| b.is_ascii_digit()) => Ok(port),
        _ => Err(AllowRuleError::Port),
    }
}

impl fmt::Display for AllowRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subject {
            Subject::Network(network) => {
                let is_one = network.prefix_len() == network.max_prefix_len();
                let text = if is_one { network.addr().to_string() } else { network.to_string() };
                match (network, self.port) {
                    (IpNet::V6(_), Some(_)) => write!(f, "[{text}]")?,
                    _ => f.write_str(&text)?,
                }
            }
            Subject::Host(name) => f.write_str(name)?,
            Subject::Below(parent) => write!(f, "*.{parent}")?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
#[path = "allow/tests.rs"]
mod tests;
