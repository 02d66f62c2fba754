//! Origin: the scheme and host the caller used, for links that lead back the way the request came.

use std::fmt;
use std::net::IpAddr;

use http::header::{self, HeaderMap, HeaderName};
use http::uri::{Authority, Uri};

use crate::client_ip::{ForwardedBy, TrustedProxies, elements, forwarded_pair};

static X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
static X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Shown as `https://files.example.test`, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Whether the caller spoke TLS, as far as a trusted proxy tells; we do not.
    pub is_https: bool,
    /// Host, and port if there was one. Well-formed; `localhost` when the request named none that is.
    pub host: Authority,
}

impl Origin {
    /// Reads `Forwarded` or the `X-Forwarded-` headers of a trusted proxy, else the request's own target and Host.
    pub fn of(uri: &Uri, headers: &HeaderMap, peer: IpAddr, proxies: &TrustedProxies) -> Self {
        let forwarded = if proxies.trusts(peer) { forwarded(headers, proxies.by) } else { Forwarded::default() };
        let asked = || match uri.authority() {
            Some(authority) => Some(authority.as_str()),
            None => headers.get(header::HOST)?.to_str().ok(),
        };
        let host = forwarded.host.or_else(asked).and_then(well_formed);
        Self {
            is_https: forwarded.scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")),
            host: host.unwrap_or_else(|| Authority::from_static("localhost")),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.is_https { "https" } else { "http" }, self.host)
    }
}

#[derive(Default)]
struct Forwarded<'a> {
    scheme: Option<&'a str>,
    host: Option<&'a str>,
}

/// What the nearest proxy said: the last element of each header.
fn forwarded(headers: &HeaderMap, by: ForwardedBy) -> Forwarded<'_> {
    match by {
        ForwardedBy::XForwarded => {
            let last = |name| elements(headers, name).last().filter(|element| !element.is_empty());
            Forwarded { scheme: last(&X_FORWARDED_PROTO), host: last(&X_FORWARDED_HOST) }
        }
        ForwardedBy::Forwarded => {
            let element = elements(headers, &header::FORWARDED).last().unwrap_or_default();
            Forwarded { scheme: forwarded_pair(element, "proto"), host: forwarded_pair(element, "host") }
        }
    }
}

fn well_formed(host: &str) -> Option<Authority> {
    host.parse().ok().filter(|authority: &Authority| !authority.as_str().contains('@') && !authority.host().is_empty())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[track_caller]
    fn check(uri: &str, by: ForwardedBy, peer: &str, headers: &[(&str, &str)], expected: &str) {
        let proxies = TrustedProxies::new(&["10.0.0.0/8"], by).unwrap();
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let origin = Origin::of(&uri.parse().unwrap(), &headers, peer.parse().unwrap(), &proxies);
        assert_eq!(origin.to_string(), expected);
    }

    #[test]
    fn the_requests_own_words() {
        let check = |uri, headers, expected| check(uri, ForwardedBy::XForwarded, "192.0.2.1", headers, expected);
        check("/files/", &[("host", "api.example.test:8080")], "http://api.example.test:8080");
        check("http://api.example.test/files/", &[("host", "other")], "http://api.example.test");
        check("/files/", &[("host", "a"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "evil")], "http://a");
        check("/files/", &[], "http://localhost");
        check("/files/", &[("host", "a b\"")], "http://localhost");
        check("/files/", &[("host", "user@evil")], "http://localhost");
    }

    #[test]
    fn a_trusted_proxys_words() {
        let x = ForwardedBy::XForwarded;
        check("/", x, "10.0.0.1", &[("host", "a"), ("x-forwarded-proto", "https")], "https://a");
        check("/", x, "10.0.0.1", &[("host", "a"), ("x-forwarded-host", "evil, b")], "http://b");
        let pairs = [("host", "a"), ("forwarded", "host=evil, for=1.1.1.1;proto=https;host=\"b:8443\"")];
        check("/", ForwardedBy::Forwarded, "10.0.0.1", &pairs, "https://b:8443");
    }
}
