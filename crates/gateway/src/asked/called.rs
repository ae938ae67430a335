//! Called: one call of a request, and what the lists of key and account say of it.

use std::{
    borrow::Cow,
    cell::{Cell, OnceCell},
};

use domain::{
    allowlist::{ContractAddress, Layers, ListKinds, Touches},
    api::Protocol,
    decision::{CallFacts, Denial, MethodAsked, decide_call},
};
use rpc::contract::{Reason, Touched, touched};

use super::Asked;
use crate::settings::UnknownMethods;

/// Told of a method that no list of contracts can judge.
const UNKNOWN_METHOD: &str = "it is not known which contracts this method touches";

/// One call.
pub(crate) struct Called<'a> {
    /// As its row names it: the JSON-RPC method, or verb and path pattern.
    pub name: &'a str,
    /// Its place in a batch.
    pub place: Option<u32>,
    params: Option<&'a str>,
    /// Whether the upstream sent it: the lists decided on the subscription that it belongs to.
    is_push: bool,
    /// Read at the first look of a list of contracts.
    touched: OnceCell<Touched>,
    observed: Cell<ListKinds>,
}

impl<'a> Called<'a> {
    /// A call with this name and without params.
    pub fn named(name: &'a str, place: Option<u32>) -> Self {
        Called { name, place, params: None, is_push: false, touched: OnceCell::new(), observed: Cell::default() }
    }

    /// News that the upstream sends.
    pub fn push(name: &'a str) -> Self {
        Called { is_push: true, ..Called::named(name, None) }
    }

    /// A call that was decided on before, by its name and what it touches.
    pub fn known(name: &'a str, touched: &Touched) -> Self {
        Called { touched: OnceCell::from(touched.clone()), ..Called::named(name, None) }
    }

    /// A call of JSON-RPC.
    pub fn rpc(call: &'a rpc::request::Call<'a>, place: Option<u32>) -> Self {
        Called { params: call.params, ..Called::named(&call.method, place) }
    }

    /// The lists that would deny it if they were enforced.
    pub fn observed(&self) -> ListKinds {
        self.observed.get()
    }

    /// The contracts that it touches, as far as a list asked for them.
    pub fn contracts(&self) -> &[ContractAddress] {
        match self.touched.get() {
            Some(Touched::Contracts(contracts)) => contracts,
            _ => &[],
        }
    }

    fn touched(&self) -> &Touched {
        self.touched.get_or_init(|| touched(self.name, self.params))
    }
}

impl Asked<'_> {
    /// Whether the lists let a call pass. Costs a look at two pointers where neither key nor account has any.
    pub fn decide_call(&self, called: &Called<'_>) -> Result<(), Denial> {
        let lists = self.lists.borrow();
        if lists.are_none() || called.is_push {
            called.observed.set(ListKinds::NONE);
            return Ok(());
        }
        let method = match self.api.api.protocol {
            Protocol::JsonRpc => MethodAsked::Rpc(called.name),
            Protocol::Rest => MethodAsked::Rest { verb: self.method.as_str(), target: self.forwarded_path() },
        };
        match decide_call(&lists, &CallFacts { method, touches: self.touches(&lists, called) }) {
            Ok(observed) => {
                called.observed.set(observed);
                Ok(())
            }
            Err(not_allowed) => {
                called.observed.set(not_allowed.observed);
                self.layer.set(not_allowed.layer);
                Err(not_allowed.denial)
            }
        }
    }

    fn touches<'c>(&self, lists: &Layers, called: &'c Called<'_>) -> Touches<'c> {
        if self.api.api.protocol == Protocol::Rest || !lists.have_contracts() {
            return Touches::Nothing;
        }
        match called.touched() {
            Touched::Nothing => Touches::Nothing,
            Touched::Contracts(contracts) => Touches::Contracts(contracts),
            Touched::Filter(id) if self.gate.shared.filters.knows(&self.maker(lists), id) => Touches::Nothing,
            Touched::UnknownMethod if self.api.unknown_methods == UnknownMethods::Allow => Touches::Nothing,
            Touched::Filter(_) | Touched::Unclear(_) | Touched::UnknownMethod => Touches::Unclear,
        }
    }

    /// What of a call a list denies: told in its receipt, and nothing else of the list is.
    pub fn seen_of_call<'c>(&'c self, denial: Denial, called: &'c Called<'_>) -> Cow<'c, str> {
        match (denial, self.api.api.protocol) {
            (Denial::MethodNotAllowed, Protocol::Rest) => format!("{} {}", self.method, self.forwarded_path()).into(),
            (Denial::ContractNotAllowed, _) => match called.touched() {
                Touched::Contracts(all) => {
                    let denied = self.lists.borrow().denied_contract(all);
                    denied.map_or(called.name.into(), |contract| contract.to_string().into())
                }
                Touched::Unclear(reason) => reason.to_string().into(),
                Touched::Filter(_) => Reason::UnknownFilter.to_string().into(),
                Touched::UnknownMethod => UNKNOWN_METHOD.into(),
                Touched::Nothing => called.name.into(),
            },
            _ => self.seen(denial).unwrap_or(called.name.into()),
        }
    }

    /// The path that goes up, without its query.
    fn forwarded_path(&self) -> &str {
        let path = self.target.rest();
        // The upstream reads an empty path as its root.
        if path.is_empty() { "/" } else { path }
    }
}
