//! The nouns as the gateway keeps them: an identity that entries point to, and a state that one store changes.

use std::sync::Arc;

use arc_swap::{ArcSwapOption, Guard};
use domain::{
    allowlist::{Allowed, Lists},
    id::{AccountId, KeyId, MemberId},
    policy::{AccountPolicy, KeyPolicy, MemberPolicy},
    time::Timestamp,
};

use crate::meter::Limits;

/// A noun: `I` is its identifier, `S` what is known of it. No state: it is only named so far, or gone.
pub(super) struct Node<I, S> {
    pub(super) id: I,
    state: ArcSwapOption<S>,
}

pub(super) type AccountNode = Node<AccountId, AccountState>;
pub(super) type MemberNode = Node<MemberId, MemberState>;
pub(super) type KeyNode = Node<KeyId, KeyState>;

pub(super) struct AccountState {
    pub(super) policy: AccountPolicy,
    /// For each API what all of the account's calls must pass.
    pub(super) limits: Box<[Arc<Limits>]>,
    pub(super) lists: Option<Box<Compiled>>,
}

pub(super) struct MemberState {
    pub(super) policy: MemberPolicy,
    pub(super) own: Option<Box<Own>>,
}

pub(super) struct KeyState {
    pub(super) policy: KeyPolicy,
    pub(super) account: Arc<AccountNode>,
    pub(super) own: Option<Box<Own>>,
    pub(super) lists: Option<Box<Compiled>>,
}

/// Limits that a member or a key has of its own. Most have none; behind a box, so that those pay 8 bytes.
pub(super) struct Own(pub(super) Arc<Limits>);

/// Lists for looking up, compiled by the first call that needs them and again by the first after an entry's end: no timer waits
/// for it, and lists that nobody calls with are never compiled.
pub(super) struct Compiled {
    lists: Arc<Lists>,
    allowed: ArcSwapOption<Allowed>,
}

impl Compiled {
    pub(super) fn of(lists: Option<&Arc<Lists>>) -> Option<Box<Compiled>> {
        lists.map(|lists| Box::new(Compiled { lists: Arc::clone(lists), allowed: ArcSwapOption::empty() }))
    }

    /// What the lists allow at this moment.
    pub(super) fn at(&self, now: Timestamp) -> Arc<Allowed> {
        match self.allowed.load_full() {
            Some(allowed) if now < allowed.holds_until() => allowed,
            _ => {
                let allowed = Arc::new(Allowed::of(&self.lists, now));
                self.allowed.store(Some(Arc::clone(&allowed)));
                allowed
            }
        }
    }
}

impl<I, S> Node<I, S> {
    pub(super) fn new(id: I) -> Node<I, S> {
        Node { id, state: ArcSwapOption::empty() }
    }

    /// One whose state comes with it. Nobody can have seen another: it is cheaper than to set one.
    pub(super) fn known(id: I, state: S) -> Node<I, S> {
        Node { id, state: ArcSwapOption::from_pointee(state) }
    }

    pub(super) fn set(&self, state: Option<S>) {
        self.state.store(state.map(Arc::new));
    }

    #[inline]
    pub(super) fn state(&self) -> Guard<Option<Arc<S>>> {
        self.state.load()
    }

    pub(super) fn is_gone(&self) -> bool {
        self.state.load().is_none()
    }
}
