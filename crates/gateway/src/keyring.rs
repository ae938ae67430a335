//! The keyring: which policies apply to what a caller presents, in memory, found without a lock.
//!
//! ```text
//! hash ─► shard (4,096) ─► entry ─► key ─► account
//!                            └────► member
//! ```
//! Entries point to the nouns, and each noun has one place in which its state is changed: suspending an account with 100,000 keys is
//! one store. Changes may come in any order: a noun that is only named so far has no state, and nothing that leads to it is known.

use std::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use domain::{
    id::ValueId,
    key::value::Hash,
    name::ApiName,
    policy::{AccountPolicy, KeyPolicy, MemberPolicy, PolicyChange, ValuePolicy},
};

mod entry;
mod index;
mod noun;
mod shards;

pub use entry::{Entry, View};

use crate::meter::{BucketOwner, Meter};
use index::Index;
use noun::{AccountState, Compiled, KeyState, MemberState, Own};
use shards::Shards;

/// Removed keys whose values are still in memory, before a sweep takes them out. They are refused from the first moment.
const REMOVED_KEYS_BEFORE_SWEEP: usize = 1_000;

/// All values, keys, members and accounts that the node knows.
pub struct Keyring {
    meter: Arc<Meter>,
    apis: Vec<ApiName>,
    shards: Shards,
    /// Who changes anything holds this; who looks something up does not.
    index: Mutex<Index>,
    fresh_until: AtomicI64,
    generation: AtomicU64,
}

impl Keyring {
    /// A keyring that knows nothing and is not fresh. The place of a name in `apis` is the index that [`View::limits`] takes.
    pub fn new(meter: Arc<Meter>, apis: Vec<ApiName>) -> Keyring {
        Keyring {
            meter,
            apis,
            shards: Shards::default(),
            index: Mutex::default(),
            fresh_until: AtomicI64::new(i64::MIN),
            generation: AtomicU64::new(0),
        }
    }

    /// Takes changes in, in their order. When it returns, every look-up sees them.
    pub fn apply(&self, changes: Vec<PolicyChange>) {
        if changes.is_empty() {
            return;
        }
        let mut index = self.lock();
        self.take(&mut index, changes);
        self.publish_pending(&mut index);
    }

    /// Takes changes in of which values are not found before [`Keyring::publish`]: for a start, which brings very many. Publishing
    /// copies the lists of values, so page by page it would cost the more the more are there.
    pub fn take_in(&self, changes: Vec<PolicyChange>) {
        self.take(&mut self.lock(), changes);
    }

    /// Makes all that was taken in seen.
    pub fn publish(&self) {
        self.publish_pending(&mut self.lock());
    }

    fn take(&self, index: &mut Index, changes: Vec<PolicyChange>) {
        for change in changes {
            match change {
                PolicyChange::Account(policy) => {
                    let account = index.account(policy.id);
                    account.set(Some(self.account_state(policy)));
                }
                PolicyChange::Member(policy) => {
                    let member = index.member(policy.id);
                    member.set(Some(self.member_state(policy)));
                }
                PolicyChange::Key(policy) => {
                    let (id, account) = (policy.id, index.account(policy.account));
                    let lists = Compiled::of(policy.lists.as_ref());
                    index.put_key(id, KeyState { own: self.own_of_key(&policy), lists, account, policy });
                }
                PolicyChange::Value(policy) => self.put_value(index, policy),
                PolicyChange::NoAccount(id) => index.account(id).set(None),
                PolicyChange::NoMember(id) => index.member(id).set(None),
                PolicyChange::NoKey(id) => index.remove_key(id),
                PolicyChange::NoValue(id) => {
                    if let Some(entry) = index.remove_value(id) {
                        self.shards.remove_later(&mut index.pending, &entry);
                    }
                }
            }
        }
        if index.removed_keys() > REMOVED_KEYS_BEFORE_SWEEP {
            let swept = index.sweep();
            swept.iter().for_each(|entry| self.shards.remove_later(&mut index.pending, entry));
        }
    }

    fn publish_pending(&self, index: &mut Index) {
        self.shards.publish(std::mem::take(&mut index.pending));
        // Behind all that changed: who reads this number and then the policies has read nothing newer than it says.
        self.generation.fetch_add(1, Ordering::Release);
    }

    /// Another number after each change. Who decided under another one decides again before acting on it.
    #[inline]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// The entry of a value, by the hash of what was presented. Whether all that it leads to is known, its view tells.
    #[inline]
    pub fn find(&self, hash: &Hash) -> Option<Arc<Entry>> {
        self.shards.find(hash)
    }

    /// The entry of a value, by its id. Takes a lock: for calls that somebody makes by hand.
    pub fn find_by_id(&self, id: ValueId) -> Option<Arc<Entry>> {
        self.lock().value(id)
    }

    /// How many values are known.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether no value is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is known here holds until then (microseconds on the steady clock). `i64::MAX` where every change is handed over
    /// before it is answered.
    pub fn set_fresh_until(&self, steady: i64) {
        self.fresh_until.store(steady, Ordering::Release);
    }

    /// Whether what is known here may still be acted upon.
    #[inline]
    pub fn is_fresh(&self, steady: i64) -> bool {
        steady < self.fresh_until.load(Ordering::Acquire)
    }

    fn lock(&self) -> MutexGuard<'_, Index> {
        self.index.lock().expect("nothing panics while it holds the index")
    }

    fn put_value(&self, index: &mut Index, policy: ValuePolicy) {
        let key = index.key(policy.key);
        let member = policy.member.map(|id| index.member(id));
        let entry = Arc::new(Entry::new(policy, key, member));
        if let Some(before) = index.put_value(Arc::clone(&entry)) {
            self.shards.remove_later(&mut index.pending, &before);
        }
        self.shards.put_later(&mut index.pending, entry);
    }

    fn account_state(&self, policy: AccountPolicy) -> AccountState {
        let limits = self.apis.iter().map(|api| {
            policy.subscription(api).map_or_else(Default::default, |subscription| {
                let owner = || BucketOwner::Account(policy.id, api.clone());
                let rates = subscription.rates.iter().map(|rate| (owner(), *rate));
                self.meter.limits(subscription.quotas.iter().copied(), rates)
            })
        });
        AccountState { limits: limits.collect(), lists: Compiled::of(policy.lists.as_ref()), policy }
    }

    fn member_state(&self, policy: MemberPolicy) -> MemberState {
        let rates = policy.rates.iter().map(|rate| (BucketOwner::Member(policy.id), *rate)).collect();
        MemberState { own: self.own(&policy.quotas, rates), policy }
    }

    fn own_of_key(&self, policy: &KeyPolicy) -> Option<Box<Own>> {
        self.own(&policy.quotas, policy.rates.iter().map(|rate| (BucketOwner::Key(policy.id), *rate)).collect())
    }

    fn own(
        &self,
        quotas: &[domain::quota::Quota],
        rates: Vec<(BucketOwner, domain::rate_limit::RateLimit)>,
    ) -> Option<Box<Own>> {
        let has_any = !quotas.is_empty() || !rates.is_empty();
        has_any.then(|| Box::new(Own(self.meter.limits(quotas.iter().copied(), rates))))
    }
}

#[cfg(test)]
mod tests;
