//! What is an address, and what it is taken to mean.
#![allow(clippy::unwrap_used, missing_docs)]

use super::*;

#[test]
fn an_address_is_normalised() {
    check("https://Example.COM", "https://example.com/", "example.com", 443);
    check("http://example.com:80/a?b=c#d", "http://example.com/a?b=c", "example.com", 80);
    check("https://example.com.:8443/", "https://example.com.:8443/", "example.com", 8443);
    check("https://bücher.example/", "https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443);
    check("http://[0:0::1]:81/", "http://[::1]:81/", "::1", 81);
    check("http://a_b.example/x|y?{z}='", "http://a_b.example/x|y?{z}=%27", "a_b.example", 80);
}

#[test]
fn every_spelling_of_an_ipv4_address_is_that_address() {
    for host in [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "127%2e0.0.1",
        "１２７.０.０.１",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "0x7F.0X0.0.1",
    ] {
        let target = Target::parse(&format!("http://{host}/")).unwrap();
        assert!(matches!(target.destination(), Host::Address(IpAddr::V4(a), _) if a.is_loopback()), "{host}");
        assert_eq!(target.host(), "127.0.0.1", "{host}");
    }
}

#[test]
fn the_forms_for_sending_are_ready() {
    let target = Target::parse("https://example.com.:8443/a/b?c=d#e").unwrap();
    assert_eq!(target.path(), "/a/b?c=d");
    assert_eq!(target.absolute(), "https://example.com:8443/a/b?c=d");
    assert_eq!(target.host_header(), "example.com:8443");
    assert_eq!(&**target.origin(), "https://example.com:8443");
    assert_eq!(target.server_name().unwrap().to_str(), "example.com");
    let plain = Target::parse("http://[::1]").unwrap();
    assert_eq!((plain.path().path(), plain.host_header().to_str().unwrap()), ("/", "[::1]"));
    assert_eq!(&**plain.origin(), "http://[::1]:80");
    assert!(plain.server_name().is_none() && !plain.is_https());
}

#[test]
fn what_is_no_address_says_why() {
    use TargetError as E;
    let long_label = format!("https://{}.example/", "a".repeat(64));
    let long_name = format!("https://{}example/", "abc.".repeat(64));
    let long = format!("https://example.com/{}", "a".repeat(TARGET_BYTES_MAX));
    let grows = format!("https://example.com/{}", "é".repeat(TARGET_BYTES_MAX / 3));
    for (text, expected) in [
        (long.as_str(), E::TooLong),
        (&grows, E::TooLong),
        (&long_label, E::Host),
        (&long_name, E::Host),
        ("", E::Scheme),
        ("example.com/hook", E::Scheme),
        ("ftp://example.com/", E::Scheme),
        ("file:///etc/passwd", E::Scheme),
        ("javascript:alert(1)", E::Scheme),
        ("https://user@example.com/", E::UserInfo),
        ("https://user:word@example.com/", E::UserInfo),
        ("https://:word@example.com/", E::UserInfo),
        ("https://", E::Host),
        ("https://exa<mple.com/", E::Host),
        ("https://a..b/", E::Host),
        ("https://example.com../", E::Host),
        ("https://./", E::Host),
        ("http://256.256.256.256/", E::Host),
        ("http://1.2.3.4.5/", E::Host),
        ("http://[::1/", E::Host),
        ("http://[::1%25eth0]/", E::Host),
        ("https://example.com:0/", E::Port),
        ("https://example.com:65536/", E::Port),
        ("https://example.com:x/", E::Port),
        ("https://exam\tple.com/", E::Malformed),
        (" https://example.com/", E::Malformed),
        ("https://example.com/a b", E::Malformed),
        ("https://example.com/\u{0}", E::Malformed),
    ] {
        assert_eq!(Target::parse(text).err(), Some(expected), "{text:?}");
    }
}

fn check(text: &str, normal: &str, host: &str, port: u16) {
    let target: Target = text.parse().unwrap();
    assert_eq!((target.as_str(), target.host(), target.port()), (normal, host, port));
    assert_eq!(Target::parse(normal).unwrap(), target);
}
