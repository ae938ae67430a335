//! Request ids: drawn from the seed of this start, so that no call asks the system for randomness.

use std::cell::Cell;

use domain::{id::RequestId, time::Timestamp};

/// The ids of one thread. They need to differ, not to be secret.
pub(crate) struct RequestIds {
    state: Cell<u64>,
    salt: u64,
}

impl RequestIds {
    /// The ids of the thread with this number.
    pub fn new(seed: u128, thread: usize) -> Self {
        let (high, low) = ((seed >> 64) as u64, seed as u64);
        RequestIds { state: Cell::new(mixed(low ^ mixed(thread as u64 + 1))), salt: high }
    }

    /// Random bits of this start that no id shows.
    pub fn salt(&self) -> u64 {
        self.salt
    }

    /// The next one.
    pub fn draw(&self, now: Timestamp) -> RequestId {
        // The odd constant of splitmix64 (Steele, Lea, Flood, 2014) visits all 2^64 states before it repeats one.
        let state = self.state.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.state.set(state);
        let entropy = u128::from(mixed(state ^ self.salt)) << 64 | u128::from(mixed(state));
        RequestId::new(now, entropy)
    }
}

/// The finaliser of splitmix64: each bit of the outcome depends on each bit of `word`.
fn mixed(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    //! Ids differ, within a thread and between threads, at one and the same moment.

    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_id_comes_twice() {
        let now = Timestamp::from_micros(1_700_000_000_000_000);
        let mut seen = HashSet::new();
        for thread in 0..8 {
            let ids = RequestIds::new(7, thread);
            assert!((0..10_000).all(|_| seen.insert(ids.draw(now))), "thread {thread}");
        }
    }
}
