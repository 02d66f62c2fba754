//! Whom we may call: the judgement of addresses, the operator's exceptions, and our own doors.
//!
//! Asked twice: once about a target as written, when it is saved, and once about every address a name resolves to, just before dialling.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use crate::{
    address::{self, Standing},
    allow::AllowRule,
    error::Error,
    target::{Host, Target},
};

/// Names by which clouds answer a machine about itself; refused even where no resolver here knows them.
const FORBIDDEN_NAMES: [&str; 8] = [
    "localhost",
    "metadata",
    "metadata.google.internal",
    "metadata.goog",
    "metadata.azure.internal",
    "metadata.tencentyun.com",
    "instance-data",
    "instance-data.ec2.internal",
];

pub(crate) struct Policy {
    rules: Vec<AllowRule>,
    own: Vec<SocketAddr>,
}

impl Policy {
    pub(crate) fn new(rules: Vec<AllowRule>, own: Vec<SocketAddr>) -> Self {
        Self { rules, own }
    }

    /// Judges what can be judged without asking anyone.
    pub(crate) fn check(&self, target: &Target) -> Result<(), Error> {
        let may = match target.destination() {
            Host::Address(ip, text) => self.may_dial(text, SocketAddr::new(*ip, target.port())),
            Host::Name { plain, .. } => {
                !is_forbidden(plain) || self.rules.iter().any(|rule| rule.opens_name(plain, target.port()))
            }
        };
        may.then_some(()).ok_or(Error::BlockedAddress)
    }

    /// May this address be dialled on behalf of this host?
    pub(crate) fn may_dial(&self, host: &str, address: SocketAddr) -> bool {
        let may = match address::judge(address.ip()) {
            Standing::Public => true,
            Standing::Forbidden => self.rules.iter().any(|rule| rule.covers(host, address)),
            Standing::Metadata => self.rules.iter().any(|rule| rule.is_exactly(address)),
        };
        may && (!self.is_own(address) || self.rules.iter().any(|rule| rule.names(host, address)))
    }

    fn is_own(&self, address: SocketAddr) -> bool {
        let ip = address::plain(address.ip());
        self.own.iter().filter(|own| own.port() == address.port()).any(|own| {
            let own = address::plain(own.ip());
            own == ip || (own.is_unspecified() && is_local(ip))
        })
    }
}

fn is_forbidden(name: &str) -> bool {
    FORBIDDEN_NAMES.contains(&name) || name.ends_with(".localhost")
}

/// Does this machine answer at this address? The kernel picks an address as its own source exactly when it is local; connecting a
/// datagram socket asks it that without sending anything.
fn is_local(ip: IpAddr) -> bool {
    let any: IpAddr = if ip.is_ipv4() { [0; 4].into() } else { [0; 16].into() };
    let source = || {
        let socket = UdpSocket::bind((any, 0))?;
        socket.connect((ip, 9))?;
        socket.local_addr()
    };
    ip.is_loopback() || ip.is_unspecified() || source().is_ok_and(|source: SocketAddr| source.ip() == ip)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn targets_are_judged_as_written() {
        let policy = policy(&["127.0.0.1:9000", "hooks.internal", "169.254.0.0/16", "localhost:81"], &[]);
        for (target, expected) in [
            ("https://example.com/", true),
            ("https://8.8.8.8/", true),
            ("http://127.0.0.1:9000/", true),
            ("http://[::ffff:127.0.0.1]:9000/", true),
            ("http://2130706433:9000/", true),
            ("http://127.0.0.1:9001/", false),
            ("http://[::ffff:127.0.0.1]/", false),
            ("http://[::127.0.0.1]:9000/", false),
            ("http://0/", false),
            ("http://[::]/", false),
            ("http://127.1/", false),
            ("http://0x7f.1/", false),
            ("http://10.0.0.1./", false),
            ("http://１０.0.0.1/", false),
            ("http://localhost/", false),
            ("http://localhost:81/", true),
            ("http://LOCALHOST./", false),
            ("http://a.localhost/", false),
            ("http://metadata.google.internal./", false),
            ("http://hooks.internal/", true),
            ("http://169.254.1.1/", true),
            ("http://169.254.169.254/", false),
            ("http://[fd00:ec2::254]/", false),
        ] {
            assert_eq!(policy.check(&Target::parse(target).unwrap()).is_ok(), expected, "{target}");
        }
    }

    #[test]
    fn metadata_is_opened_by_its_own_address_only() {
        let metadata = "169.254.169.254:80";
        assert!(!may_dial(&["0.0.0.0/0", "::/0", "hooks.internal", "*.internal"], &[], metadata));
        assert!(!may_dial(&["64:ff9b::/96"], &[], "[64:ff9b::169.254.169.254]:80"));
        assert!(!may_dial(&["fd00::/8"], &[], "[fd00:ec2::254]:80"));
        assert!(may_dial(&["169.254.169.254"], &[], metadata));
        assert!(may_dial(&["169.254.169.254"], &[], "[::ffff:169.254.169.254]:80"));
        assert!(may_dial(&["fd00:ec2::254/128"], &[], "[fd00:ec2::254]:80"));
    }

    #[test]
    fn our_own_doors_stay_shut_unless_named() {
        let ours = "127.0.0.1:8080";
        for own in [ours, "0.0.0.0:8080", "[::]:8080", "[::ffff:127.0.0.1]:8080"] {
            assert!(!may_dial(&["127.0.0.0/8"], &[own], ours), "{own}");
            assert!(!may_dial(&["hooks.internal"], &[own], ours), "{own}");
            assert!(may_dial(&["127.0.0.0/8"], &[own], "127.0.0.1:8081"), "{own}");
            assert!(may_dial(&["127.0.0.1:8080"], &[own], ours), "{own}");
            assert!(may_dial(&["hooks.internal:8080"], &[own], ours), "{own}");
        }
        assert!(!may_dial(&[], &["8.8.8.8:443"], "8.8.8.8:443"));
        assert!(may_dial(&[], &["0.0.0.0:443"], "8.8.8.8:443"));
    }

    #[test]
    fn an_unspecified_listener_stands_for_every_address_of_this_machine() {
        let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
        if socket.connect("8.8.8.8:9").is_err() {
            return; // a machine with loopback only
        }
        let here = SocketAddr::new(socket.local_addr().unwrap().ip(), 8080).to_string();
        assert!(may_dial(&["0.0.0.0/0"], &[], &here));
        assert!(!may_dial(&["0.0.0.0/0"], &["0.0.0.0:8080"], &here));
        assert!(may_dial(&["0.0.0.0/0", &here], &["0.0.0.0:8080"], &here));
    }

    fn may_dial(rules: &[&str], own: &[&str], address: &str) -> bool {
        policy(rules, own).may_dial("hooks.internal", address.parse().unwrap())
    }

    fn policy(rules: &[&str], own: &[&str]) -> Policy {
        Policy::new(
            rules.iter().map(|r| r.parse().unwrap()).collect(),
            own.iter().map(|o| o.parse().unwrap()).collect(),
        )
    }
}
