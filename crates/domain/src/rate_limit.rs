//! Rate limit: how fast. The generic cell rate algorithm: one number, the moment at which the bucket is full again.
//!
//! Promise: at most `burst + rate × t` units in any interval `t`.

use crate::{
    quota::{Metric, Scope},
    word::{as_text, words},
};

/// The span a rate is given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Per {
    /// Units a second.
    Second,
    /// Units a minute.
    Minute,
}

impl Per {
    /// The span in nanoseconds.
    pub const fn nanos(self) -> u64 {
        match self {
            Per::Second => 1_000_000_000,
            Per::Minute => 60_000_000_000,
        }
    }
}

words! { Per NotAPer "second, minute" Second "second" Minute "minute" }
as_text!(Per);

/// A rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RateLimit {
    /// Whose calls it counts.
    pub scope: Scope,
    /// What it counts.
    pub metric: Metric,
    /// The span.
    pub per: Per,
    /// Units in a span, 1 to [`MAX_RATE`]; also the burst: what an idle bucket gives at once.
    pub limit: u64,
}

/// The largest rate: one unit each 60 ns, beyond which the emission interval would lose its precision.
pub const MAX_RATE: u64 = 1_000_000_000;

/// The bucket's state: nanoseconds on a steady clock at which it is full again; 0 is a full bucket.
pub type FullAt = u64;

impl RateLimit {
    /// Takes `units` at `now` (nanoseconds on a steady clock): the new state, or for how many nanoseconds to wait.
    /// An amount above the limit never fits; it is told to wait for a whole span.
    pub fn take(&self, full_at: FullAt, units: u64, now: u64) -> Result<FullAt, u64> {
        let limit = self.limit.clamp(1, MAX_RATE);
        // Rounded up: a little slower than the limit, never faster.
        let interval = self.per.nanos().div_ceil(limit);
        if units > limit {
            return Err(self.per.nanos());
        }
        let next = full_at.max(now) + interval * units;
        let latest = now + interval * limit;
        if next <= latest { Ok(next) } else { Err(next - latest) }
    }

    /// Units that could be taken at `now`.
    pub fn left(&self, full_at: FullAt, now: u64) -> u64 {
        let limit = self.limit.clamp(1, MAX_RATE);
        let interval = self.per.nanos().div_ceil(limit);
        limit - full_at.saturating_sub(now).div_ceil(interval).min(limit)
    }
}

#[cfg(test)]
mod tests;
