//! Too many denials: who is refused again and again is told so at once, for a while, before anything of it is looked at.
//!
//! Two things are counted, each within one window:
//! - of an **address**: requests with no value, or one that nobody knows. Beyond the limit such requests are told so without
//!   a look at lists or log. A value that is known is served from there all the same: behind one address may be many callers,
//!   and behind a proxy all of them.
//! - of a **value at an address**: denials for who asks and from where (secret, address, domain, plan). The pair is counted and
//!   not the value, because a value that leaked is what secrets and address lists are for: whoever found it would otherwise
//!   lock its owner out by being refused. And nobody can be refused for a value that they do not have in full.
//!
//! Counted are no denials that a single call may earn beside good ones (path, method, contract, rate, quota), and not the
//! denials of this file: so a lock ends by itself, and never later than one window.
//!
//! Each thread counts for itself, without a lock. A call of somebody who is not refused costs one comparison while nobody is
//! locked, and one look-up in a small table otherwise. The tables are bounded; who finds no place is not counted: a flood from
//! many addresses can make this forgetful, never unjust.

use std::net::{IpAddr, Ipv6Addr};

use domain::{decision::Denial, id::ValueId};

use crate::{counts::Counts, settings::DenialLimits};

/// A thread's counts.
pub(crate) struct TooManyDenials {
    addresses: Counts<IpAddr>,
    values: Counts<(ValueId, IpAddr)>,
}

impl TooManyDenials {
    /// Nobody was denied yet. `seed` keeps others from choosing who meets whom in the tables.
    pub fn new(limits: DenialLimits, seed: u64) -> Self {
        let window = i64::try_from(limits.window.as_micros()).unwrap_or(i64::MAX);
        TooManyDenials {
            addresses: Counts::new(limits.per_address, window, seed),
            values: Counts::new(limits.per_value, window, seed),
        }
    }

    /// Counts a request without a value that is known. Some: there were too many before it, until that moment.
    pub fn unknown_from(&self, address: IpAddr, steady: i64) -> Option<i64> {
        let address = whole(address);
        let locked = self.addresses.locked_until(address, steady);
        if locked.is_none() {
            self.addresses.count(address, steady);
        }
        locked
    }

    /// Until when there are too many denials of the value at this address, if there are.
    #[inline]
    pub fn of_value(&self, value: ValueId, address: IpAddr, steady: i64) -> Option<i64> {
        if self.values.is_calm(steady) { None } else { self.values.locked_until((value, whole(address)), steady) }
    }

    /// Counts a denial of a value that is known, if it is one of those that count.
    pub fn count(&self, denial: Denial, value: ValueId, address: IpAddr, steady: i64) {
        if is_counted(denial) {
            self.values.count((value, whole(address)), steady);
        }
    }
}

/// Whether the denial is for who asks and from where.
fn is_counted(denial: Denial) -> bool {
    (Denial::SecretMissing..=Denial::NetworkNotInPlan).contains(&denial)
}

/// Whose address it is: of IPv6, the network of 64 bits that one subscriber has.
fn whole(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests;
