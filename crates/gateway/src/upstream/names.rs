//! Names: the addresses behind an upstream's host name, looked up again when they are old. getaddrinfo tells no time to
//! live, so ours is a setting (at most 60 s by design).

use std::{
    cell::{Cell, RefCell},
    io,
    net::{IpAddr, SocketAddr},
    rc::Rc,
};

use crate::settings::UpstreamUrl;

/// The longest that addresses may hold, in seconds.
pub(crate) const MAX_AGE_SECONDS: u64 = 60;
/// Addresses that are tried for one connection.
const MAX_ADDRESSES: usize = 8;

/// The addresses of one upstream, as one thread knows them.
pub(super) struct Names {
    host: String,
    port: u16,
    is_address: bool,
    known: RefCell<Rc<[SocketAddr]>>,
    due: Cell<u32>,
    max_age: u32,
    is_refreshing: Cell<bool>,
}

/// After a failed look-up the old addresses hold for so many ticks more, so that not every call asks.
const RETRY_TICKS: u32 = 4;

impl Names {
    /// `max_age` in ticks of the thread's watch, which stands at `now`.
    pub fn new(url: &UpstreamUrl, max_age: u32, now: u32) -> Self {
        let (host, port) = (url.host.clone(), url.port);
        let address = host.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, port)).ok();
        Names {
            host,
            port,
            is_address: address.is_some(),
            known: RefCell::new(address.into_iter().collect()),
            due: Cell::new(now),
            max_age,
            is_refreshing: Cell::new(false),
        }
    }

    /// The addresses, asked for now if there are none yet.
    pub async fn addresses(&self, now: u32) -> io::Result<Rc<[SocketAddr]>> {
        if self.known.borrow().is_empty() {
            self.ask(now).await?;
        }
        Ok(Rc::clone(&self.known.borrow()))
    }

    /// Whether it is time to ask again, which nobody does yet. Never for an address.
    pub fn is_old(&self, now: u32) -> bool {
        !self.is_address && !self.is_refreshing.get() && now.wrapping_sub(self.due.get()) as i32 >= 0
    }

    /// Whether the upstream may still be at this address.
    pub fn has(&self, address: &SocketAddr) -> bool {
        self.is_address || self.known.borrow().contains(address)
    }

    /// Asks in the background of calls; old addresses are better than none and serve on if this fails.
    pub async fn refresh(&self, now: u32) -> io::Result<()> {
        self.is_refreshing.set(true);
        let asked = self.ask(now).await;
        self.is_refreshing.set(false);
        if asked.is_err() {
            self.due.set(now.wrapping_add(RETRY_TICKS));
        }
        asked
    }

    async fn ask(&self, now: u32) -> io::Result<()> {
        let found = alternate(tokio::net::lookup_host((self.host.as_str(), self.port)).await?.collect());
        if found.is_empty() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address"));
        }
        self.known.replace(found.into());
        self.due.set(now.wrapping_add(self.max_age));
        Ok(())
    }
}

/// Both address families in turn, as the system ordered each: where one is broken, the other is tried next.
fn alternate(found: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = found.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) = found.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let longest = first.len().max(second.len());
    let in_turn = (0..longest).flat_map(|index| [first.get(index), second.get(index)]).flatten();
    in_turn.copied().take(MAX_ADDRESSES).collect()
}

#[cfg(test)]
mod tests {
    //! The order in which addresses are tried.

    use super::*;

    #[test]
    fn families_alternate_and_the_system_order_is_kept() {
        let parse = |texts: &[&str]| -> Vec<SocketAddr> {
            texts.iter().map(|text| text.parse().expect("an address")).collect()
        };
        let cases: &[(&[&str], &[&str])] = &[
            (&[], &[]),
            (&["1.1.1.1:1"], &["1.1.1.1:1"]),
            (&["[::1]:1", "[::2]:1", "1.1.1.1:1"], &["[::1]:1", "1.1.1.1:1", "[::2]:1"]),
            (&["1.1.1.1:1", "1.1.1.2:1", "[::1]:1"], &["1.1.1.1:1", "[::1]:1", "1.1.1.2:1"]),
        ];
        for (found, expected) in cases {
            assert_eq!(alternate(parse(found)), parse(expected));
        }
    }
}
