//! A parsed `http` or `https` address, in the forms that sending needs.
//!
//! Parsed once and shared: a clone is a counted pointer, and a request borrows everything here ready-made. There is one parser (WHATWG,
//! the `url` crate), so what is judged is what is dialled: `127.1`, `0x7f.1`, `2130706433` and `１２７.０.０.１` all arrive as 127.0.0.1.

use std::{fmt, net::IpAddr, str::FromStr, sync::Arc};

use http::{HeaderValue, Uri, uri::PathAndQuery};
use rustls::pki_types::ServerName;
use url::Url;

/// The longest address we take, in bytes, as given and as normalised.
pub const TARGET_BYTES_MAX: usize = 2048;

/// The longest host name and label, RFC 1035 2.3.4.
const NAME_BYTES_MAX: usize = 253;
const LABEL_BYTES_MAX: usize = 63;

/// Where a request goes. Cheap to clone; equal when the normalised addresses are equal.
#[derive(Clone)]
pub struct Target(Arc<Parts>);

/// Why a text is not a [`Target`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Longer than [`TARGET_BYTES_MAX`].
    #[error("the address is longer than {TARGET_BYTES_MAX} bytes")]
    TooLong,
    /// Not an absolute URL, or one with spaces or control characters in it.
    #[error("the address is not a URL")]
    Malformed,
    /// Neither `http` nor `https`.
    #[error("the address must begin with http:// or https://")]
    Scheme,
    /// A user name or password before the host; they would end up in logs.
    #[error("the address must not hold a user name or password")]
    UserInfo,
    /// No host, or one that no resolver and no certificate could know.
    #[error("the host of the address is not valid")]
    Host,
    /// Not a number between 1 and 65535.
    #[error("the port of the address is not valid")]
    Port,
}

struct Parts {
    url: String,
    host: Host,
    port: u16,
    /// `https://host:port`: what connections are shared by.
    origin: Arc<str>,
    path: Uri,
    absolute: Uri,
    host_header: HeaderValue,
    server_name: Option<ServerName<'static>>,
}

/// Who is to be reached: a number, or a name that must be resolved first.
pub(crate) enum Host {
    Address(IpAddr, String),
    Name {
        /// Lower-case ASCII, without a trailing dot: for rules, certificates and headers.
        plain: String,
        /// As given, since a trailing dot tells the resolver not to try its search domains.
        asked: String,
    },
}

impl Target {
    /// Reads an address. The fragment is dropped, as it is never sent.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        if text.len() > TARGET_BYTES_MAX {
            return Err(TargetError::TooLong);
        }
        // The URL standard would silently remove these; a tab inside a host deserves an answer instead.
        if text.contains(|c: char| c.is_control() || c == ' ') {
            return Err(TargetError::Malformed);
        }
        let mut url = Url::parse(text).map_err(TargetError::from_url)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(TargetError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::UserInfo);
        }
        url.set_fragment(None);
        if url.as_str().len() > TARGET_BYTES_MAX {
            return Err(TargetError::TooLong);
        }
        Parts::of(url).map(Arc::new).map(Self)
    }

    /// The normalised address.
    pub fn as_str(&self) -> &str {
        &self.0.url
    }

    /// The host: an ASCII name in lower case without a trailing dot, or an address without brackets.
    pub fn host(&self) -> &str {
        match &self.0.host {
            Host::Address(_, text) => text,
            Host::Name { plain, .. } => plain,
        }
    }

    /// The port, the scheme's own when none was given.
    pub fn port(&self) -> u16 {
        self.0.port
    }

    /// Whether the request travels encrypted.
    pub fn is_https(&self) -> bool {
        self.0.server_name.is_some()
    }

    pub(crate) fn destination(&self) -> &Host {
        &self.0.host
    }

    pub(crate) fn origin(&self) -> &Arc<str> {
        &self.0.origin
    }

    /// The request line's form of HTTP/1.1, RFC 9112 3.2.1.
    pub(crate) fn path(&self) -> &Uri {
        &self.0.path
    }

    /// Scheme and authority too: HTTP/2 sends them as pseudo-headers.
    pub(crate) fn absolute(&self) -> &Uri {
        &self.0.absolute
    }

    pub(crate) fn host_header(&self) -> &HeaderValue {
        &self.0.host_header
    }

    /// The name a certificate must carry; none for plain `http`.
    pub(crate) fn server_name(&self) -> Option<&ServerName<'static>> {
        self.0.server_name.as_ref()
    }
}

impl Parts {
    fn of(url: Url) -> Result<Self, TargetError> {
        let host = Host::of(&url)?;
        let port = url.port_or_known_default().filter(|port| *port != 0).ok_or(TargetError::Port)?;
        let name = match &host {
            Host::Address(IpAddr::V6(_), text) => format!("[{text}]"),
            Host::Address(_, text) => text.clone(),
            Host::Name { plain, .. } => plain.clone(),
        };
        let authority = url.port().map_or_else(|| name.clone(), |port| format!("{name}:{port}"));
        let server_name = match (url.scheme(), &host) {
            ("http", _) => None,
            (_, Host::Address(address, _)) => Some(ServerName::from(*address)),
            (_, Host::Name { plain, .. }) => Some(plain.clone().try_into().map_err(|_| TargetError::Host)?),
        };
        let path = PathAndQuery::from_str(&url[url::Position::BeforePath..url::Position::AfterQuery])
            .map_err(|_| TargetError::Malformed)?;
        let absolute = Uri::builder()
            .scheme(url.scheme())
            .authority(authority.as_str())
            .path_and_query(path.clone())
            .build()
            .map_err(|_| TargetError::Host)?;
        Ok(Self {
            origin: format!("{}://{name}:{port}", url.scheme()).into(),
            host_header: authority.try_into().map_err(|_| TargetError::Host)?,
            path: path.into(),
            absolute,
            server_name,
            port,
            host,
            url: url.into(),
        })
    }
}

impl Host {
    fn of(url: &Url) -> Result<Self, TargetError> {
        match url.host().ok_or(TargetError::Host)? {
            url::Host::Ipv4(address) => Ok(Self::Address(address.into(), address.to_string())),
            url::Host::Ipv6(address) => Ok(Self::Address(address.into(), address.to_string())),
            url::Host::Domain(asked) => {
                let plain = asked.strip_suffix('.').unwrap_or(asked);
                let is_label = |label: &str| (1..=LABEL_BYTES_MAX).contains(&label.len());
                if plain.len() > NAME_BYTES_MAX || !plain.split('.').all(is_label) {
                    return Err(TargetError::Host);
                }
                Ok(Self::Name { plain: plain.to_owned(), asked: asked.to_owned() })
            }
        }
    }
}

impl TargetError {
    fn from_url(error: url::ParseError) -> Self {
        use url::ParseError as E;
        match error {
            E::EmptyHost | E::IdnaError | E::InvalidIpv4Address | E::InvalidIpv6Address | E::InvalidDomainCharacter => {
                Self::Host
            }
            E::InvalidPort => Self::Port,
            E::RelativeUrlWithoutBase => Self::Scheme,
            _ => Self::Malformed,
        }
    }
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        Self::parse(text)
    }
}

impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        self.0.url == other.0.url
    }
}

impl Eq for Target {}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.url)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({})", self.0.url)
    }
}

#[cfg(test)]
#[path = "target/tests.rs"]
mod tests;
