//! The meter: what a call may spend on this node, and the permit without which nothing is forwarded.
//!
//! ```text
//! take ──► counter (word) ──low──► queue ──► next_asks ──► the ledger ──► answer ──► counter (desk → word)
//! ```
//! Check and charge are one step. Units come only from the ledger's answers, and only its word "exhausted" denies a call.
//! Counters and buckets live here by their ids, so that an edit of a policy never fills them up again.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU32, Ordering},
    },
};

use domain::{
    decision::Denial,
    id::QuotaId,
    lease::{Answer, Ask, CounterId},
    quota::Quota,
    rate_limit::RateLimit,
    time::{Clock, Timestamp},
};
use tokio::sync::Notify;

mod admit;
mod bucket;
mod counter;
mod demand;
mod desk;
mod figures;
mod holding;
mod limits;
mod permit;
mod take;
mod word;

pub use bucket::{BucketId, BucketOwner, RateUsage};
pub use figures::MeterFigures;
pub use holding::Unavailable;
pub use limits::{Limits, MAX_COUNTERS};
pub use permit::{Permit, Running};

use bucket::Bucket;
use counter::Counter;
use limits::CountedQuota;
use take::Shortage;
pub(crate) use take::{Take, Taken};

/// The most asks that are handed out together, for one transaction of the ledger.
pub const MAX_BUNDLE: usize = 1_000;

/// All counters and buckets of a node. Shared by its gateway threads.
pub struct Meter {
    clock: Clock,
    nodes: AtomicU32,
    counters: Mutex<HashMap<QuotaId, Arc<Counter>>>,
    buckets: Mutex<HashMap<BucketId, Arc<Bucket>>>,
    /// Counters that want to ask; each stands here once at most.
    asking: Mutex<VecDeque<Arc<Counter>>>,
    asked: Notify,
}

/// A call that is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub denial: Denial,
    /// When it can succeed, where that is known.
    pub retry_at: Option<Timestamp>,
}

/// Which units go back to the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiveBack {
    /// Everything in hand: the node stops, and no call is admitted any more.
    All,
    /// What lies idle while hardly anything remains for others.
    Idle,
}

impl Meter {
    /// A meter without counters. `clock` is read only when a call has had to wait.
    pub fn new(clock: Clock) -> Meter {
        Meter {
            clock,
            nodes: AtomicU32::new(1),
            counters: Mutex::default(),
            buckets: Mutex::default(),
            asking: Mutex::default(),
            asked: Notify::new(),
        }
    }

    /// How many nodes share the counters; leases near a limit are sized by it.
    pub fn set_nodes(&self, nodes: u32) {
        self.nodes.store(nodes.max(1), Ordering::Relaxed);
    }

    /// The limits that these quotas and rates make together. Counters and buckets that are known go on as they are.
    pub fn limits(
        &self,
        quotas: impl IntoIterator<Item = Quota>,
        rates: impl IntoIterator<Item = (BucketOwner, RateLimit)>,
    ) -> Arc<Limits> {
        let counted = |quota: Quota| CountedQuota {
            counter: self.counter(&quota),
            beyond: quota.beyond().map(|beyond| self.counter(&beyond)),
            quota,
        };
        let quotas = quotas.into_iter().map(counted).collect();
        let rates = rates.into_iter().map(|(owner, rate)| (rate, self.bucket(owner, &rate))).collect();
        Arc::new(Limits::new(quotas, rates))
    }

    /// Waits until there is something to ask the ledger, then hands out all that is due, at most [`MAX_BUNDLE`]. For one
    /// task; each ask must be answered with [`Meter::answer`], by [`Unavailable`] if need be.
    pub async fn next_asks(&self) -> Vec<Ask> {
        loop {
            let asks = self.due_asks();
            if !asks.is_empty() {
                return asks;
            }
            self.asked.notified().await;
        }
    }

    /// What is due to be asked now; see [`Meter::next_asks`].
    pub fn due_asks(&self) -> Vec<Ask> {
        let (nodes, steady) = (self.nodes.load(Ordering::Relaxed), (self.clock.steady)());
        let mut asks = Vec::new();
        // A counter has at most three windows to ask for.
        while asks.len() + 3 <= MAX_BUNDLE {
            let Some(counter) = lock(&self.asking).pop_front() else { break };
            counter.asks(nodes, steady, &mut asks);
        }
        if !lock(&self.asking).is_empty() {
            self.asked.notify_one();
        }
        asks
    }

    /// Takes the ledger's answers in. Late, doubled and lost answers do no harm.
    pub fn answer(&self, answers: Vec<(Ask, Result<Answer, Unavailable>)>) {
        let steady = (self.clock.steady)();
        for (ask, answer) in answers {
            let counter = lock(&self.counters).get(&ask.counter.quota).cloned();
            if let Some(counter) = counter {
                counter.hear(&ask, answer, steady);
            }
        }
    }

    /// Takes units out of hand for the ledger. Tells for each lease all that was ever given back and is not confirmed, to be
    /// sent again until [`Meter::given_back`] confirms it.
    pub fn give_back(&self, what: GiveBack) -> Vec<(CounterId, u64)> {
        let steady = (self.clock.steady)();
        let counters: Vec<_> = lock(&self.counters).values().cloned().collect();
        let mut returns = Vec::new();
        for counter in counters {
            counter.give_back(what == GiveBack::All, steady, &mut returns);
        }
        returns
    }

    /// The ledger has written these returns.
    pub fn given_back(&self, returns: &[(CounterId, u64)]) {
        for (id, returned) in returns {
            let counter = lock(&self.counters).get(&id.quota).cloned();
            if let Some(counter) = counter {
                counter.confirm_returned(id.window, *returned);
            }
        }
    }

    /// Forgets counters and buckets that no policy names any more and that have nothing left to remember. For now and then.
    pub fn forget_unused(&self, now: Timestamp) {
        lock(&self.counters).retain(|_, counter| Arc::strong_count(counter) > 1 || !counter.is_over(now));
        lock(&self.buckets).retain(|_, bucket| Arc::strong_count(bucket) > 1);
    }

    fn counter(&self, quota: &Quota) -> Arc<Counter> {
        let mut counters = lock(&self.counters);
        let counter = counters.entry(quota.id).or_insert_with(|| Arc::new(Counter::new(*quota)));
        counter.policy_limit(quota.limit);
        Arc::clone(counter)
    }

    fn bucket(&self, owner: BucketOwner, rate: &RateLimit) -> Arc<Bucket> {
        let id = BucketId { owner, metric: rate.metric, per: rate.per };
        Arc::clone(lock(&self.buckets).entry(id).or_default())
    }

    fn queue(&self, counter: &Arc<Counter>) {
        lock(&self.asking).push_back(Arc::clone(counter));
        self.asked.notify_one();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nothing panics while it holds this lock")
}

#[cfg(test)]
pub(crate) mod tests;
