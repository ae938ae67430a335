//! Budget: how many rows denials may fill. A flood of refused calls of one account must not push another's out of the journal.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::{
    id::KeyId,
    time::{SECOND, Timestamp},
};

/// Rows a second that denials of one node may fill one by one; further ones are folded.
pub const ROWS_A_SECOND_PER_NODE: u32 = 1_000;
/// Rows a second that denials of one key may fill one by one.
pub const ROWS_A_SECOND_PER_KEY: u32 = 50;

/// Places for keys. Two keys that meet in one share its rows: more is folded then, and nothing is lost.
const PLACES: usize = 1_024;

/// The budget of a node, shared by its threads, and what it counts beside.
pub struct DenialBudget {
    per_node: u32,
    per_key: u32,
    node: Spent,
    keys: Box<[Spent]>,
    unknown_keys: AtomicU64,
    without_row: AtomicU64,
}

/// A second in the upper half, the rows of that second in the lower.
#[derive(Default)]
struct Spent(AtomicU64);

impl Default for DenialBudget {
    fn default() -> Self {
        DenialBudget::new(ROWS_A_SECOND_PER_NODE, ROWS_A_SECOND_PER_KEY)
    }
}

impl DenialBudget {
    /// A budget of so many rows a second for the node and for each key.
    pub fn new(per_node: u32, per_key: u32) -> DenialBudget {
        DenialBudget {
            per_node,
            per_key,
            node: Spent::default(),
            keys: std::iter::repeat_with(Spent::default).take(PLACES).collect(),
            unknown_keys: AtomicU64::new(0),
            without_row: AtomicU64::new(0),
        }
    }

    /// Requests whose value nobody knew.
    pub fn unknown_keys(&self) -> u64 {
        self.unknown_keys.load(Ordering::Relaxed)
    }

    /// Denied calls that no row stands for, because the journal had no room for them.
    pub fn without_row(&self) -> u64 {
        self.without_row.load(Ordering::Relaxed)
    }

    /// Takes one row of this second, if there is one.
    pub(super) fn allows_row(&self, key: KeyId, now: Timestamp) -> bool {
        // The lower bits of an id are random.
        let place = &self.keys[(key.as_u128() % PLACES as u128) as usize];
        let second = now.micros().div_euclid(SECOND) as u32;
        place.take(second, self.per_key) && self.node.take(second, self.per_node)
    }

    pub(super) fn count_unknown_key(&self) {
        self.unknown_keys.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_without_row(&self, calls: u64) {
        self.without_row.fetch_add(calls, Ordering::Relaxed);
    }
}

impl Spent {
    fn take(&self, second: u32, limit: u32) -> bool {
        let step = |word: u64| {
            let rows = if (word >> 32) as u32 == second { word as u32 } else { 0 };
            (rows < limit).then(|| u64::from(second) << 32 | u64::from(rows + 1))
        };
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_has_its_rows_for_the_node_and_for_each_key() {
        let budget = DenialBudget::new(5, 2);
        let key = KeyId::from_u128;
        let allowed = |keys: &[u128], second: i64| {
            let at = Timestamp::from_micros(second * SECOND + 17);
            keys.iter().filter(|id| budget.allows_row(key(**id), at)).count()
        };
        assert_eq!(allowed(&[1, 1, 1, 1], 100), 2, "one key has two rows");
        assert_eq!(allowed(&[2, 3, 2, 3, 4], 100), 3, "the node has three left");
        assert_eq!(allowed(&[1, 2, 3, 4, 5, 6], 101), 5, "another second");
        assert_eq!(allowed(&[7, 7 + PLACES as u128, 7], 102), 2, "two keys in one place share");
    }
}
