//! Allowed: lists as they are looked up in. The cost of a look-up does not grow with the list.
//!
//! What was compiled holds until the next entry ends, and says when that is: nobody need wait for it with a timer.

use std::{net::IpAddr, sync::Arc};

use super::{
    AddressSet, Allowlist, ContractAddress, ContractSet, DomainSet, ListKind, ListKinds, Lists, MethodSet, Mode,
};
use crate::{time::Timestamp, word::words};

/// Whose list it is. The key's speaks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The key's own.
    Key,
    /// The account's, for all its keys.
    Account,
}

words! { Layer NotALayer "key, account" Key "key" Account "account" }

/// What the lists of one layer allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    addresses: Option<Looked<AddressSet>>,
    domains: Option<Looked<DomainSet>>,
    methods: Option<Looked<MethodSet>>,
    contracts: Option<Looked<ContractSet>>,
    holds_until: Timestamp,
}

/// Both layers, as far as they have lists.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// The key's.
    pub key: Option<Arc<Allowed>>,
    /// The account's.
    pub account: Option<Arc<Allowed>>,
}

/// What both layers say of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Verdict {
    /// The first layer that denies it.
    pub denied_by: Option<Layer>,
    /// What would be denied if lists that are merely observed were enforced.
    pub observed: ListKinds,
}

/// What a call touches, as far as lists of contracts are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touches<'a> {
    /// No contract.
    Nothing,
    /// All of these.
    Contracts(&'a [ContractAddress]),
    /// It cannot be told: no list has that.
    Unclear,
}

/// A list that is looked at, and whether what it lacks is denied.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Looked<S> {
    set: S,
    is_enforced: bool,
}

impl<S> Looked<S> {
    fn of<'l, E: 'l>(
        list: &'l Allowlist<E>,
        now: Timestamp,
        compile: impl FnOnce(&mut dyn Iterator<Item = &'l E>) -> S,
    ) -> Option<Self> {
        let looked = || Looked { set: compile(&mut list.allowed(now)), is_enforced: list.mode() == Mode::Enforce };
        list.is_on().then(looked)
    }
}

impl Allowed {
    /// What these lists allow at a moment.
    pub fn of(lists: &Lists, now: Timestamp) -> Allowed {
        let Lists { addresses, domains, methods, contracts } = lists;
        let ends = [addresses.next_end(now), domains.next_end(now), methods.next_end(now), contracts.next_end(now)];
        Allowed {
            addresses: Looked::of(addresses, now, |entries| AddressSet::of(entries)),
            domains: Looked::of(domains, now, |entries| DomainSet::of(entries)),
            methods: Looked::of(methods, now, |entries| MethodSet::of(entries)),
            contracts: Looked::of(contracts, now, |entries| ContractSet::of(entries)),
            holds_until: ends.into_iter().flatten().min().unwrap_or(Timestamp::FAR),
        }
    }

    /// From when on an entry has ended, and this must be compiled again.
    pub fn holds_until(&self) -> Timestamp {
        self.holds_until
    }
}

impl Layers {
    /// No lists at all.
    pub const NONE: Layers = Layers { key: None, account: None };

    /// Whether neither has any.
    pub fn are_none(&self) -> bool {
        self.key.is_none() && self.account.is_none()
    }

    /// Whether an entry has ended since they were compiled.
    pub fn are_over(&self, now: Timestamp) -> bool {
        [&self.key, &self.account].into_iter().flatten().any(|allowed| allowed.holds_until <= now)
    }

    /// Whether a call may come from the address.
    pub fn address(&self, address: IpAddr) -> Verdict {
        self.look(ListKind::Addresses, |allowed| allowed.addresses.as_ref(), |set| set.contains(address))
    }

    /// Whether a call may come from the page: the text of `Origin`, else of `Referer`.
    pub fn page(&self, page: Option<&str>) -> Verdict {
        self.look(ListKind::Domains, |allowed| allowed.domains.as_ref(), |set| set.allows(page))
    }

    /// Whether a JSON-RPC method may be called; `name` is what its text says, escapes read.
    pub fn rpc_method(&self, name: &str) -> Verdict {
        self.look(ListKind::Methods, |allowed| allowed.methods.as_ref(), |set| set.allows_rpc(name))
    }

    /// Whether a REST request may be made; `target` is its path as it is forwarded.
    pub fn rest_method(&self, verb: &str, target: &str) -> Verdict {
        self.look(ListKind::Methods, |allowed| allowed.methods.as_ref(), |set| set.allows_rest(verb, target))
    }

    /// Whether a list of domains denies what it lacks.
    pub fn enforce_domains(&self) -> bool {
        let lists = [&self.key, &self.account].into_iter().flatten().filter_map(|allowed| allowed.domains.as_ref());
        lists.into_iter().any(|looked| looked.is_enforced)
    }

    /// Whether a list of contracts is looked at, so that it must be known which a call touches.
    pub fn have_contracts(&self) -> bool {
        [&self.key, &self.account].into_iter().flatten().any(|allowed| allowed.contracts.is_some())
    }

    /// Whether a call may touch what it touches: all of it must be allowed.
    pub fn contracts(&self, touches: Touches<'_>) -> Verdict {
        let has = |set: &ContractSet| match touches {
            Touches::Nothing => true,
            Touches::Contracts(all) => all.iter().all(|contract| set.allows(*contract)),
            Touches::Unclear => false,
        };
        self.look(ListKind::Contracts, |allowed| allowed.contracts.as_ref(), has)
    }

    /// The first of these contracts that a list denies, for telling.
    pub fn denied_contract(&self, touched: &[ContractAddress]) -> Option<ContractAddress> {
        let denied = |contract: &ContractAddress| self.contracts(Touches::Contracts(&[*contract])).denied_by.is_some();
        touched.iter().copied().find(denied)
    }

    fn look<S>(
        &self,
        kind: ListKind,
        list: impl Fn(&Allowed) -> Option<&Looked<S>>,
        has: impl Fn(&S) -> bool,
    ) -> Verdict {
        let mut verdict = Verdict::default();
        for (layer, allowed) in [(Layer::Key, &self.key), (Layer::Account, &self.account)] {
            let Some(looked) = allowed.as_deref().and_then(&list) else { continue };
            if has(&looked.set) {
                continue;
            }
            if looked.is_enforced {
                verdict.denied_by = verdict.denied_by.or(Some(layer));
            } else {
                verdict.observed |= kind.into();
            }
        }
        verdict
    }
}
