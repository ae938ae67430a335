//! Usage: how far quotas are used, and when they run out at the pace of the last hour.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{
    id::{AccountId, Id, KeyId, MemberId, Noun, QuotaId},
    name::ApiName,
    quota::{Metric, Quota},
    time::{SECOND, Timestamp},
};
use serde::Serialize;
use store::{ledger, quota::Owner, request_log};
use utoipa::ToSchema;

use crate::{app::App, error::Problem, view::Moment};

/// How far back the pace is looked at, in microseconds.
const PACE: i64 = 3_600 * SECOND;

/// The running window of a quota.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Usage {
    /// Whose calls it counts.
    pub scope: crate::view::Scope,
    /// What it counts.
    pub metric: crate::view::Metric,
    /// How long it counts: `day`, `month`, `cycle`, `30 days`, `lifetime`.
    pub period: String,
    /// When the window began.
    pub window_start: Moment,
    /// When the next one begins.
    pub window_end: Moment,
    /// Units in the window.
    pub limit: u64,
    /// Units used, as far as the log has arrived.
    pub used: u64,
    /// What is allowed beyond; null: calls are denied when the quota is used up.
    pub overage: Option<Overage>,
    /// When it is used up at the pace of the last hour, if that is before the window ends.
    pub runs_out_at: Option<Moment>,
}

/// Units beyond a quota, in the same window.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Overage {
    /// Units allowed beyond; null: as many as are used.
    pub limit: Option<u64>,
    /// Units used beyond, as far as the log has arrived.
    pub used: u64,
}

/// Whose quotas are meant.
#[derive(Clone, Copy)]
pub enum Of<'a> {
    /// An account's for one API: those of its subscription.
    Subscription(Owner, AccountId, &'a ApiName),
    /// A key's.
    Key(AccountId, KeyId),
}

/// The running windows of the quotas of an owner.
///
/// Errors: those of the store.
pub async fn list(app: &App, of: Of<'_>, now: Timestamp) -> Result<Vec<Usage>, Problem> {
    let quotas = store::quota::list(&app.store, of.owner()).await?;
    if quotas.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = quotas.iter().map(|quota: &Quota| quota.id).collect();
    let counted = ledger::usage(&app.store, &ids, now).await?;
    let filter = request_log::Filter { after: Some(now.plus(-PACE)), ..of.filter() };
    let hour = request_log::totals(&app.store, &filter).await?;
    let net = |taken: u64, given_back| taken.saturating_sub(given_back);
    let pace = (net(hour.requests, hour.refunded_requests), net(hour.credits, hour.refunded_credits));
    Ok(counted.into_iter().map(|counter| view(counter.usage, pace, now)).collect())
}

/// The running windows of the quotas of these keys of an account; a key without quotas is left out.
///
/// Errors: those of the store.
pub async fn of_keys(
    app: &App,
    account: AccountId,
    keys: &[KeyId],
    now: Timestamp,
) -> Result<HashMap<KeyId, Vec<Usage>>, Problem> {
    let quotas = store::quota::list_of_keys(&app.store, keys).await?;
    let hour = |keys| request_log::Filter { keys, ..last_hour(account, now) };
    let spent = async |limited| {
        let hour = request_log::by_key(&app.store, &hour(limited)).await?;
        Ok(hour.into_iter().map(|spend| (spend.who, (spend.requests, spend.credits))).collect())
    };
    of_owners(app, quotas, spent, now).await
}

/// The running windows of the caps of these members of an account; a member without caps is left out.
///
/// Errors: those of the store.
pub async fn of_members(
    app: &App,
    account: AccountId,
    members: &[MemberId],
    now: Timestamp,
) -> Result<HashMap<MemberId, Vec<Usage>>, Problem> {
    let quotas = store::quota::list_of_members(&app.store, members).await?;
    let hour = |members| request_log::Filter { members, ..last_hour(account, now) };
    let spent = async |limited| {
        let hour = request_log::by_member(&app.store, &hour(limited)).await?;
        Ok(hour.into_iter().filter_map(|spend| Some((spend.who?, (spend.requests, spend.credits)))).collect())
    };
    of_owners(app, quotas, spent, now).await
}

/// Requests and credits of the last hour, less what was given back.
type Pace = (u64, u64);

async fn of_owners<N: Noun>(
    app: &App,
    quotas: Vec<(Id<N>, Quota)>,
    spent: impl AsyncFnOnce(Vec<Id<N>>) -> Result<HashMap<Id<N>, Pace>, Problem>,
    now: Timestamp,
) -> Result<HashMap<Id<N>, Vec<Usage>>, Problem> {
    let mut usages: HashMap<Id<N>, Vec<Usage>> = HashMap::new();
    if quotas.is_empty() {
        return Ok(usages);
    }
    let of: BTreeMap<QuotaId, Id<N>> = quotas.into_iter().map(|(owner, quota)| (quota.id, owner)).collect();
    let ids: Vec<QuotaId> = of.keys().copied().collect();
    let limited: HashSet<Id<N>> = of.values().copied().collect();
    let paces = spent(limited.into_iter().collect()).await?;
    for counter in ledger::usage(&app.store, &ids, now).await? {
        let owner = of[&counter.quota];
        let pace = paces.get(&owner).copied().unwrap_or_default();
        usages.entry(owner).or_default().push(view(counter.usage, pace, now));
    }
    Ok(usages)
}

fn last_hour(account: AccountId, now: Timestamp) -> request_log::Filter {
    request_log::Filter { account: Some(account), after: Some(now.plus(-PACE)), ..Default::default() }
}

fn view(usage: domain::usage::Usage, (requests, credits): Pace, now: Timestamp) -> Usage {
    let pace = match usage.metric {
        Metric::Requests => requests,
        Metric::Credits => credits,
    };
    let end = runs_out_at(usage.left(), pace, now).filter(|end| *end < usage.window.end);
    Usage {
        scope: usage.scope.into(),
        metric: usage.metric.into(),
        period: usage.period.to_string(),
        window_start: usage.window.start.into(),
        window_end: usage.window.end.into(),
        limit: usage.limit,
        used: usage.used,
        overage: usage.overage.map(|overage| Overage { limit: overage.limit, used: overage.used }),
        runs_out_at: end.map(Moment),
    }
}

impl Of<'_> {
    fn owner(self) -> Owner {
        match self {
            Of::Subscription(owner, ..) => owner,
            Of::Key(_, key) => Owner::Key(key),
        }
    }

    fn filter(self) -> request_log::Filter {
        let empty = request_log::Filter::default();
        match self {
            Of::Subscription(_, account, api) => {
                request_log::Filter { account: Some(account), api: Some(api.clone()), ..empty }
            }
            Of::Key(account, key) => request_log::Filter { account: Some(account), key: Some(key), ..empty },
        }
    }
}

/// When `left` units are used at a pace of so many an hour; none at rest.
fn runs_out_at(left: u64, in_the_last_hour: u64, now: Timestamp) -> Option<Timestamp> {
    if in_the_last_hour == 0 {
        return None;
    }
    let micros = u128::from(left) * PACE as u128 / u128::from(in_the_last_hour);
    Some(now.plus(i64::try_from(micros).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_of_the_last_hour_goes_on() {
        let now = Timestamp::from_micros(PACE);
        for (left, hour, hours) in [(100, 50, Some(2)), (0, 50, Some(0)), (100, 0, None), (50, 100, None)] {
            let end = runs_out_at(left, hour, now).map(|end| end.since(now));
            let expected = hours.map(|hours: i64| hours * PACE).or((hour > 0).then_some(PACE / 2));
            assert_eq!(end, expected, "{left} left, {hour} an hour");
        }
        assert!(runs_out_at(u64::MAX, 1, now).is_some_and(|end| end > now));
    }
}
