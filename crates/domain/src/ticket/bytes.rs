//! A ticket's bytes: numbers big-endian, texts with their length of 16 bits in front.

use std::net::IpAddr;

use super::{MAX_METHOD, MAX_TARGET, Ticket};
use crate::{id::ValueId, time::Timestamp};

/// What stands in front of an address.
const NO_ADDRESS: u8 = 0;
const IPV4: u8 = 4;
const IPV6: u8 = 6;

pub(super) fn write(ticket: &Ticket) -> Vec<u8> {
    let mut to = Vec::with_capacity(192 + ticket.target.len());
    to.extend_from_slice(&ticket.value.as_u128().to_be_bytes());
    text(&mut to, ticket.api.as_str());
    // No network has an empty name.
    text(&mut to, ticket.network.as_ref().map_or("", |network| network.as_str()));
    text(&mut to, &ticket.method);
    text(&mut to, &ticket.target);
    to.extend_from_slice(&ticket.body);
    match ticket.address {
        None => to.push(NO_ADDRESS),
        Some(IpAddr::V4(address)) => {
            to.push(IPV4);
            to.extend_from_slice(&address.octets());
        }
        Some(IpAddr::V6(address)) => {
            to.push(IPV6);
            to.extend_from_slice(&address.octets());
        }
    }
    to.extend_from_slice(&ticket.expires_at.micros().to_be_bytes());
    to.extend_from_slice(&ticket.nonce.to_be_bytes());
    to
}

pub(super) fn read(payload: &[u8]) -> Option<Ticket> {
    let mut from = Bytes(payload);
    let ticket = Ticket {
        value: ValueId::from_u128(u128::from_be_bytes(from.array()?)),
        api: from.text()?.parse().ok()?,
        network: match from.text()? {
            "" => None,
            name => Some(name.parse().ok()?),
        },
        method: from.text().filter(|method| method.len() <= MAX_METHOD)?.to_owned(),
        target: from.text().filter(|target| target.len() <= MAX_TARGET)?.to_owned(),
        body: from.array()?,
        address: match from.array::<1>()? {
            [NO_ADDRESS] => None,
            [IPV4] => Some(IpAddr::from(from.array::<4>()?)),
            [IPV6] => Some(IpAddr::from(from.array::<16>()?)),
            _ => return None,
        },
        expires_at: Timestamp::from_micros(i64::from_be_bytes(from.array()?)),
        nonce: u128::from_be_bytes(from.array()?),
    };
    from.0.is_empty().then_some(ticket)
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes that lower-case hexadecimal digits stand for.
pub(super) fn of_hex(text: &str) -> Option<Vec<u8>> {
    let nibble = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| Some(nibble(*high)? << 4 | nibble(*low)?);
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

/// A text that is longer than any that is read again is cut: the ticket is refused then, and nothing else.
fn text(to: &mut Vec<u8>, text: &str) {
    let kept = &text.as_bytes()[..text.len().min(usize::from(u16::MAX))];
    to.extend_from_slice(&(kept.len() as u16).to_be_bytes());
    to.extend_from_slice(kept);
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::from(u16::from_be_bytes(self.array()?));
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(head).ok()
    }
}
