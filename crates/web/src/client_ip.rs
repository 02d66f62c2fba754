//! Whose request this is, by address: the peer, unless it is a proxy the operator trusts to say who was behind it.
//!
//! Anyone can send `X-Forwarded-For`. Each honest proxy appends the address it saw, so the list is read from the right
//! for as long as the speaker is trusted; the first address that is not a trusted proxy's is the client's.

use std::net::{IpAddr, SocketAddr};

use http::header::{self, HeaderMap, HeaderName};
use ipnet::IpNet;

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The header the operator's proxies write. Only that one is believed: a proxy passes on the other as the client sent it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardedBy {
    /// `X-Forwarded-For`, with `X-Forwarded-Proto` and `X-Forwarded-Host`.
    #[default]
    XForwarded,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// A proxy's address that is neither an address nor a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is neither an IP address nor a network such as 10.0.0.0/8")]
pub struct BadNetwork {
    /// The text as configured.
    pub text: String,
}

/// The proxies that may be believed. By default none.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    pub(crate) by: ForwardedBy,
}

impl TrustedProxies {
    /// Trusts these addresses and networks (`127.0.0.1`, `10.0.0.0/8`, `fd00::/8`).
    pub fn new(networks: &[impl AsRef<str>], by: ForwardedBy) -> Result<Self, BadNetwork> {
        let networks = networks.iter().map(|text| network(text.as_ref())).collect::<Result<_, _>>()?;
        Ok(Self { networks, by })
    }

    /// Whether this address is a trusted proxy's.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// The client's address, IPv4 in its own form even when it came in through an IPv6 socket.
    pub fn client_ip(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let mut hops = self.hops(headers);
        while self.trusts(client) {
            let Some(address) = hops.pop().and_then(address) else {
                break;
            };
            client = address;
        }
        client
    }

    /// What the proxies said about their peers, the nearest last.
    fn hops<'a>(&self, headers: &'a HeaderMap) -> Vec<&'a str> {
        match self.by {
            ForwardedBy::XForwarded => elements(headers, &X_FORWARDED_FOR).collect(),
            ForwardedBy::Forwarded => elements(headers, &header::FORWARDED)
                .map(|element| forwarded_pair(element, "for").unwrap_or_default())
                .collect(),
        }
    }
}

/// The elements of a header that is a list, over all its lines. A line that is not text is one unusable element.
pub(crate) fn elements<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).iter().flat_map(|line| line.to_str().unwrap_or_default().split(',')).map(str::trim)
}

/// The value of one pair of a `Forwarded` element, without quotes (RFC 7239 section 4).
pub(crate) fn forwarded_pair<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().trim_matches('"'))
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`. None for `unknown` and the like.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().or_else(|_| hop.parse().map(|socket: SocketAddr| socket.ip())).ok()?;
    Some(address.to_canonical())
}

fn network(text: &str) -> Result<IpNet, BadNetwork> {
    let text = text.trim();
    let network = text.parse().or_else(|_| text.parse().map(|address: IpAddr| IpNet::from(address.to_canonical())));
    network.map_err(|_| BadNetwork { text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[track_caller]
    fn check(by: ForwardedBy, peer: &str, lines: &[&str], expected: &str) {
        let proxies = TrustedProxies::new(&["10.0.0.0/8", "fd00::/8", "127.0.0.1"], by).unwrap();
        let name = if by == ForwardedBy::Forwarded { header::FORWARDED } else { X_FORWARDED_FOR.clone() };
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(&name, line.parse().unwrap());
        }
        let client = proxies.client_ip(peer.parse().unwrap(), &headers);
        assert_eq!(client.to_string(), expected, "{peer} {lines:?}");
    }

    #[test]
    fn x_forwarded_for_is_read_from_the_right() {
        let check = |peer, lines, expected| check(ForwardedBy::XForwarded, peer, lines, expected);
        check("203.0.113.9", &["198.51.100.1"], "203.0.113.9");
        check("10.0.0.1", &["198.51.100.1"], "198.51.100.1");
        check("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"], "198.51.100.1");
        check("10.0.0.1", &["1.1.1.1, 198.51.100.1", "10.0.0.2"], "198.51.100.1");
        check("10.0.0.1", &[], "10.0.0.1");
        check("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3");
        check("10.0.0.1", &["198.51.100.1, unknown"], "10.0.0.1");
        check("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1");
        check("fd00::1", &["[2001:db8::1]:80"], "2001:db8::1");
        check("::ffff:10.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1");
    }

    #[test]
    fn forwarded_by_rfc_7239() {
        let check = |lines, expected| check(ForwardedBy::Forwarded, "127.0.0.1", lines, expected);
        check(&["for=198.51.100.1;proto=https"], "198.51.100.1");
        check(&["for=1.1.1.1, For=\"[2001:db8::1]:4711\", for=10.1.2.3"], "2001:db8::1");
        check(&["for=1.1.1.1, for=_hidden"], "127.0.0.1");
        check(&["proto=https"], "127.0.0.1");
    }

    #[test]
    fn nobody_is_trusted_by_default() {
        let headers = HeaderMap::from_iter([(X_FORWARDED_FOR.clone(), "198.51.100.1".parse().unwrap())]);
        let peer = "127.0.0.1".parse().unwrap();
        assert_eq!(TrustedProxies::default().client_ip(peer, &headers), peer);
    }

    #[test]
    fn a_bad_network_is_named() {
        let error = TrustedProxies::new(&["10.0.0.0/8", "10.0.0.0/33"], ForwardedBy::default()).unwrap_err();
        assert_eq!(error.to_string(), r#""10.0.0.0/33" is neither an IP address nor a network such as 10.0.0.0/8"#);
    }
}
