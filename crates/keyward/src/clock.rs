//! The edge at which time and randomness enter: the only file that may fetch them. Everywhere else they are arguments.

#![expect(clippy::disallowed_methods, reason = "this file is where time and randomness enter")]

use std::{
    sync::OnceLock,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use domain::time::{Clock, Timestamp};

/// The two clocks of this process.
pub fn clock() -> Clock {
    // The first reading is the origin of the steady clock.
    steady();
    Clock { wall, steady }
}

/// Random bytes from the operating system, fit for values and secrets.
pub fn entropy<const BYTES: usize>() -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).expect("an operating system without random numbers cannot run this program");
    bytes
}

/// Random bits for an identifier.
pub fn entropy_of_id() -> u128 {
    u128::from_le_bytes(entropy())
}

fn wall() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since_1970.as_micros()).unwrap_or(i64::MAX))
}

fn steady() -> i64 {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    i64::try_from(ORIGIN.get_or_init(Instant::now).elapsed().as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steady_clock_goes_forward_and_entropy_differs() {
        let clock = clock();
        let before = (clock.steady)();
        std::thread::sleep(std::time::Duration::from_millis(2));
        assert!((clock.steady)() - before >= 2_000);
        assert!((clock.wall)() > "2026-01-01T00:00:00Z".parse().unwrap());
        assert_ne!(entropy::<24>(), entropy::<24>());
    }
}
