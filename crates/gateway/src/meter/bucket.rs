//! Bucket: one rate limit on this node: one word, moved by compare-and-swap. Tokens that were taken are not given back.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::{
    call::Charge,
    id::{AccountId, KeyId, MemberId},
    name::ApiName,
    quota::Metric,
    rate_limit::{Per, RateLimit},
};

/// What names a bucket, so that an edit of its limit does not fill it up again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BucketId {
    /// Whose calls it counts.
    pub owner: BucketOwner,
    /// What it counts.
    pub metric: Metric,
    /// The span of the rate.
    pub per: Per,
}

/// Whose calls a bucket counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BucketOwner {
    /// One key's, whatever API they go to.
    Key(KeyId),
    /// All of a member's, with whatever value of theirs, whatever API they go to.
    Member(MemberId),
    /// All of an account's to one API.
    Account(AccountId, ApiName),
}

/// The state of one rate limit.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    full_at: AtomicU64,
}

/// A rate limit as it applies, with its bucket's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateUsage {
    /// The limit.
    pub rate: RateLimit,
    /// Units that could be taken now.
    pub left: u64,
}

impl Bucket {
    /// Takes what the call costs in the limit's metric at `now` (nanoseconds on the steady clock).
    ///
    /// Errors: for how many nanoseconds to wait.
    pub(super) fn take(&self, rate: &RateLimit, charge: Charge, now: u64) -> Result<(), u64> {
        let units = charge.amount(rate.metric);
        if units == 0 {
            return Ok(());
        }
        let mut full_at = self.full_at.load(Ordering::Relaxed);
        loop {
            let next = rate.take(full_at, units, now)?;
            match self.full_at.compare_exchange_weak(full_at, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(actual) => full_at = actual,
            }
        }
    }

    /// Units that could be taken at `now` (nanoseconds on the steady clock).
    pub(super) fn usage(&self, rate: &RateLimit, now: u64) -> RateUsage {
        RateUsage { rate: *rate, left: rate.left(self.full_at.load(Ordering::Relaxed), now) }
    }
}
