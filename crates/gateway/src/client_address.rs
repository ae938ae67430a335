//! Where a request comes from, as a listener is told to know it. Allowlists, rows and receipts speak of this address, so a
//! caller must not be able to choose it.
//!
//! Headers are read from the right, because each proxy appends and only what trusted ones appended can be believed: an
//! address counts if the one to its right, or the other end of the connection, is a trusted proxy. An entry that is no
//! address (`unknown`, a hidden name, junk) ends the reading, and the request is its writer's: the nearest address that is
//! known for sure. It is never skipped, as what stands left of it may be the caller's own words.

use std::net::IpAddr;

use domain::allowlist::AddressSet;
use http::{
    HeaderMap,
    header::{FORWARDED, HeaderName},
};

mod forwarded;
mod node;
pub(crate) mod proxy_protocol;
#[cfg(test)]
mod tests;

use crate::heads::Headers;
use crate::settings::ClientAddress;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl ClientAddress {
    /// The caller's address. `peer` is the other end of the connection, or what the PROXY protocol named.
    pub(crate) fn of(&self, peer: IpAddr, headers: &Headers) -> IpAddr {
        match self {
            ClientAddress::Socket | ClientAddress::ProxyProtocol(_) => peer,
            ClientAddress::XForwardedFor(trusted) => {
                let lines = headers.get_all(X_FORWARDED_FOR).rev();
                let entries = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
                nearest_untrusted(trusted, peer, entries.map(node::read))
            }
            ClientAddress::Forwarded(trusted) => {
                let lines = headers.get_all(FORWARDED).rev();
                let entries = lines.flat_map(|line| forwarded::sources_from_right(line.as_bytes()));
                nearest_untrusted(trusted, peer, entries)
            }
        }
    }

    /// The same of a head that hyper has read.
    pub(crate) fn of_hyper(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        match self {
            ClientAddress::Socket | ClientAddress::ProxyProtocol(_) => peer,
            _ => self.of(peer, &Headers::of_map(headers)),
        }
    }

    /// Whether a connection from `peer` begins with a header of the PROXY protocol.
    pub(crate) fn is_announced_by(&self, peer: IpAddr) -> bool {
        matches!(self, ClientAddress::ProxyProtocol(trusted) if trusted.contains(peer))
    }
}

/// The first address, from the nearest to the farthest, that is not a trusted proxy; the farthest that is known where all are.
fn nearest_untrusted(trusted: &AddressSet, peer: IpAddr, entries: impl Iterator<Item = Option<IpAddr>>) -> IpAddr {
    let mut nearest = peer;
    for entry in entries {
        match entry {
            Some(before) if trusted.contains(nearest) => nearest = before,
            _ => break,
        }
    }
    nearest
}
