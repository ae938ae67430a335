//! Addresses: one, or a network of them, and the set that a call's address is looked up in.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use super::told;

/// An address or a network: `203.0.113.7`, `10.0.0.0/8`, `2001:db8::/32`. It is kept in one form: bits behind the prefix are
/// zero, and what maps an IPv4 address into IPv6 is that IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressEntry {
    first: IpAddr,
    prefix: u8,
}

/// Why a text is not an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address such as 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32")]
pub struct NotAnAddress(String);

/// The addresses that a list allows, as spans in order that do not overlap: a look-up takes some ten steps.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct AddressSet {
    v4: Box<[(u32, u32)]>,
    v6: Box<[(u128, u128)]>,
}

/// The prefix of IPv6 under which IPv4 addresses are mapped (RFC 4291, 2.5.5.2).
const MAPPED_PREFIX: u8 = 96;

impl AddressEntry {
    /// The first and the last address.
    fn span(&self) -> (IpAddr, IpAddr) {
        let last = match self.first {
            IpAddr::V4(first) => Ipv4Addr::from_bits(first.to_bits() | !mask_v4(self.prefix)).into(),
            IpAddr::V6(first) => Ipv6Addr::from_bits(first.to_bits() | !mask_v6(self.prefix)).into(),
        };
        (self.first, last)
    }
}

impl FromStr for AddressEntry {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        read(text.trim()).ok_or_else(|| NotAnAddress(told(text)))
    }
}

impl fmt::Display for AddressEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prefix == bits(self.first) { self.first.fmt(f) } else { write!(f, "{}/{}", self.first, self.prefix) }
    }
}

impl AddressSet {
    /// The set of these entries.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a AddressEntry>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for entry in entries {
            match entry.span() {
                (IpAddr::V4(first), IpAddr::V4(last)) => v4.push((first.to_bits(), last.to_bits())),
                (IpAddr::V6(first), IpAddr::V6(last)) => v6.push((first.to_bits(), last.to_bits())),
                _ => unreachable!("a span is of one family"),
            }
        }
        AddressSet { v4: joined(v4).into(), v6: joined(v6).into() }
    }

    /// Whether the address is in it. One that is mapped into IPv6 is its IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        match address.to_canonical() {
            IpAddr::V4(address) => is_in(&self.v4, address.to_bits()),
            IpAddr::V6(address) => is_in(&self.v6, address.to_bits()),
        }
    }
}

fn read(text: &str) -> Option<AddressEntry> {
    let (address, prefix) = match text.split_once('/') {
        None => (text.parse::<IpAddr>().ok()?, None),
        // `u8` would take `+8` and `008` too.
        Some((address, prefix)) if is_plain_number(prefix) => (address.parse().ok()?, Some(prefix.parse().ok()?)),
        Some(_) => return None,
    };
    let prefix = prefix.unwrap_or(bits(address));
    if prefix > bits(address) {
        return None;
    }
    let first: IpAddr = match address {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & mask_v4(prefix)).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & mask_v6(prefix)).into(),
    };
    Some(match (first, first.to_canonical()) {
        (IpAddr::V6(_), mapped @ IpAddr::V4(_)) if prefix >= MAPPED_PREFIX => {
            AddressEntry { first: mapped, prefix: prefix - MAPPED_PREFIX }
        }
        _ => AddressEntry { first, prefix },
    })
}

fn is_plain_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn mask_v4(prefix: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)
}

fn mask_v6(prefix: u8) -> u128 {
    u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0)
}

/// Spans in order; those that overlap are one.
fn joined<T: Ord + Copy>(mut spans: Vec<(T, T)>) -> Vec<(T, T)> {
    spans.sort_unstable();
    let mut joined: Vec<(T, T)> = Vec::with_capacity(spans.len());
    for (first, last) in spans {
        match joined.last_mut() {
            Some(before) if first <= before.1 => before.1 = before.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    joined
}

fn is_in<T: Ord>(spans: &[(T, T)], address: T) -> bool {
    let behind = spans.partition_point(|(first, _)| *first <= address);
    behind > 0 && address <= spans[behind - 1].1
}
