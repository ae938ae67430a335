//! Ticket: leave for one call that somebody makes from the dashboard's tester. The control plane signs it, the gateway takes it
//! in place of the value, which nobody has in clear any more.
//!
//! It is bound to the whole request: a ticket for one call is worth nothing for another. As text it is hexadecimal: the
//! fields, each text with its length in front so that none can pass for another, and an HMAC-SHA-256 (RFC 2104) over them.

use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::{
    id::ValueId,
    name::{ApiName, NetworkName},
    time::{SECOND, Timestamp},
};

mod bytes;
#[cfg(test)]
mod tests;

/// How long a ticket is good for, in microseconds.
pub const LIFETIME: i64 = 30 * SECOND;
/// How far the clock of who signs may be ahead of the clock of who verifies, in microseconds.
pub const SKEW: i64 = 2 * SECOND;
/// The longest target, in bytes: with all that is around it, a ticket stays well below the longest head of a request.
pub const MAX_TARGET: usize = 4_096;
/// The longest verb, in bytes.
pub const MAX_METHOD: usize = 32;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Bytes of the signature at the end.
const MAC_BYTES: usize = 32;
/// What is signed begins with this, so that no other use of a key can make a ticket.
const PURPOSE: &[u8] = b"keyward ticket 1\0";

/// What control plane and gateway share. It has no `Debug` and no `Display`.
#[derive(Clone)]
pub struct TicketKey([u8; KEY_BYTES]);

/// Leave for one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// As whose value the call is made.
    pub value: ValueId,
    /// The API it goes to.
    pub api: ApiName,
    /// The network, where the API has them.
    pub network: Option<NetworkName>,
    /// The HTTP verb.
    pub method: String,
    /// Path and query below the API's base: empty, or beginning with `/` or `?`.
    pub target: String,
    /// SHA-256 of the body; see [`hash_body`].
    pub body: [u8; 32],
    /// From where the person calls; none: it is not known, and the gateway takes the address of whoever brings the ticket.
    pub address: Option<IpAddr>,
    /// From when on it is worth nothing.
    pub expires_at: Timestamp,
    /// What tells it from all others: it is good for one call.
    pub nonce: u128,
}

/// Why a text gives no leave. Callers are told nothing but that their key is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TicketRefused {
    /// It was not signed with this key, or was changed since.
    #[error("the ticket is not of this installation")]
    Foreign,
    /// It was signed, but by a version that writes tickets in another way.
    #[error("the ticket is of another version of Keyward")]
    Unreadable,
    /// Its time is over, or further away than [`LIFETIME`] and [`SKEW`].
    #[error("the ticket is too old; press Send again")]
    Expired,
}

impl TicketKey {
    /// A key of random bytes.
    pub const fn new(entropy: [u8; KEY_BYTES]) -> TicketKey {
        TicketKey(entropy)
    }

    fn mac(&self, payload: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of every length");
        mac.update(PURPOSE);
        mac.update(payload);
        mac
    }
}

impl Ticket {
    /// The signed text, fit for a header.
    pub fn sign(&self, key: &TicketKey) -> String {
        let mut signed = bytes::write(self);
        let mac = key.mac(&signed).finalize().into_bytes();
        signed.extend_from_slice(&mac);
        bytes::hex(&signed)
    }

    /// The ticket that a text is, if it was signed with this key and is good at `now`. The signature is compared in constant
    /// time and before anything else is read.
    ///
    /// Errors: why it gives no leave.
    pub fn verify(text: &str, key: &TicketKey, now: Timestamp) -> Result<Ticket, TicketRefused> {
        let signed = bytes::of_hex(text).ok_or(TicketRefused::Foreign)?;
        let split = signed.len().checked_sub(MAC_BYTES).ok_or(TicketRefused::Foreign)?;
        let (payload, mac) = signed.split_at(split);
        key.mac(payload).verify_slice(mac).map_err(|_| TicketRefused::Foreign)?;
        let ticket = bytes::read(payload).ok_or(TicketRefused::Unreadable)?;
        let left = ticket.expires_at.since(now);
        if (1..=LIFETIME + SKEW).contains(&left) { Ok(ticket) } else { Err(TicketRefused::Expired) }
    }
}

/// What stands in a ticket for a body.
pub fn hash_body(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}
