//! The nouns as the gateway keeps them: an identity that entries point to, and a state that one store changes.

use std::sync::Arc;

use arc_swap::{ArcSwapOption, Guard};
use domain::{
    id::{AccountId, KeyId, MemberId},
    policy::{AccountPolicy, KeyPolicy, MemberPolicy},
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
}

pub(super) struct MemberState {
    pub(super) policy: MemberPolicy,
    pub(super) own: Option<Box<Own>>,
}

pub(super) struct KeyState {
    pub(super) policy: KeyPolicy,
    pub(super) account: Arc<AccountNode>,
    pub(super) own: Option<Box<Own>>,
}

/// Limits that a member or a key has of its own. Most have none; behind a box, so that those pay 8 bytes.
pub(super) struct Own(pub(super) Arc<Limits>);

impl<I, S> Node<I, S> {
    pub(super) fn new(id: I) -> Node<I, S> {
        Node { id, state: ArcSwapOption::empty() }
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
