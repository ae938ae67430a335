//! Health: whether an upstream is passed over for a while, learnt from calls alone. No call is made to find out.

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering::Relaxed};

use domain::time::SECOND;

/// For how long an upstream that failed is passed over while another serves its network, in microseconds.
pub(super) const PASSED_OVER: i64 = 5 * SECOND;

/// What is known of one upstream, by all threads.
pub(super) struct Health {
    until: AtomicI64,
    /// Attempts without an answer, and answers that say the same of servers behind it, since the last good one.
    in_a_row: AtomicU32,
    /// So many of them, and it is passed over.
    limit: u32,
    /// Attempts that got no answer, since the start.
    failures: AtomicU64,
}

impl Health {
    /// Nothing is known against it. `limit`: how many failures in a row are.
    pub fn new(limit: u32) -> Self {
        let until = AtomicI64::new(i64::MIN);
        Health { until, in_a_row: AtomicU32::new(0), limit, failures: AtomicU64::new(0) }
    }

    /// Whether it failed a moment ago.
    pub fn is_passed_over(&self, steady: i64) -> bool {
        steady < self.until.load(Relaxed)
    }

    /// Attempts that got no answer.
    pub fn failures(&self) -> u64 {
        self.failures.load(Relaxed)
    }

    /// No connection could be opened.
    pub fn could_not_be_reached(&self, steady: i64) {
        self.failures.fetch_add(1, Relaxed);
        self.pass_over(steady);
    }

    /// Something was sent, and no answer came, or none in time.
    pub fn has_not_answered(&self, steady: i64) {
        self.failures.fetch_add(1, Relaxed);
        self.count(steady);
    }

    /// It answered with this status. Those of gateways (502, 503, 504) say that what is behind it does not.
    pub fn has_answered(&self, status: u16, steady: impl Fn() -> i64) {
        if (502..=504).contains(&status) {
            self.count(steady());
        } else if self.in_a_row.load(Relaxed) != 0 {
            // Only written where it changes: threads share it.
            self.in_a_row.store(0, Relaxed);
        }
    }

    fn count(&self, steady: i64) {
        if self.in_a_row.fetch_add(1, Relaxed) + 1 >= self.limit {
            self.pass_over(steady);
        }
    }

    fn pass_over(&self, steady: i64) {
        self.in_a_row.store(0, Relaxed);
        self.until.store(steady.saturating_add(PASSED_OVER), Relaxed);
    }
}

#[cfg(test)]
mod tests {
    //! What makes an upstream passed over, and for how long.

    use super::*;

    #[test]
    fn failures_count_in_a_row_and_one_good_answer_forgets_them() {
        let health = Health::new(3);
        health.has_not_answered(0);
        health.has_answered(503, || 0);
        health.has_answered(500, || 0);
        health.has_answered(504, || 0);
        health.has_not_answered(0);
        assert!(!health.is_passed_over(1), "two in a row");
        health.has_answered(502, || 10);
        assert!(health.is_passed_over(10) && health.is_passed_over(9 + PASSED_OVER));
        assert!(!health.is_passed_over(10 + PASSED_OVER));
        assert_eq!(health.failures(), 2, "an answer is one, whatever it says");
        health.could_not_be_reached(100 * SECOND);
        assert!(health.is_passed_over(100 * SECOND), "at once");
    }
}
