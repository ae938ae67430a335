//! Caps: how much a member may spend inside the account, over all values they own: another key is no way around it.

use std::collections::HashMap;

use domain::{
    id::{AccountId, MemberId},
    limit::check_quotas,
    member::Member,
    quota::{Period, Quota, QuotaTerms},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use store::{Source, quota::Owner};
use utoipa::ToSchema;

use crate::{
    app::App,
    body::field,
    change::Change,
    error::Problem,
    usage::{self, Usage},
    view::Metric,
};

/// A quota over all values that a member owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// What it counts.
    metric: Metric,
    /// How long it counts: `day`, `month`, `cycle`, `30 days` (1 to 3660), `lifetime`. Cycles and spans of days begin when the
    /// seat was made.
    period: String,
    /// Units in a window, 1 or more. A higher one holds at once, a lower one from the next window on.
    limit: u64,
}

/// A cap, and how much of it is used.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MemberCap)]
pub struct CapView {
    /// What it counts.
    metric: Metric,
    /// How long it counts.
    period: String,
    /// Units in a window, from the next one on.
    limit: u64,
    /// The running window, with the limit that it began with where that is higher.
    usage: Usage,
}

/// Makes these the member's caps. One that was there keeps what is counted of it.
///
/// Errors: 422 with the place of the first that cannot be; those of the store.
pub async fn set(change: &Change<'_>, seat: &Member, caps: &[Cap]) -> Result<(), Problem> {
    let read = |(place, cap): (usize, &Cap)| {
        let period: Period = field(&format!("caps[{place}].period"), &cap.period)?;
        Ok(QuotaTerms { metric: cap.metric.into(), period, limit: cap.limit, overage: None })
    };
    let terms = caps.iter().enumerate().map(read).collect::<Result<Vec<_>, Problem>>()?;
    check_quotas(&terms).map_err(|(place, refused)| Problem::field(&format!("caps[{place}].limit"), refused))?;
    let owner = (Owner::Member(seat.id), seat.created_at);
    Ok(store::quota::replace(&change.tx, owner, &terms, change.now, &mut || change.app.random()).await?)
}

/// The member's caps as they are set, by metric and period.
///
/// Errors: those of the store.
pub async fn list(from: &impl Source, seat: &Member) -> Result<Vec<Cap>, Problem> {
    let mut quotas = store::quota::list(from, Owner::Member(seat.id)).await?;
    quotas.sort_by_key(|quota| (quota.metric, quota.period));
    Ok(quotas.iter().map(Cap::from).collect())
}

/// The caps of these members of an account by metric and period, and how much of each is used; a member without caps is missing.
///
/// Errors: those of the store.
pub async fn of_members(
    app: &App,
    account: AccountId,
    seats: &[MemberId],
    now: Timestamp,
) -> Result<HashMap<MemberId, Vec<CapView>>, Problem> {
    let mut caps: HashMap<MemberId, Vec<Quota>> = HashMap::new();
    for (seat, quota) in store::quota::list_of_members(&app.store, seats).await? {
        caps.entry(seat).or_default().push(quota);
    }
    let capped: Vec<MemberId> = caps.keys().copied().collect();
    let usages = usage::of_members(app, account, &capped, now).await?;
    let mut views = HashMap::with_capacity(caps.len());
    for (seat, mut quotas) in caps {
        quotas.sort_by_key(|quota| (quota.metric, quota.period));
        let used = usages.get(&seat).map_or(&[][..], Vec::as_slice);
        let view = |Cap { metric, period, limit }| {
            let usage = used.iter().find(|usage| (usage.metric, &usage.period) == (metric, &period))?.clone();
            Some(CapView { metric, period, limit, usage })
        };
        views.insert(seat, quotas.iter().map(Cap::from).filter_map(view).collect());
    }
    Ok(views)
}

impl From<&Quota> for Cap {
    fn from(quota: &Quota) -> Cap {
        Cap { metric: quota.metric.into(), period: quota.period.to_string(), limit: quota.limit }
    }
}
