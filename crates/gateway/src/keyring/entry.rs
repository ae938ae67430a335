//! Entry: one value, and the nouns it leads to.

use std::sync::Arc;

use arc_swap::{ArcSwapOption, Guard};
use domain::{
    allowlist::Layers,
    decision::Presented,
    key::value::Hash,
    policy::{AccountPolicy, KeyPolicy, ValuePolicy},
    time::Timestamp,
};

use super::noun::{AccountState, KeyNode, KeyState, MemberNode, MemberState};
use crate::meter::Limits;

/// A value that the node knows.
pub struct Entry {
    pub(super) policy: ValuePolicy,
    pub(super) key: Arc<KeyNode>,
    member: Option<Arc<MemberNode>>,
    /// The limits of key, member and account together, where key or member have their own; made at the first use.
    joined: ArcSwapOption<Joined>,
}

/// What an entry led to at one moment. Holds the states while a call is decided on.
pub struct View<'a> {
    entry: &'a Entry,
    key: Guard<Option<Arc<KeyState>>>,
    account: Guard<Option<Arc<AccountState>>>,
    member: Option<Guard<Option<Arc<MemberState>>>>,
}

/// Limits joined from these states; worth nothing as soon as one of them is another.
struct Joined {
    key: Arc<KeyState>,
    account: Arc<AccountState>,
    member: Option<Arc<MemberState>>,
    limits: Box<[Arc<Limits>]>,
}

impl Entry {
    pub(super) fn new(policy: ValuePolicy, key: Arc<KeyNode>, member: Option<Arc<MemberNode>>) -> Entry {
        Entry { policy, key, member, joined: ArcSwapOption::empty() }
    }

    /// The hash by which it is found.
    #[inline]
    pub fn hash(&self) -> &Hash {
        &self.policy.hash
    }

    /// What the entry leads to now; none when its key or account is not known, or not any more.
    #[inline]
    pub fn view(&self) -> Option<View<'_>> {
        let key = self.key.state();
        let account = key.as_ref()?.account.state();
        account.as_ref()?;
        Some(View { entry: self, key, account, member: self.member.as_ref().map(|member| member.state()) })
    }
}

impl View<'_> {
    /// The lists of key and account as they are at this moment. Most keys have none, and pay nothing.
    #[inline]
    pub fn lists(&self, now: Timestamp) -> Layers {
        let key = self.key_state().lists.as_ref().map(|lists| lists.at(now));
        let account = self.account_state().lists.as_ref().map(|lists| lists.at(now));
        Layers { key, account }
    }

    /// The policies, for deciding with these lists.
    #[inline]
    pub fn presented<'v>(&'v self, lists: &'v Layers) -> Presented<'v> {
        Presented {
            value: &self.entry.policy,
            key: self.key(),
            account: &self.account_state().policy,
            member: self.member_state().map(|state| &state.policy),
            lists,
        }
    }

    /// The account's policy.
    pub fn account(&self) -> &AccountPolicy {
        &self.account_state().policy
    }

    /// The key's policy.
    #[inline]
    pub fn key(&self) -> &KeyPolicy {
        &self.key_state().policy
    }

    /// What a call to this API must pass: every quota and rate limit of key, member and account. Without a subscription to it there
    /// are none of the account's: the decision on the request comes first.
    pub fn limits(&self, api: usize) -> Arc<Limits> {
        let key_has_own = self.key_state().own.is_some();
        let member_has_own = self.member_state().is_some_and(|state| state.own.is_some());
        if !key_has_own && !member_has_own {
            return limits_at(&self.account_state().limits, api);
        }
        if let Some(joined) = self.entry.joined.load().as_ref().filter(|joined| self.is_made_of(joined)) {
            return limits_at(&joined.limits, api);
        }
        let joined = Arc::new(self.join());
        let limits = limits_at(&joined.limits, api);
        self.entry.joined.store(Some(joined));
        limits
    }

    fn is_made_of(&self, joined: &Joined) -> bool {
        let member = match (self.member_state(), &joined.member) {
            (Some(now), Some(then)) => Arc::ptr_eq(now, then),
            (None, None) => true,
            _ => false,
        };
        member && Arc::ptr_eq(self.key_state(), &joined.key) && Arc::ptr_eq(self.account_state(), &joined.account)
    }

    #[cold]
    fn join(&self) -> Joined {
        let (key, account, member) = (self.key_state(), self.account_state(), self.member_state());
        let own = [key.own.as_ref(), member.and_then(|member| member.own.as_ref())];
        let joined = |of_account: &Arc<Limits>| {
            let parts = own.into_iter().flatten().map(|own| &own.0).chain([of_account]);
            Arc::new(Limits::join(parts.map(|limits| &**limits)))
        };
        Joined {
            limits: account.limits.iter().map(joined).collect(),
            key: Arc::clone(key),
            account: Arc::clone(account),
            member: member.cloned(),
        }
    }

    fn key_state(&self) -> &Arc<KeyState> {
        self.key.as_ref().expect("a view is only made of a key that is known")
    }

    fn account_state(&self) -> &Arc<AccountState> {
        self.account.as_ref().expect("a view is only made of an account that is known")
    }

    fn member_state(&self) -> Option<&Arc<MemberState>> {
        self.member.as_ref().and_then(|state| state.as_ref())
    }
}

fn limits_at(limits: &[Arc<Limits>], api: usize) -> Arc<Limits> {
    limits.get(api).cloned().unwrap_or_default()
}
