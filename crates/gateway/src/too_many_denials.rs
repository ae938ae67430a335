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

use std::{
    cell::{Cell, RefCell},
    hash::{BuildHasher, Hash},
    net::{IpAddr, Ipv6Addr},
};

use domain::{decision::Denial, id::ValueId};
use foldhash::fast::FixedState;
use hashbrown::{HashTable, hash_table::Entry};

use crate::settings::DenialLimits;

/// The most addresses, and the most values at addresses, that one thread counts denials of.
const MAX_COUNTED: usize = 4_096;

/// At most this often a full table is looked through for places to give back: a second.
const SWEEP: i64 = domain::time::SECOND;

/// A thread's counts.
pub(crate) struct TooManyDenials {
    addresses: Counts<IpAddr>,
    values: Counts<(ValueId, IpAddr)>,
}

/// Counts of one kind; moments are microseconds on the steady clock.
struct Counts<K> {
    limit: u32,
    window: i64,
    state: FixedState,
    table: RefCell<HashTable<Count<K>>>,
    /// When the last lock that was set ends; before any: a moment that is over.
    locked_until: Cell<i64>,
    /// When places of windows that are over were last given back.
    swept_at: Cell<i64>,
}

struct Count<K> {
    whose: K,
    began: i64,
    denials: u32,
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
        if steady >= self.values.locked_until.get() {
            return None;
        }
        self.values.locked_until((value, whole(address)), steady)
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

impl<K: Copy + Eq + Hash> Counts<K> {
    fn new(limit: u32, window: i64, seed: u64) -> Self {
        Counts {
            limit,
            window,
            state: FixedState::with_seed(seed),
            table: RefCell::default(),
            locked_until: Cell::new(i64::MIN),
            swept_at: Cell::new(i64::MIN),
        }
    }

    fn locked_until(&self, whose: K, steady: i64) -> Option<i64> {
        if steady >= self.locked_until.get() {
            return None;
        }
        let table = self.table.borrow();
        let count = table.find(self.state.hash_one(whose), |count| count.whose == whose)?;
        let end = count.began.saturating_add(self.window);
        (count.denials >= self.limit && steady < end).then_some(end)
    }

    fn count(&self, whose: K, steady: i64) {
        let table = &mut *self.table.borrow_mut();
        let is_over = |count: &Count<K>| steady.saturating_sub(count.began) >= self.window;
        if table.len() >= MAX_COUNTED && steady.saturating_sub(self.swept_at.get()) >= self.window.min(SWEEP) {
            self.swept_at.set(steady);
            table.retain(|count| !is_over(count));
        }
        let is_full = table.len() >= MAX_COUNTED;
        let hasher = |count: &Count<K>| self.state.hash_one(count.whose);
        let (began, denials) = match table.entry(self.state.hash_one(whose), |count| count.whose == whose, hasher) {
            Entry::Occupied(mut entry) => {
                let count = entry.get_mut();
                if is_over(count) {
                    (count.began, count.denials) = (steady, 0);
                }
                count.denials = count.denials.saturating_add(1);
                (count.began, count.denials)
            }
            Entry::Vacant(_) if is_full => return,
            Entry::Vacant(entry) => {
                entry.insert(Count { whose, began: steady, denials: 1 });
                (steady, 1)
            }
        };
        if denials >= self.limit {
            let end = began.saturating_add(self.window);
            self.locked_until.set(self.locked_until.get().max(end));
        }
    }
}

#[cfg(test)]
mod tests;
