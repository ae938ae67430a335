//! Latencies in a histogram of fixed size: a run of any length takes the same memory, and no list is sorted at its end.
//!
//! Each power of two of nanoseconds is cut into [`STEPS`] equal buckets, so a figure is right to 0.1 %.

use std::time::Duration;

const STEP_BITS: u32 = 10;
const STEPS: usize = 1 << STEP_BITS;
/// 2^36 ns is over a minute: longer than any answer is waited for. What is longer counts as that.
const LONGEST_BITS: u32 = 36;

/// Counts of latencies.
pub struct Histogram {
    buckets: Vec<u32>,
    count: u64,
    longest_ns: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: vec![0; STEPS * (LONGEST_BITS - STEP_BITS + 1) as usize], count: 0, longest_ns: 0 }
    }
}

impl Histogram {
    /// Adds one latency.
    pub fn record(&mut self, latency: Duration) {
        let nanoseconds = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX).min((1 << LONGEST_BITS) - 1);
        self.buckets[bucket_of(nanoseconds)] += 1;
        self.count += 1;
        self.longest_ns = self.longest_ns.max(nanoseconds);
    }

    /// The latency, in microseconds, that the given part (0 to 1) of all answers does not exceed; 0 without answers.
    pub fn quantile_us(&self, part: f64) -> f64 {
        let rank = ((self.count as f64 * part).ceil() as u64).max(1);
        let mut seen = 0;
        for (bucket, &count) in self.buckets.iter().enumerate() {
            seen += u64::from(count);
            if seen >= rank {
                return lowest_of(bucket) as f64 / 1000.0;
            }
        }
        0.0
    }

    /// The longest latency in microseconds.
    pub fn longest_us(&self) -> f64 {
        self.longest_ns as f64 / 1000.0
    }
}

/// Values below `STEPS` have a bucket each; above, the leading `STEP_BITS + 1` bits choose it.
fn bucket_of(nanoseconds: u64) -> usize {
    let Some(shift) = (u64::BITS - nanoseconds.leading_zeros()).checked_sub(STEP_BITS + 1) else {
        return nanoseconds as usize;
    };
    shift as usize * STEPS + (nanoseconds >> shift) as usize
}

fn lowest_of(bucket: usize) -> u64 {
    if bucket < 2 * STEPS {
        return bucket as u64;
    }
    let shift = bucket / STEPS - 1;
    ((bucket - shift * STEPS) as u64) << shift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_its_value_to_a_thousandth() {
        let mut value: u64 = 0;
        while value < 1 << LONGEST_BITS {
            let lowest = lowest_of(bucket_of(value));
            assert!(lowest <= value && value - lowest <= value / 1000, "{value} went to {lowest}");
            value += value / 700 + 1;
        }
    }

    #[test]
    fn quantiles_are_ranks() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.quantile_us(0.5), 0.0);
        for microsecond in 1..=100 {
            histogram.record(Duration::from_nanos(microsecond * 8));
        }
        assert_eq!(histogram.quantile_us(0.5), 0.4);
        assert_eq!(histogram.quantile_us(0.99), 0.792);
        assert_eq!(histogram.quantile_us(1.0), 0.8);
        assert_eq!(histogram.longest_us(), 0.8);
    }

    #[test]
    fn the_longest_possible_latency_is_counted_and_not_a_crash() {
        let mut histogram = Histogram::default();
        histogram.record(Duration::MAX);
        assert!(histogram.quantile_us(1.0) > 60e6);
    }
}
