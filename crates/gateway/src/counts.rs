//! Counts: how often each of many did something within a window. A thread's own, bounded, without a lock.

use std::{
    cell::{Cell, RefCell},
    hash::{BuildHasher, Hash},
};

use foldhash::fast::FixedState;
use hashbrown::{HashTable, hash_table::Entry};

/// The most that one thread counts of one kind.
pub(crate) const MAX_COUNTED: usize = 4_096;

/// At most this often a full table is looked through for places to give back: a second.
const SWEEP: i64 = domain::time::SECOND;

/// Counts of one kind; moments are microseconds on the steady clock.
pub(crate) struct Counts<K> {
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

impl<K: Copy + Eq + Hash> Counts<K> {
    /// Nobody was counted yet. `window` is in microseconds; `seed` keeps others from choosing who meets whom in the table.
    pub fn new(limit: u32, window: i64, seed: u64) -> Self {
        Counts {
            limit,
            window,
            state: FixedState::with_seed(seed),
            table: RefCell::default(),
            locked_until: Cell::new(i64::MIN),
            swept_at: Cell::new(i64::MIN),
        }
    }

    /// Whether nobody is at the limit, for certain: one comparison.
    #[inline]
    pub fn is_calm(&self, steady: i64) -> bool {
        steady >= self.locked_until.get()
    }

    /// Until when they are at the limit, if they are.
    pub fn locked_until(&self, whose: K, steady: i64) -> Option<i64> {
        if self.is_calm(steady) {
            return None;
        }
        let table = self.table.borrow();
        let count = table.find(self.state.hash_one(whose), |count| count.whose == whose)?;
        let end = count.began.saturating_add(self.window);
        (count.denials >= self.limit && steady < end).then_some(end)
    }

    /// Counts once more. Who finds no place is not counted.
    pub fn count(&self, whose: K, steady: i64) {
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

    /// How many are counted.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.table.borrow().len()
    }
}
