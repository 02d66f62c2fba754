//! Where nobody may have us call: every range by its first and its last address, and all the ways to write or to hide one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

const V4: [&str; 16] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "168.63.129.16/32",
];

/// Where clouds answer with credentials, all within the ranges but for Azure's.
const METADATA: [&str; 7] = [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "169.254.42.42",
    "169.254.0.23",
    "100.100.100.200",
    "192.0.0.192",
];

const V6: [&str; 17] = [
    "::/128",
    "::1/128",
    "::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fd00:ec2::254/128",
    "fd20:ce::254/128",
    "fe80::/10",
    "fe80::a9fe:a9fe/128",
    "fec0::/10",
    "ff00::/8",
];

/// Loopback, private and metadata addresses in other words.
pub const SPELLINGS: [&str; 43] = [
    "127.1",
    "127.0.1",
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7f.1",
    "0x7F.0X0.0.1",
    "0177.1",
    "0177.0.0.1",
    "00000177.0.0.1",
    "127.0.0.1.",
    "%31%32%37.0.0.1",
    "127%2e0.0.1",
    "１２７.０.０.１",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "127．0．0．1",
    "0",
    "0x0",
    "0.0.0.0.",
    "10.1",
    "167772161",
    "0xa.1",
    "012.1",
    "10.0.0.1.",
    "192.168.257",
    "3232235777",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "[0:0:0:0:0:0:0:1]",
    "[::0001]",
    "[0:0:0:0:0:ffff:7f00:1]",
    "[::FFFF:127.0.0.1]",
    "[fd00:0ec2:0:0::254]",
    "localhost",
    "LOCALHOST.",
    "ｌｏｃａｌｈｏｓｔ",
    "a.b.localhost",
    "metadata.google.internal",
    "METADATA.GOOGLE.INTERNAL.",
    "instance-data.ec2.internal",
];

/// What some would dial and we do not even read.
pub const NO_TARGETS: [&str; 12] = [
    "http://127.0.0.1\t/",
    "http://127.0.0.1\0.example/",
    "http://256.0.0.1/",
    "http://127.0.0.1.1/",
    "http://0x7f.0.0.0x1000/",
    "http://4294967296/",
    "http://[::1%25lo]/",
    "http://[::127.0.0.1.1]/",
    "http://public.example@127.0.0.1/",
    "http://127.0.0.1 .example/",
    "//127.0.0.1/",
    "gopher://127.0.0.1/",
];

/// All of them once.
pub fn addresses() -> Vec<IpAddr> {
    let v4: Vec<Ipv4Addr> = V4
        .iter()
        .map(|range| range.parse::<Ipv4Net>().unwrap())
        .flat_map(|range| [range.network(), range.broadcast()])
        .chain(METADATA.iter().map(|address| address.parse().unwrap()))
        .collect();
    let v6 = V6.iter().map(|range| range.parse::<Ipv6Net>().unwrap());
    let v6 = v6.flat_map(|range| [range.network(), range.broadcast()]);
    let mut all: Vec<IpAddr> = v4.iter().map(|address| IpAddr::V4(*address)).collect();
    all.extend(v6.chain(v4.iter().flat_map(|inner| hidden(*inner))).map(IpAddr::V6));
    all.sort_unstable();
    all.dedup();
    all
}

/// The IPv6 addresses that lead to an IPv4 one, by some translator or tunnel.
fn hidden(inner: Ipv4Addr) -> [Ipv6Addr; 7] {
    let [a, b, c, d] = inner.octets().map(u16::from);
    let (high, low) = (a << 8 | b, c << 8 | d);
    [
        Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, high, low), // mapped, RFC 4291 2.5.5.2
        Ipv6Addr::new(0, 0, 0, 0, 0, 0, high, low),      // compatible, RFC 4291 2.5.5.1
        Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low), // NAT64, RFC 6052
        Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, high, low), // local NAT64, RFC 8215
        Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1), // 6to4, RFC 3056
        Ipv6Addr::new(0x2001, 0, high, low, 0, 0, 0, 0), // Teredo's server, RFC 4380
        Ipv6Addr::new(0x2001, 0, 0x808, 0x808, 0, 0, !high, !low), // Teredo's client
    ]
}

/// Linux connects to no group, to no broadcast (loopback has one too), and to no link-local address without the name of a link.
pub fn is_beyond_tcp(address: IpAddr) -> bool {
    const LOOPBACK_BROADCAST: Ipv4Addr = Ipv4Addr::new(127, 255, 255, 255);
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_multicast() || address.is_broadcast() || address == LOOPBACK_BROADCAST,
        IpAddr::V6(address) => address.is_multicast() || address.is_unicast_link_local(),
    }
}
