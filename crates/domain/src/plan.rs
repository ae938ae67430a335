//! Plan: what a subscription allows.

use crate::{
    name::{PlanName, Title},
    price::PriceList,
    quota::{Metric, QuotaTerms},
    rate_limit::RateLimit,
};

/// A plan as the operator declared it. Its quotas and rates count the account's calls to one API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What configuration and command line call it.
    pub name: PlanName,
    /// What people call it.
    pub title: Title,
    /// How much; one entry for each metric and period.
    pub quotas: Vec<QuotaTerms>,
    /// How fast.
    pub rates: Vec<RateLimit>,
    /// The most keys that are not revoked; none: no limit.
    pub max_keys: Option<u32>,
    /// The most members that are not removed, pending ones too; none: no limit.
    pub max_members: Option<u32>,
}

/// Why a key or a member was not added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanRefused {
    /// Another key would be one too many.
    #[error("plan {plan} allows {max} keys; revoke one or choose a larger plan")]
    Keys {
        /// The plan that sets the limit.
        plan: PlanName,
        /// Its limit.
        max: u32,
    },
    /// Another member would be one too many.
    #[error("plan {plan} allows {max} members; remove one or choose a larger plan")]
    Members {
        /// The plan that sets the limit.
        plan: PlanName,
        /// Its limit.
        max: u32,
    },
}

/// The rate of a plan that is below the dearest price of a list, and that price: a call at it could never be served, since a rate
/// is also the burst.
pub fn rate_below_dearest(plan: &Plan, prices: &PriceList) -> Option<(RateLimit, u32)> {
    let dearest = prices.dearest();
    let too_slow = |rate: &&RateLimit| rate.metric == Metric::Credits && rate.limit < u64::from(dearest);
    plan.rates.iter().find(too_slow).map(|rate| (*rate, dearest))
}

/// Whether an account under these plans may have `more` keys beside the `present` ones. The tightest plan speaks.
pub fn may_add_keys<'a>(plans: impl IntoIterator<Item = &'a Plan>, present: u64, more: u64) -> Result<(), PlanRefused> {
    match tightest(plans, |plan| plan.max_keys) {
        Some((plan, max)) if present + more > u64::from(max) => Err(PlanRefused::Keys { plan, max }),
        _ => Ok(()),
    }
}

/// Whether an account under these plans may have one member beside the `present` ones. The tightest plan speaks.
pub fn may_add_member<'a>(plans: impl IntoIterator<Item = &'a Plan>, present: u64) -> Result<(), PlanRefused> {
    match tightest(plans, |plan| plan.max_members) {
        Some((plan, max)) if present + 1 > u64::from(max) => Err(PlanRefused::Members { plan, max }),
        _ => Ok(()),
    }
}

fn tightest<'a>(
    plans: impl IntoIterator<Item = &'a Plan>,
    limit: impl Fn(&Plan) -> Option<u32>,
) -> Option<(PlanName, u32)> {
    plans.into_iter().filter_map(|plan| Some((plan.name.clone(), limit(plan)?))).min_by_key(|(_, max)| *max)
}

#[cfg(test)]
mod tests;
