//! Tickets: calls from the dashboard's tester. A ticket stands in place of a value; it is good for one call, the very one that
//! it was signed for, once.

use std::{collections::HashMap, net::IpAddr, sync::Mutex};

use domain::{
    key::value::Hash,
    name::{ApiName, NetworkName},
    ticket::{self, Ticket, TicketKey},
    time::Timestamp,
};
use http::HeaderName;

use crate::{
    caller_body::{CallerBody, read_short},
    credential::Target,
    heads::Headers,
    keyring::Keyring,
    watch::Slot,
};

/// The header that a ticket comes in. It is removed from every request before it is forwarded, as are all others of its prefix.
pub(crate) const TICKET: HeaderName = HeaderName::from_static("x-keyward-ticket");
/// The longest body of a call with a ticket, in bytes.
pub const MAX_TICKET_BODY: usize = 1 << 20;
/// The most tickets that are remembered as used. When so many were used within their lifetime, further ones are refused.
pub const MAX_USED_TICKETS: usize = 100_000;

/// What takes tickets, shared by all threads.
pub(crate) struct Tickets {
    key: TicketKey,
    /// Used tickets until their end.
    used: Mutex<HashMap<u128, Timestamp>>,
}

/// The request that is really made.
#[derive(Clone, Copy)]
pub(crate) struct Made<'a> {
    pub api: &'a ApiName,
    pub network: Option<&'a NetworkName>,
    pub method: &'a str,
    /// Its target, matched with a route.
    pub target: &'a Target,
    pub now: Timestamp,
}

/// A ticket that was taken.
pub(crate) struct Redeemed {
    /// The hash of the value that the call is made as.
    pub value: Hash,
    /// Where the person is who makes it.
    pub address: Option<IpAddr>,
}

impl Tickets {
    /// Takes tickets that are signed with this key.
    pub fn new(key: TicketKey) -> Self {
        Tickets { key, used: Mutex::default() }
    }

    /// Takes the request's ticket, if it has one that is good for it, and uses it up. The body is read for that, once the
    /// ticket is known to be genuine; what remains of it comes back in any case.
    pub async fn redeem(
        &self,
        keyring: &Keyring,
        slot: &Slot,
        made: Made<'_>,
        headers: &Headers,
        body: CallerBody,
    ) -> (Option<Redeemed>, CallerBody) {
        let text = headers.get(&TICKET).and_then(|text| text.to_str());
        let ticket = text.and_then(|text| Ticket::verify(text, &self.key, made.now).ok());
        let Some(ticket) = ticket.filter(|ticket| is_for(ticket, made)) else {
            return (None, body);
        };
        let bytes = match read_short(slot, body, MAX_TICKET_BODY).await {
            Ok(bytes) => bytes,
            Err(body) => return (None, body),
        };
        let is_taken = ticket::hash_body(&bytes) == ticket.body && self.use_up(&ticket, made.now);
        let entry = keyring.find_by_id(ticket.value).filter(|_| is_taken);
        let redeemed = entry.map(|entry| Redeemed { value: *entry.hash(), address: ticket.address });
        (redeemed, CallerBody::Whole(bytes))
    }

    /// Remembers the ticket as used. False: it was used before, or too many are remembered.
    fn use_up(&self, ticket: &Ticket, now: Timestamp) -> bool {
        let mut used = self.used.lock().expect("nothing panics while it holds this lock");
        if used.len() >= MAX_USED_TICKETS {
            used.retain(|_, expires_at| *expires_at > now);
        }
        used.len() < MAX_USED_TICKETS && used.insert(ticket.nonce, ticket.expires_at).is_none()
    }
}

fn is_for(ticket: &Ticket, made: Made<'_>) -> bool {
    ticket.api == *made.api
        && ticket.network.as_ref() == made.network
        && ticket.method == made.method
        && ticket.target == made.target.asked()
}

#[cfg(test)]
mod tests {
    //! How often a ticket is taken. What it is bound to is tested with real requests: `tests/it/tickets.rs`.

    use domain::{id::ValueId, ticket::LIFETIME};

    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_000_000_000);

    fn ticket(nonce: u128, expires_at: Timestamp) -> Ticket {
        Ticket {
            value: ValueId::from_u128(1),
            api: "node".parse().expect("a name"),
            network: None,
            method: "GET".to_owned(),
            target: "/".to_owned(),
            body: ticket::hash_body(b""),
            address: None,
            expires_at,
            nonce,
        }
    }

    #[test]
    fn a_ticket_is_used_once_and_memory_is_bounded() {
        let tickets = Tickets::new(TicketKey::new([1; ticket::KEY_BYTES]));
        let end = NOW.plus(LIFETIME);
        for nonce in 0..MAX_USED_TICKETS as u128 {
            assert!(tickets.use_up(&ticket(nonce, end), NOW));
        }
        assert!(!tickets.use_up(&ticket(0, end), NOW), "used before");
        assert!(!tickets.use_up(&ticket(u128::MAX, end), NOW), "all places are taken");
        assert!(tickets.use_up(&ticket(u128::MAX, end.plus(LIFETIME)), end), "the others are over");
        assert_eq!(tickets.used.lock().expect("a lock").len(), 1);
    }
}
