//! Every range, by its first address, its last, and the ones just outside.
#![allow(clippy::unwrap_used, missing_docs)]

use proptest::prelude::*;

use super::*;

/// Network, then what stands just before it and just after it.
const RANGES: [(&str, Standing, Standing); 15] = {
    use Standing::{Forbidden as F, Public as P};
    [
        ("0.0.0.0/8", P, P),
        ("10.0.0.0/8", P, P),
        ("100.64.0.0/10", P, P),
        ("127.0.0.0/8", P, P),
        ("169.254.0.0/16", P, P),
        ("172.16.0.0/12", P, P),
        ("192.0.0.0/24", P, P),
        ("192.0.2.0/24", P, P),
        ("192.88.99.0/24", P, P),
        ("192.168.0.0/16", P, P),
        ("198.18.0.0/15", P, P),
        ("198.51.100.0/24", P, P),
        ("203.0.113.0/24", P, P),
        ("224.0.0.0/4", P, F),
        ("240.0.0.0/4", F, P),
    ]
};

#[test]
fn ipv4_ranges_are_forbidden_to_their_edges() {
    for (network, before, after) in RANGES {
        let network: ipnet::Ipv4Net = network.parse().unwrap();
        let (first, last) = (network.network(), network.broadcast());
        check_v4(first, Standing::Forbidden);
        check_v4(last, Standing::Forbidden);
        if let Some(outside) = first.to_bits().checked_sub(1) {
            check_v4(Ipv4Addr::from_bits(outside), before);
        }
        if let Some(outside) = last.to_bits().checked_add(1) {
            check_v4(Ipv4Addr::from_bits(outside), after);
        }
    }
}

#[test]
fn ipv6_ranges_are_forbidden_to_their_edges() {
    use Standing::{Forbidden as F, Public as P};
    for (network, before, after) in [
        ("::/96", F, F),
        ("::/3", F, P),
        ("64:ff9b:1::/48", F, F),
        ("100::/64", F, F),
        ("2001::/23", P, P),
        ("2001::/32", P, F),
        ("2001:db8::/32", P, P),
        ("2002::/16", P, P),
        ("3fff::/20", P, P),
        ("4000::/3", P, F),
        ("5f00::/16", F, F),
        ("fc00::/7", F, F),
        ("fe80::/10", F, F),
        ("fec0::/10", F, F),
        ("ff00::/8", F, F),
    ] {
        let network: ipnet::Ipv6Net = network.parse().unwrap();
        let (first, last) = (network.network(), network.broadcast());
        check(first.into(), Standing::Forbidden);
        check(last.into(), Standing::Forbidden);
        if let Some(outside) = first.to_bits().checked_sub(1) {
            check(Ipv6Addr::from_bits(outside).into(), before);
        }
        if let Some(outside) = last.to_bits().checked_add(1) {
            check(Ipv6Addr::from_bits(outside).into(), after);
        }
    }
}

#[test]
fn well_known_addresses_stand_where_they_should() {
    use Standing::{Forbidden as F, Metadata as M, Public as P};
    for (address, expected) in [
        ("8.8.8.8", P),
        ("192.31.196.1", P),
        ("2606:4700:4700::1111", P),
        ("2620:4f:8000::1", P),
        ("::", F),
        ("::1", F),
        ("::127.0.0.1", F),
        ("::8.8.8.8", F),
        ("::ffff:127.0.0.1", F),
        ("::ffff:8.8.8.8", P),
        ("64:ff9b::10.0.0.1", F),
        ("64:ff9b::8.8.8.8", P),
        ("64:ff9b:1::8.8.8.8", F),
        ("2002:7f00:1::", F),
        ("2002:808:808::1", F),
        ("2001:0:808:808::f7f7:f7f7", F),
        ("169.254.169.254", M),
        ("168.63.129.16", M),
        ("168.63.129.15", P),
        ("168.63.129.17", P),
        ("100.100.100.200", M),
        ("fd00:ec2::254", M),
        ("fd00:ec2::255", F),
        ("fe80::a9fe:a9fe", M),
        ("::ffff:169.254.169.254", M),
        ("::169.254.169.254", M),
        ("64:ff9b::169.254.169.254", M),
        ("64:ff9b:1::169.254.169.254", M),
        ("64:ff9b:1:a9fe:a9:fe00::", M),
        ("2002:a9fe:a9fe::1", M),
        ("2001:0:a9fe:a9fe::", M),
        ("2001:0:808:808::5601:5601", M),
    ] {
        check(address.parse().unwrap(), expected);
    }
}

proptest! {
    #[test]
    fn an_ipv4_address_and_its_mapped_form_are_judged_alike(bits: u32) {
        let address = Ipv4Addr::from_bits(bits);
        prop_assert_eq!(judge(address.into()), judge(address.to_ipv6_mapped().into()));
        prop_assert_eq!(plain(address.to_ipv6_mapped().into()), IpAddr::V4(address));
    }

    #[test]
    fn the_standard_library_knows_no_private_address_that_we_call_public(bits: u32) {
        let address = Ipv4Addr::from_bits(bits);
        if address.is_private() || address.is_loopback() || address.is_link_local() || address.is_multicast()
            || address.is_broadcast() || address.is_documentation() || address.is_unspecified() {
            prop_assert_ne!(judge(address.into()), Standing::Public);
        }
    }
}

fn check_v4(address: Ipv4Addr, expected: Standing) {
    check(address.into(), expected);
    check(address.to_ipv6_mapped().into(), expected);
}

fn check(address: IpAddr, expected: Standing) {
    assert_eq!(judge(address), expected, "{address}");
}
