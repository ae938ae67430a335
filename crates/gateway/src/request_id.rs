//! Request ids, and bits that nobody can guess: drawn from the seed of this start, so that no call asks the system for
//! randomness.

use std::cell::Cell;

use domain::{id::RequestId, key::value::hash, time::Timestamp};

/// The ids of one thread. They need to differ, not to be secret.
pub(crate) struct RequestIds {
    state: Cell<u64>,
    salt: u64,
    secrets: Secrets,
}

/// Bits that nobody outside can guess, in blocks of SHA-256 over the seed and a count.
struct Secrets {
    start: [u8; 24],
    count: Cell<u64>,
    block: Cell<[u8; 32]>,
    used: Cell<usize>,
}

impl RequestIds {
    /// The ids of the thread with this number.
    pub fn new(seed: u128, thread: usize) -> Self {
        let (high, low) = ((seed >> 64) as u64, seed as u64);
        let secrets = Secrets::new(seed, thread);
        RequestIds { state: Cell::new(mixed(low ^ mixed(thread as u64 + 1))), salt: high, secrets }
    }

    /// Four bytes that nobody outside can guess: what a WebSocket's frames are masked with.
    pub fn secret(&self) -> [u8; 4] {
        self.secrets.draw()
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

impl Secrets {
    fn new(seed: u128, thread: usize) -> Self {
        let mut start = [0; 24];
        start[..16].copy_from_slice(&seed.to_le_bytes());
        start[16..].copy_from_slice(&(thread as u64).to_le_bytes());
        Secrets { start, count: Cell::new(0), block: Cell::new([0; 32]), used: Cell::new(32) }
    }

    fn draw(&self) -> [u8; 4] {
        if self.used.get() == 32 {
            let count = self.count.get();
            let block = hash(&[&self.start[..], &count.to_le_bytes()].concat());
            self.count.set(count + 1);
            self.block.set(block.0);
            self.used.set(0);
        }
        let (block, used) = (self.block.get(), self.used.get());
        self.used.set(used + 4);
        std::array::from_fn(|index| block[used + index])
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
    fn no_secret_comes_twice_in_a_row() {
        let (ids, others) = (RequestIds::new(7, 0), RequestIds::new(7, 1));
        let drawn: HashSet<_> = (0..1_000).flat_map(|_| [ids.secret(), others.secret()]).collect();
        assert!(drawn.len() > 1_995, "{}", drawn.len());
    }

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
