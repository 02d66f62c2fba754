//! Is this address public? Ranges by RFC, and the IPv4 addresses that hide inside IPv6.
//!
//! A pure function over numbers: no names, no rules, no IO. IPv4 is a list of what is refused; IPv6 the other way round, since only
//! `2000::/3` is handed out as global unicast (RFC 4291 2.4) and whatever lies outside is refused without being named.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What we think of an address before any rule has spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Reachable by anyone, so nobody gains by reaching it through us.
    Public,
    /// Private, local, reserved or otherwise not for strangers.
    Forbidden,
    /// Answers with a machine's credentials; opened only by a rule for exactly this address.
    Metadata,
}

/// Judges an address by its number alone.
pub(crate) fn judge(address: IpAddr) -> Standing {
    match address {
        IpAddr::V4(address) => judge_v4(address),
        IpAddr::V6(address) => judge_v6(address),
    }
}

/// The same address in its plainest spelling: `::ffff:10.0.0.1` is `10.0.0.1` to the kernel, so it is to us.
pub(crate) fn plain(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// IANA IPv4 special-purpose registry (RFC 6890 and its updates): what is not globally reachable.
const FORBIDDEN_V4: [(Ipv4Addr, u8); 16] = [
    (Ipv4Addr::UNSPECIFIED, 8),            // this network, RFC 791; Linux dials itself
    (Ipv4Addr::new(10, 0, 0, 0), 8),       // private, RFC 1918
    (Ipv4Addr::new(100, 64, 0, 0), 10),    // carrier-grade NAT, RFC 6598
    (Ipv4Addr::new(127, 0, 0, 0), 8),      // loopback, RFC 1122
    (Ipv4Addr::new(169, 254, 0, 0), 16),   // link-local, RFC 3927
    (Ipv4Addr::new(172, 16, 0, 0), 12),    // private, RFC 1918
    (Ipv4Addr::new(192, 0, 0, 0), 24),     // protocol assignments, RFC 6890
    (Ipv4Addr::new(192, 0, 2, 0), 24),     // documentation, RFC 5737
    (Ipv4Addr::new(192, 88, 99, 0), 24),   // 6to4 relays, withdrawn by RFC 7526
    (Ipv4Addr::new(192, 168, 0, 0), 16),   // private, RFC 1918
    (Ipv4Addr::new(198, 18, 0, 0), 15),    // benchmarking, RFC 2544
    (Ipv4Addr::new(198, 51, 100, 0), 24),  // documentation, RFC 5737
    (Ipv4Addr::new(203, 0, 113, 0), 24),   // documentation, RFC 5737
    (Ipv4Addr::new(224, 0, 0, 0), 4),      // multicast, RFC 5771
    (Ipv4Addr::new(240, 0, 0, 0), 4),      // reserved and broadcast, RFC 1112, RFC 919
    (Ipv4Addr::new(168, 63, 129, 16), 32), // Azure's wire server, a public number that answers only inside
];

/// What is carved out of `2000::/3`.
const FORBIDDEN_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments with Teredo, RFC 2928, RFC 4380
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation, RFC 3849
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4, RFC 3056
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation, RFC 9637
];

const GLOBAL_UNICAST: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Where clouds answer a machine about itself, per their own documentation.
const METADATA_V4: [Ipv4Addr; 8] = [
    Ipv4Addr::new(169, 254, 169, 254), // nearly everyone
    Ipv4Addr::new(169, 254, 170, 2),   // AWS container credentials
    Ipv4Addr::new(169, 254, 170, 23),  // AWS pod identity
    Ipv4Addr::new(169, 254, 42, 42),   // Scaleway
    Ipv4Addr::new(169, 254, 0, 23),    // Tencent
    Ipv4Addr::new(100, 100, 100, 200), // Alibaba
    Ipv4Addr::new(192, 0, 0, 192),     // Oracle, classic
    Ipv4Addr::new(168, 63, 129, 16),   // Azure
];

const METADATA_V6: [Ipv6Addr; 5] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),   // AWS
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23),    // AWS pod identity
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),    // Google
    Ipv6Addr::new(0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42),     // Scaleway
    Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0xa9fe, 0xa9fe), // OpenStack
];

fn judge_v4(address: Ipv4Addr) -> Standing {
    if METADATA_V4.contains(&address) {
        Standing::Metadata
    } else if FORBIDDEN_V4.iter().any(|range| is_in_v4(address, *range)) {
        Standing::Forbidden
    } else {
        Standing::Public
    }
}

fn judge_v6(address: Ipv6Addr) -> Standing {
    match Disguise::of(address) {
        Disguise::Transparent(inner) => return judge_v4(inner),
        Disguise::Opaque(inner) if inner.iter().any(|inner| METADATA_V4.contains(inner)) => return Standing::Metadata,
        Disguise::Opaque(_) => return Standing::Forbidden,
        Disguise::None => {}
    }
    if METADATA_V6.contains(&address) {
        Standing::Metadata
    } else if !is_in_v6(address, GLOBAL_UNICAST) || FORBIDDEN_V6.iter().any(|range| is_in_v6(address, *range)) {
        Standing::Forbidden
    } else {
        Standing::Public
    }
}

/// How an IPv6 address may carry an IPv4 one.
enum Disguise {
    None,
    /// Traffic really goes to the inner address: judged as that one.
    Transparent(Ipv4Addr),
    /// A tunnel we never enter; the inner addresses only decide how firmly it is shut. Two, where the layout is a site's choice.
    Opaque([Ipv4Addr; 2]),
}

impl Disguise {
    fn of(address: Ipv6Addr) -> Self {
        let s = address.segments();
        let last = inner(s[6], s[7]);
        match s {
            [0, 0, 0, 0, 0, 0xffff, _, _] | [0x64, 0xff9b, 0, 0, 0, 0, _, _] => Self::Transparent(last), // RFC 4291, RFC 6052
            [0, 0, 0, 0, 0, 0, _, _] => Self::Opaque([last; 2]), // IPv4-compatible, withdrawn; also :: and ::1
            [0x64, 0xff9b, 1, ..] => Self::Opaque([last, inner(s[3], s[4] << 8 | s[5] >> 8)]), // RFC 8215
            [0x2002, ..] => Self::Opaque([inner(s[1], s[2]); 2]), // 6to4
            [0x2001, 0, ..] => Self::Opaque([inner(!s[6], !s[7]), inner(s[2], s[3])]), // Teredo: client, server
            _ => Self::None,
        }
    }
}

fn inner(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

fn is_in_v4(address: Ipv4Addr, (network, prefix): (Ipv4Addr, u8)) -> bool {
    (address.to_bits() ^ network.to_bits()) >> (32 - prefix) == 0
}

fn is_in_v6(address: Ipv6Addr, (network, prefix): (Ipv6Addr, u8)) -> bool {
    (address.to_bits() ^ network.to_bits()) >> (128 - prefix) == 0
}

#[cfg(test)]
#[path = "address/tests.rs"]
mod tests;
