//! Limits: the counters and buckets that one value's calls to one API must pass, narrowest scope first.

use std::sync::Arc;

use domain::{
    call::Charge,
    decision::Denial,
    quota::Quota,
    rate_limit::RateLimit,
    time::Timestamp,
    usage::{OverageUsage, Usage},
};

use super::{
    Refused,
    bucket::{Bucket, RateUsage},
    counter::Counter,
};

/// The most quotas that may apply to one call. A plan, a member and a key have at most one for each metric and period; where
/// more are found, nothing is served: a quota must not be left out.
pub const MAX_COUNTERS: usize = 32;

/// The limits of one value's calls to one API.
#[derive(Default)]
pub struct Limits {
    pub(super) quotas: Box<[CountedQuota]>,
    rates: Box<[(RateLimit, Arc<Bucket>)]>,
}

/// A quota as the policy has it now, and its counter on this node.
#[derive(Clone)]
pub(crate) struct CountedQuota {
    pub(crate) quota: Quota,
    pub(crate) counter: Arc<Counter>,
    /// The counter of its overage, which pays when the first cannot.
    pub(crate) beyond: Option<Arc<Counter>>,
}

/// Of which quotas a call is charged beyond: a bit for each place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Beyond(u32);

const _: () = assert!(MAX_COUNTERS <= u32::BITS as usize, "each place has its bit");

impl Beyond {
    /// Every quota pays itself.
    pub(super) const NONE: Beyond = Beyond(0);

    #[inline]
    pub(super) const fn has(self, place: usize) -> bool {
        self.0 >> place & 1 == 1
    }

    /// This one's overage pays too.
    pub(super) const fn with(self, place: usize) -> Beyond {
        Beyond(self.0 | 1 << place)
    }
}

impl CountedQuota {
    /// The counter that pays.
    #[inline]
    pub(super) fn payer(&self, beyond: bool) -> &Arc<Counter> {
        match &self.beyond {
            Some(overage) if beyond => overage,
            _ => &self.counter,
        }
    }
}

impl Limits {
    pub(super) fn new(mut quotas: Vec<CountedQuota>, mut rates: Vec<(RateLimit, Arc<Bucket>)>) -> Limits {
        // Narrowest first: that is the order in which they speak, and a call that fails on a narrow counter has then
        // taken nothing from a wide one that others wait for.
        quotas.sort_by_key(|counted| (counted.quota.scope, counted.quota.metric, counted.quota.period));
        rates.sort_by_key(|(rate, _)| (rate.scope, rate.metric, rate.per));
        if quotas.len() > MAX_COUNTERS {
            tracing::error!(
                quotas = quotas.len(),
                most = MAX_COUNTERS,
                "too many quotas apply to one key: it is not served"
            );
        }
        Limits { quotas: quotas.into(), rates: rates.into() }
    }

    /// All of these limits together.
    pub(crate) fn join<'a>(parts: impl Iterator<Item = &'a Limits>) -> Limits {
        let (mut quotas, mut rates) = (Vec::new(), Vec::new());
        for part in parts {
            quotas.extend(part.quotas.iter().cloned());
            rates.extend(part.rates.iter().cloned());
        }
        Limits::new(quotas, rates)
    }

    /// Whether every quota has its place in a permit.
    pub(super) fn fit(&self) -> bool {
        self.quotas.len() <= MAX_COUNTERS
    }

    /// Whether one of the quotas has an overage.
    pub fn may_go_beyond(&self) -> bool {
        self.quotas.iter().any(|counted| counted.beyond.is_some())
    }

    /// The quotas that apply.
    pub fn quotas(&self) -> impl Iterator<Item = &Quota> {
        self.quotas.iter().map(|counted| &counted.quota)
    }

    /// How much of each quota is used, narrowest scope first: what this node holds and what the ledger last said.
    pub fn usage(&self, now: Timestamp) -> impl Iterator<Item = Usage> {
        self.quotas.iter().map(move |counted| {
            let overage = counted.beyond.as_ref().map(|beyond| beyond.usage(now));
            let overage = overage.map(|beyond| OverageUsage::new(beyond.limit, beyond.used));
            Usage { overage, ..counted.counter.usage(now) }
        })
    }

    /// What each rate limit would still let through at `steady` (microseconds on the steady clock), narrowest scope first.
    pub fn rates(&self, steady: i64) -> impl Iterator<Item = RateUsage> {
        self.rates.iter().map(move |(rate, bucket)| bucket.usage(rate, nanos(steady)))
    }

    /// Takes from every bucket, in order; what was taken before a refusal stays taken.
    ///
    /// Errors: the first limit that is too slow for the call, with the moment at which it fits.
    #[inline]
    pub(super) fn take_rates(&self, charge: Charge, now: Timestamp, steady: i64) -> Result<(), Refused> {
        for (rate, bucket) in &self.rates {
            bucket.take(rate, charge, nanos(steady)).map_err(|wait| Refused {
                denial: Denial::RateLimited(rate.scope),
                retry_at: Some(now.plus(i64::try_from(wait.div_ceil(1_000)).unwrap_or(i64::MAX))),
            })?;
        }
        Ok(())
    }
}

fn nanos(steady: i64) -> u64 {
    u64::try_from(steady).unwrap_or(0).saturating_mul(1_000)
}
