//! One address as proxies write it: alone, with a port, in brackets.

use std::net::{IpAddr, SocketAddr};

/// The address; none for a name, `unknown`, a hidden identifier, or anything else. One that is mapped into IPv6 is its IPv4
/// address.
pub(super) fn read(written: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(written).ok()?.trim_matches([' ', '\t']);
    let address = text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok().filter(IpAddr::is_ipv6);
    address.or_else(with_port).or_else(in_brackets).map(|address| address.to_canonical())
}
