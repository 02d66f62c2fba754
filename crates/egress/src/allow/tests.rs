//! How rules are written, and what they let through.
#![allow(clippy::unwrap_used, missing_docs)]

use super::*;

#[test]
fn rules_print_as_they_are_read() {
    for (text, printed) in [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1:9000", "127.0.0.1:9000"),
        ("127.0.0.1/32", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("10.0.0.0/8:8443", "10.0.0.0/8:8443"),
        ("::1", "::1"),
        ("::1/128", "::1"),
        ("[::1]", "::1"),
        ("[::1]:8080", "[::1]:8080"),
        ("fd00::/8", "fd00::/8"),
        ("[fd00::/8]:8443", "[fd00::/8]:8443"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("hooks.internal", "hooks.internal"),
        ("Hooks.Internal.:8443", "hooks.internal:8443"),
        ("*.internal", "*.internal"),
        ("*.internal:80", "*.internal:80"),
    ] {
        let rule: AllowRule = text.parse().unwrap();
        assert_eq!(rule.to_string(), printed, "{text}");
        assert_eq!(printed.parse::<AllowRule>().unwrap(), rule, "{text}");
    }
}

#[test]
fn what_is_no_rule_says_why() {
    use AllowRuleError as E;
    for (text, expected) in [
        ("", E::Subject),
        ("*", E::Subject),
        ("*.", E::Subject),
        ("a.*.b", E::Subject),
        ("a..b", E::Subject),
        ("*.10.0.0.1", E::Subject),
        ("http://a", E::Port),
        ("10.0.0.0/33", E::Subject),
        ("[10.0.0.1", E::Subject),
        ("[hooks.internal]:1", E::Subject),
        ("[::1]8080", E::Subject),
        ("10.0.0.1/8", E::HostBits),
        ("fd00::1/8", E::HostBits),
        ("127.0.0.1:0", E::Port),
        ("127.0.0.1:+80", E::Port),
        ("hooks.internal:", E::Port),
        ("hooks.internal:65536", E::Port),
        ("[::1]:x", E::Port),
    ] {
        assert_eq!(text.parse::<AllowRule>(), Err(expected), "{text:?}");
    }
}

#[test]
fn a_rule_covers_its_subject_at_its_port() {
    for (rule, host, address, expected) in [
        ("10.0.0.0/8", "a.example", "10.255.0.1:443", true),
        ("10.0.0.0/8", "a.example", "[::ffff:10.0.0.1]:443", true),
        ("10.0.0.0/8", "a.example", "11.0.0.1:443", false),
        ("10.0.0.0/8:8443", "a.example", "10.0.0.1:8443", true),
        ("10.0.0.0/8:8443", "a.example", "10.0.0.1:443", false),
        ("hooks.internal", "hooks.internal", "10.0.0.1:443", true),
        ("hooks.internal", "x.hooks.internal", "10.0.0.1:443", false),
        ("*.internal", "hooks.internal", "10.0.0.1:443", true),
        ("*.internal", "a.b.internal", "10.0.0.1:443", true),
        ("*.internal", "internal", "10.0.0.1:443", false),
        ("*.internal", "hooksinternal", "10.0.0.1:443", false),
    ] {
        let rule: AllowRule = rule.parse().unwrap();
        assert_eq!(rule.covers(host, address.parse().unwrap()), expected, "{rule} {host} {address}");
    }
}

#[test]
fn only_host_and_port_together_name_an_address() {
    for (rule, expected) in [
        ("127.0.0.1:80", true),
        ("localhost:80", true),
        ("127.0.0.1", false),
        ("localhost", false),
        ("127.0.0.0/8:80", false),
        ("127.0.0.1:81", false),
        ("*.localhost:80", false),
    ] {
        let rule: AllowRule = rule.parse().unwrap();
        assert_eq!(rule.names("localhost", "127.0.0.1:80".parse().unwrap()), expected, "{rule}");
    }
}
