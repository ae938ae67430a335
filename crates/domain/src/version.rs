//! Version: what a key allowed after a change. Each change makes one, and any can be gone back to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    allowlist::{AddressEntry, Allowlist, ContractEntry, DomainEntry, ListKind, ListKinds, Lists, MethodEntry},
    id::{KeyId, MemberId},
    key::{Key, metadata::Metadata},
    name::{ApiName, Environment, NetworkName, Reason, Title},
    quota::{Metric, QuotaTerms},
    rate_limit::{Per, RateLimit},
    time::Timestamp,
};

/// The most versions of one key that are kept; the oldest are forgotten.
pub const MAX_KEPT: u64 = 1_000;

/// A version of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Of which key.
    pub key: KeyId,
    /// Its number: 1, 2, 3…
    pub number: u64,
    /// When it was made.
    pub time: Timestamp,
    /// In which seat; none: by whoever runs Keyward, or before versions were kept.
    pub author: Option<MemberId>,
    /// What they were called then.
    pub author_name: String,
    /// Why, if they said.
    pub reason: Option<Reason>,
    /// The version that was gone back to, if one was.
    pub restored: Option<u64>,
    /// What differs from the version before.
    pub changed: Vec<Part>,
}

/// What a key allows, as a version holds it. Values, secrets and holders are no part of it: nothing brings them back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// What people call it.
    pub name: Title,
    /// Where it is used.
    pub environment: Environment,
    /// The APIs it opens; empty: all.
    pub apis: BTreeSet<ApiName>,
    /// The networks it opens; empty: all.
    pub networks: BTreeSet<NetworkName>,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// What the account's programs remember of it.
    pub metadata: Metadata,
    /// From where one may call.
    pub addresses: Allowlist<AddressEntry>,
    /// From which pages one may call.
    pub domains: Allowlist<DomainEntry>,
    /// What may be called.
    pub methods: Allowlist<MethodEntry>,
    /// Which contracts calls may touch.
    pub contracts: Allowlist<ContractEntry>,
    /// The lists that only the account's side may change.
    pub locked: BTreeSet<ListKind>,
    /// How much, by metric and period.
    pub quotas: Vec<QuotaTerms>,
    /// How fast, by metric and span.
    pub rates: Vec<RateTerms>,
    /// Whether calls must bring the secret.
    pub is_secret_required: bool,
    /// Whether it was switched on.
    pub is_enabled: bool,
}

/// A rate of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RateTerms {
    /// What it counts.
    pub metric: Metric,
    /// The span.
    pub per: Per,
    /// Units in a span.
    pub limit: u64,
}

/// A part of what a key allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// What people call it.
    Name,
    /// Where it is used.
    Environment,
    /// The APIs it opens.
    Apis,
    /// The networks it opens.
    Networks,
    /// Its end.
    ExpiresAt,
    /// What the account's programs remember of it.
    Metadata,
    /// A list, and whether it is locked.
    List(ListKind),
    /// How much.
    Quotas,
    /// How fast.
    Rates,
    /// Whether calls must bring the secret.
    SecretRequired,
    /// Whether it is switched on.
    Enabled,
}

impl Part {
    /// Every part, in the order in which pages tell them.
    pub const ALL: [Part; 14] = [
        Part::Name,
        Part::Environment,
        Part::Apis,
        Part::Networks,
        Part::ExpiresAt,
        Part::Metadata,
        Part::List(ListKind::Addresses),
        Part::List(ListKind::Domains),
        Part::List(ListKind::Methods),
        Part::List(ListKind::Contracts),
        Part::Quotas,
        Part::Rates,
        Part::SecretRequired,
        Part::Enabled,
    ];

    /// The field of a key in the REST API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Part::Name => "name",
            Part::Environment => "environment",
            Part::Apis => "apis",
            Part::Networks => "networks",
            Part::ExpiresAt => "expires_at",
            Part::Metadata => "metadata",
            Part::List(kind) => kind.as_str(),
            Part::Quotas => "quotas",
            Part::Rates => "rates",
            Part::SecretRequired => "secret_required",
            Part::Enabled => "enabled",
        }
    }

    /// Whether going back to a version brings it back. Switches stay: who went back in a hurry must not open what was shut.
    pub const fn is_restored(self) -> bool {
        !matches!(self, Part::SecretRequired | Part::Enabled)
    }
}

impl Terms {
    /// What a key with these limits allows.
    pub fn of(key: &Key, quotas: impl IntoIterator<Item = QuotaTerms>, rates: &[RateLimit]) -> Terms {
        let Lists { addresses, domains, methods, contracts } = key.lists.clone();
        let mut quotas: Vec<QuotaTerms> = quotas.into_iter().collect();
        quotas.sort_unstable();
        let mut rates: Vec<RateTerms> =
            rates.iter().map(|rate| RateTerms { metric: rate.metric, per: rate.per, limit: rate.limit }).collect();
        rates.sort_unstable();
        Terms {
            name: key.name.clone(),
            environment: key.environment.clone(),
            apis: key.apis.clone(),
            networks: key.networks.clone(),
            expires_at: key.expires_at,
            metadata: key.metadata.clone(),
            addresses,
            domains,
            methods,
            contracts,
            locked: key.locked_lists.iter().collect(),
            quotas,
            rates,
            is_secret_required: key.secret.as_ref().is_some_and(|secret| secret.required_at.is_some()),
            is_enabled: key.disabled_at.is_none(),
        }
    }

    /// Its lists.
    pub fn lists(&self) -> Lists {
        Lists {
            addresses: self.addresses.clone(),
            domains: self.domains.clone(),
            methods: self.methods.clone(),
            contracts: self.contracts.clone(),
        }
    }

    /// Which of them are locked.
    pub fn locked_lists(&self) -> ListKinds {
        self.locked.iter().copied().collect()
    }

    /// What differs in `after`.
    pub fn changed(&self, after: &Terms) -> Vec<Part> {
        Part::ALL.into_iter().filter(|part| self.differs(after, *part)).collect()
    }

    fn differs(&self, after: &Terms, part: Part) -> bool {
        match part {
            Part::Name => self.name != after.name,
            Part::Environment => self.environment != after.environment,
            Part::Apis => self.apis != after.apis,
            Part::Networks => self.networks != after.networks,
            Part::ExpiresAt => self.expires_at != after.expires_at,
            Part::Metadata => self.metadata != after.metadata,
            Part::List(kind) => {
                let is_locked_otherwise = self.locked.contains(&kind) != after.locked.contains(&kind);
                is_locked_otherwise || self.lists().changed(&after.lists()).has(kind)
            }
            Part::Quotas => self.quotas != after.quotas,
            Part::Rates => self.rates != after.rates,
            Part::SecretRequired => self.is_secret_required != after.is_secret_required,
            Part::Enabled => self.is_enabled != after.is_enabled,
        }
    }

    /// The key as this version has it: its switches stay as they are, and so does its end where that of the version is over.
    /// Quotas and rates are beside it.
    pub fn restored(&self, key: Key, now: Timestamp) -> Key {
        let is_over = self.expires_at.is_some_and(|end| end <= now);
        Key {
            name: self.name.clone(),
            environment: self.environment.clone(),
            apis: self.apis.clone(),
            networks: self.networks.clone(),
            expires_at: if is_over { key.expires_at } else { self.expires_at },
            metadata: self.metadata.clone(),
            lists: self.lists(),
            locked_lists: self.locked_lists(),
            ..key
        }
    }
}

impl From<RateTerms> for RateLimit {
    fn from(rate: RateTerms) -> RateLimit {
        let RateTerms { metric, per, limit } = rate;
        RateLimit { scope: crate::quota::Scope::Key, metric, per, limit }
    }
}

#[cfg(test)]
mod tests;
