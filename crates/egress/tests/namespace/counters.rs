//! What the kernel has counted in this network: proc(5), `/proc/net/dev` and `/proc/net/snmp`.

use std::fs;

/// Packets of any kind that were sent.
pub fn packets() -> usize {
    let devices = fs::read_to_string("/proc/self/net/dev").unwrap();
    let loopback = devices.lines().find_map(|line| line.trim().strip_prefix("lo:")).expect("there is loopback");
    assert_eq!(devices.lines().filter(|line| line.contains(':')).count(), 1, "and no other way: {devices}");
    loopback.split_whitespace().nth(9).unwrap().parse().unwrap()
}

/// Connections that were begun, by either protocol; those that the kernel refused to begin are not counted.
pub fn opened() -> usize {
    let counters = fs::read_to_string("/proc/self/net/snmp").unwrap();
    let mut tcp = counters.lines().filter_map(|line| line.strip_prefix("Tcp:")).map(str::split_whitespace);
    let (names, mut values) = (tcp.next().unwrap(), tcp.next().unwrap());
    values.nth(names.clone().position(|name| name == "ActiveOpens").unwrap()).unwrap().parse().unwrap()
}
