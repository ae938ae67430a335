//! The edge at which time and randomness enter: the only file that may fetch them. Everywhere else they are arguments.

#![expect(clippy::disallowed_methods, reason = "this file is where time and randomness enter")]

use domain::time::{Clock, Timestamp};
use rustix::time::{ClockId, clock_gettime};

/// The two clocks of this process.
pub fn clock() -> Clock {
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
    Timestamp::from_micros(micros(ClockId::Realtime))
}

fn steady() -> i64 {
    micros(ClockId::Monotonic)
}

/// What a clock of the system says. Each call asks five times, so there is nothing between it and the answer.
fn micros(clock: ClockId) -> i64 {
    let time = clock_gettime(clock);
    time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
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
