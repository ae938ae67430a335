//! Subscription: joins an account to an API under a plan. Its quotas are the account's quotas for that API.

use crate::{
    id::{AccountId, SubscriptionId},
    name::{ApiName, PlanName},
    time::Timestamp,
};

/// A subscription; one for each account and API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its identifier; the owner of the quotas that the plan gives.
    pub id: SubscriptionId,
    /// The account that pays.
    pub account: AccountId,
    /// The API it opens.
    pub api: ApiName,
    /// What it allows.
    pub plan: PlanName,
    /// When it began: the anchor of its billing cycles.
    pub started_at: Timestamp,
}
