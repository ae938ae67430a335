//! How fast a counter is used, measured where it costs nothing: each time its node asks for more.

use domain::time::SECOND;

/// Shorter spans than this count as this long, so that a burst of a few calls is not taken for a flood.
const SHORTEST_SPAN: i64 = SECOND / 10;

/// The rate at which units are spent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Demand {
    spent: u64,
    measured_at: i64,
    per_second: u64,
}

impl Demand {
    /// Takes note of all that was ever spent by `steady` (microseconds on a steady clock), and tells units a second. A rate
    /// that falls is believed by halves: it is better to hold a little too much than to ask for every call.
    pub(super) fn measure(&mut self, spent: u64, steady: i64) -> u64 {
        let span = steady.saturating_sub(self.measured_at).max(SHORTEST_SPAN) as u128;
        let units = u128::from(spent.saturating_sub(self.spent)) * SECOND as u128;
        let fresh = u64::try_from(units / span).unwrap_or(u64::MAX);
        *self = Demand { spent, measured_at: steady, per_second: fresh.max(self.per_second / 2) };
        self.per_second
    }

    /// Units a second, when it was last measured.
    pub(super) fn per_second(&self) -> u64 {
        self.per_second
    }

    /// A new lease begins to count from nothing.
    pub(super) fn begin_lease(&mut self) {
        self.spent = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_rises_at_once_and_falls_by_halves() {
        let mut demand = Demand::default();
        let cases = [
            // (all that was spent, at second, units a second)
            (0, 10, 0),
            (1_000, 11, 1_000),
            (5_000, 12, 4_000),
            (5_000, 13, 2_000),
            (5_000, 14, 1_000),
        ];
        for (spent, second, rate) in cases {
            assert_eq!(demand.measure(spent, second * SECOND), rate, "at {second} s");
        }
    }

    #[test]
    fn a_burst_of_microseconds_is_measured_over_a_tenth_of_a_second() {
        let mut demand = Demand::default();
        demand.measure(0, SECOND);
        assert_eq!(demand.measure(10, SECOND + 50), 100);
    }
}
