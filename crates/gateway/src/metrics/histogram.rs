//! A histogram of times that one thread writes and anyone may read: fixed steps, no lock, two plain stores for each call.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::bump;

/// The upper ends of the steps, in microseconds: from what the gateway itself takes to what upstreams are waited for. What is
/// longer stands in one more step.
pub const STEPS: [u64; 15] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 2_500_000, 10_000_000,
    30_000_000,
];

/// How often something took how long.
#[derive(Default)]
pub struct Histogram {
    steps: [AtomicU64; STEPS.len() + 1],
    micros: AtomicU64,
}

/// What stands in one histogram, or in several together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// How many fell into each of [`STEPS`], and beyond them.
    pub steps: [u64; STEPS.len() + 1],
    /// All of them together, in microseconds.
    pub micros: u64,
}

impl Histogram {
    pub(crate) fn observe(&self, micros: u64) {
        bump(&self.steps[STEPS.partition_point(|end| *end < micros)], 1);
        bump(&self.micros, micros);
    }

    /// Adds what stands here now to `times`.
    pub fn add_to(&self, times: &mut Times) {
        for (sum, step) in times.steps.iter_mut().zip(&self.steps) {
            *sum += step.load(Relaxed);
        }
        times.micros = times.micros.wrapping_add(self.micros.load(Relaxed));
    }
}

#[cfg(test)]
mod tests {
    //! Which step a time belongs to.

    use super::*;

    #[test]
    fn the_end_of_a_step_belongs_to_it() {
        let histogram = Histogram::default();
        for micros in [0, 100, 101, 30_000_000, 30_000_001] {
            histogram.observe(micros);
        }
        let mut times = Times::default();
        histogram.add_to(&mut times);
        let mut expected = [0; STEPS.len() + 1];
        (expected[0], expected[1], expected[14], expected[15]) = (2, 1, 1, 1);
        assert_eq!(times, Times { steps: expected, micros: 60_000_202 });
    }
}
