//! Policy: what the gateway must know to decide on a call, as plain values that cross from the store.
//!
//! Four nouns, each with its own change: suspending an account touches one value, however many keys it has.

use std::sync::Arc;

use crate::{
    allowlist::Lists,
    id::{AccountId, KeyId, MemberId, ValueId},
    key::{
        secret::{Secret, SecretHash},
        value::Hash,
    },
    name::{ApiName, NetworkName, PlanName},
    quota::Quota,
    rate_limit::RateLimit,
    time::Timestamp,
};

/// What the gateway knows of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountPolicy {
    /// Which account.
    pub id: AccountId,
    /// Whether all its calls are refused.
    pub suspended: bool,
    /// What calls with any of its keys must pass; none where no list is on.
    pub lists: Option<Arc<Lists>>,
    /// What it may call; one for each API.
    pub subscriptions: Vec<SubscriptionPolicy>,
}

/// What an account may call, and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionPolicy {
    /// The API.
    pub api: ApiName,
    /// The plan, for callers who ask.
    pub plan: PlanName,
    /// Quotas of scope account.
    pub quotas: Vec<Quota>,
    /// Rate limits of scope account.
    pub rates: Vec<RateLimit>,
}

/// What the gateway knows of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberPolicy {
    /// Which member.
    pub id: MemberId,
    /// Whether the values the member owns are refused.
    pub suspended: bool,
    /// From when on they are refused.
    pub ends_at: Option<Timestamp>,
    /// Caps: quotas of scope member, over all values the member owns.
    pub quotas: Vec<Quota>,
    /// Rate limits of scope member, over the same.
    pub rates: Vec<RateLimit>,
}

/// What the gateway knows of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPolicy {
    /// Which key.
    pub id: KeyId,
    /// The account that pays.
    pub account: AccountId,
    /// The store's version of this policy, for the log row.
    pub version: u64,
    /// Whether it is switched off.
    pub disabled: bool,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// The APIs it opens; empty: all subscribed ones.
    pub apis: Box<[ApiName]>,
    /// The networks it opens; empty: all.
    pub networks: Box<[NetworkName]>,
    /// What calls with it must pass; none where no list is on.
    pub lists: Option<Arc<Lists>>,
    /// The secret that calls must bring; none: none is asked for.
    pub secret: Option<Arc<SecretPolicy>>,
    /// Quotas of scope key.
    pub quotas: Box<[Quota]>,
    /// Rate limits of scope key.
    pub rates: Box<[RateLimit]>,
}

/// A secret that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretPolicy {
    /// What its text hashes to.
    pub hash: SecretHash,
    /// The one before, and the end of its grace period.
    pub former: Option<(SecretHash, Timestamp)>,
}

/// What the gateway knows of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuePolicy {
    /// Which value.
    pub id: ValueId,
    /// How it is found.
    pub hash: Hash,
    /// The key it presents.
    pub key: KeyId,
    /// Whose it is; none: the account's own.
    pub member: Option<MemberId>,
    /// End of its grace period.
    pub expires_at: Option<Timestamp>,
}

/// One step of the change feed. Revoked and removed things are absent from the gateway: what is not known is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyChange {
    /// An account is new or different.
    Account(AccountPolicy),
    /// A member is new or different.
    Member(MemberPolicy),
    /// A key is new or different.
    Key(KeyPolicy),
    /// A value is new or different.
    Value(ValuePolicy),
    /// The account is gone.
    NoAccount(AccountId),
    /// The member is gone; their values are refused.
    NoMember(MemberId),
    /// The key is gone; its values are refused.
    NoKey(KeyId),
    /// The value is gone.
    NoValue(ValueId),
}

impl KeyPolicy {
    /// Whether the key opens the API.
    pub fn opens_api(&self, api: &ApiName) -> bool {
        self.apis.is_empty() || self.apis.contains(api)
    }

    /// Whether the key opens the network.
    pub fn opens_network(&self, network: &NetworkName) -> bool {
        self.networks.is_empty() || self.networks.contains(network)
    }
}

impl SecretPolicy {
    /// What is to be known of a secret; none while it is not required.
    pub fn of(secret: &Secret) -> Option<SecretPolicy> {
        let former = secret.former.map(|former| (former.hash, former.expires_at));
        secret.required_at.map(|_| SecretPolicy { hash: secret.hash, former })
    }

    /// Whether what was presented is the secret, or the one before in its grace period.
    pub fn is(&self, presented: &SecretHash, now: Timestamp) -> bool {
        self.hash == *presented || self.former.is_some_and(|(hash, end)| now < end && hash == *presented)
    }
}

impl AccountPolicy {
    /// The subscription to the API, if there is one.
    pub fn subscription(&self, api: &ApiName) -> Option<&SubscriptionPolicy> {
        self.subscriptions.iter().find(|subscription| subscription.api == *api)
    }
}
