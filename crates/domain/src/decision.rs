//! Decision: allow with a charge, or deny with a reason. Two steps: before the body is read, and for each call.
//!
//! The order of the variants of [`Denial`] is the order of precedence: where several reasons hold, the first is told.

use std::net::IpAddr;

use crate::{
    allowlist::{Layer, Layers, ListKinds, Touches},
    call::Charge,
    key::secret::SecretHash,
    name::{ApiName, NetworkName},
    policy::{AccountPolicy, KeyPolicy, MemberPolicy, ValuePolicy},
    price::Price,
    quota::{Quota, Scope},
    time::Timestamp,
};

mod denial;

pub use denial::{Denial, NotReady};

/// What is known of a request before a byte of its body was read.
#[derive(Clone, Copy, Debug)]
pub struct RequestFacts<'a> {
    /// When it came.
    pub now: Timestamp,
    /// Whether it was refused too often before.
    pub too_many_denials: bool,
    /// Where it came from.
    pub address: IpAddr,
    /// The page that it came from: `Origin`, else `Referer`.
    pub page: Option<&'a str>,
    /// What it presented as the key's secret, hashed.
    pub secret: Option<&'a SecretHash>,
    /// Whether a ticket stands in the place of value and secret.
    pub has_ticket: bool,
    /// The API that its path names.
    pub api: &'a ApiName,
    /// The network that its path names; none for an API without networks.
    pub network: Option<&'a NetworkName>,
    /// Whether the API has something at this path, for this verb.
    pub path_found: bool,
    /// Whether the body is sent in an encoding that can be decided on.
    pub encoding_supported: bool,
    /// Length of the body in bytes, if it was declared.
    pub declared_length: Option<u64>,
    /// The longest body that this API takes, in bytes.
    pub body_limit: u64,
    /// Whether target and headers can be read in one way only.
    pub well_formed: bool,
}

/// What is known of a call before it is charged.
#[derive(Clone, Copy, Debug)]
pub struct CallFacts<'a> {
    /// What it asks for.
    pub method: MethodAsked<'a>,
    /// What it touches. It is looked at by lists of contracts only.
    pub touches: Touches<'a>,
}

/// What a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MethodAsked<'a> {
    /// A method of JSON-RPC: what its text says, escapes read.
    Rpc(&'a str),
    /// A request of REST.
    Rest {
        /// Its verb.
        verb: &'a str,
        /// Its path as it is forwarded.
        target: &'a str,
    },
}

/// What a presented value leads to.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// The value.
    pub value: &'a ValuePolicy,
    /// Its key.
    pub key: &'a KeyPolicy,
    /// The account that pays.
    pub account: &'a AccountPolicy,
    /// Whose value it is, if it is a member's.
    pub member: Option<&'a MemberPolicy>,
    /// The lists of key and account.
    pub lists: &'a Layers,
}

/// A request or a call that is denied, with what the lists said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAllowed {
    /// Why.
    pub denial: Denial,
    /// Whose list denies, where it is a list.
    pub layer: Option<Layer>,
    /// The lists that would deny if they were enforced.
    pub observed: ListKinds,
}

impl From<Denial> for NotAllowed {
    fn from(denial: Denial) -> Self {
        NotAllowed { denial, layer: None, observed: ListKinds::NONE }
    }
}

/// Whether the value is stopped: nobody knows it any more, or it, its key, its member or its account is suspended, switched off
/// or over. What still runs for a stopped value is cut.
///
/// Errors: the first denial in the order of [`Denial`] whose reason holds.
pub fn decide_value(now: Timestamp, presented: Option<Presented<'_>>) -> Result<Presented<'_>, Denial> {
    let presented = presented.ok_or(Denial::UnknownKey)?;
    let Presented { value, key, account, member, .. } = presented;
    if value.member.is_some() && member.is_none() {
        return Err(Denial::UnknownKey);
    }
    let over = |end: Option<Timestamp>| end.is_some_and(|end| end <= now);
    let reasons = [
        (account.suspended, Denial::AccountSuspended),
        (member.is_some_and(|member| member.suspended), Denial::MemberSuspended),
        (member.is_some_and(|member| over(member.ends_at)), Denial::MemberEnded),
        (key.disabled, Denial::KeyDisabled),
        (over(key.expires_at) || over(value.expires_at), Denial::KeyExpired),
    ];
    first(&reasons).map(|()| presented)
}

/// Whether the request may be read at all. `presented` is none for a value nobody knows. Tells the lists that would deny it if
/// they were enforced.
///
/// Errors: the first denial in the order of [`Denial`] whose reason holds.
pub fn decide_request(facts: &RequestFacts<'_>, presented: Option<Presented<'_>>) -> Result<ListKinds, NotAllowed> {
    let Presented { key, account, lists, .. } = decide_value(facts.now, presented)?;
    if facts.too_many_denials {
        return Err(Denial::TooManyDenials.into());
    }
    if let Some(required) = key.secret.as_ref().filter(|_| !facts.has_ticket) {
        let presented = facts.secret.ok_or(Denial::SecretMissing)?;
        first(&[(!required.is(presented, facts.now), Denial::SecretWrong)])?;
    }
    let (address, page) = (lists.address(facts.address), lists.page(facts.page));
    let observed = address.observed | page.observed;
    let denied = first(&[
        (address.denied_by.is_some(), Denial::AddressNotAllowed),
        (page.denied_by.is_some(), Denial::DomainNotAllowed),
        (account.subscription(facts.api).is_none() || !key.opens_api(facts.api), Denial::ApiNotInPlan),
        (facts.network.is_some_and(|network| !key.opens_network(network)), Denial::NetworkNotInPlan),
        (!facts.path_found, Denial::PathNotFound),
        (!facts.encoding_supported, Denial::EncodingNotSupported),
        (facts.declared_length.is_some_and(|length| length > facts.body_limit), Denial::BodyTooLarge),
        (!facts.well_formed, Denial::Malformed),
    ]);
    let layer = |denial| match denial {
        Denial::AddressNotAllowed => address.denied_by,
        Denial::DomainNotAllowed => page.denied_by,
        _ => None,
    };
    denied.map(|()| observed).map_err(|denial| NotAllowed { denial, layer: layer(denial), observed })
}

/// Whether the lists let a call of an allowed request pass. Tells the lists that would deny it if they were enforced.
///
/// Errors: `method_not_allowed`, else `contract_not_allowed`.
pub fn decide_call(lists: &Layers, call: &CallFacts<'_>) -> Result<ListKinds, NotAllowed> {
    let method = match call.method {
        MethodAsked::Rpc(name) => lists.rpc_method(name),
        MethodAsked::Rest { verb, target } => lists.rest_method(verb, target),
    };
    let contracts = lists.contracts(call.touches);
    let observed = method.observed | contracts.observed;
    let denied = match (method.denied_by, contracts.denied_by) {
        (Some(layer), _) => (Denial::MethodNotAllowed, layer),
        (None, Some(layer)) => (Denial::ContractNotAllowed, layer),
        (None, None) => return Ok(observed),
    };
    Err(NotAllowed { denial: denied.0, layer: Some(denied.1), observed })
}

/// What a call is charged, unless its price alone is above a whole window of one of the quotas that count it, and above what
/// is allowed beyond.
/// Counting itself is the meter's: check and charge are one step there.
///
/// Errors: `quota_exhausted` of the narrowest scope whose limit is below the price.
pub fn decide_charge<'a>(price: Price, quotas: impl IntoIterator<Item = &'a Quota>) -> Result<Charge, Denial> {
    let charge = price.charge();
    let largest = |quota: &Quota| quota.limit.max(quota.overage.map_or(0, |overage| overage.limit));
    let too_dear = quotas.into_iter().filter(|quota| charge.amount(quota.metric) > largest(quota));
    match too_dear.map(|quota| quota.scope).min() {
        Some(scope) => Err(Denial::QuotaExhausted(scope)),
        None => Ok(charge),
    }
}

/// The order in which scopes speak; see [`Denial`].
pub const SCOPES: [Scope; 3] = [Scope::Key, Scope::Member, Scope::Account];

fn first(reasons: &[(bool, Denial)]) -> Result<(), Denial> {
    reasons.iter().find(|(holds, _)| *holds).map_or(Ok(()), |(_, denial)| Err(*denial))
}

#[cfg(test)]
mod tests;
