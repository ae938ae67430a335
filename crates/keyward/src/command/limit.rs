//! `keyward key limit` and `keyward member limit`: quotas and rates of narrower scope than the account's.

use std::fmt;

use domain::{
    audit::Action,
    id::QuotaId,
    key,
    limit::check_rates,
    name::ApiName,
    quota::{Metric, Period, Quota, QuotaTerms, Scope},
    rate_limit::{Per, RateLimit},
    time::Timestamp,
    usage::OverageUsage,
};
use serde::Serialize;
use store::{Store, Tx, quota::Owner, rate_limit};

use super::{context::Context, failure::Failure, trail};
use crate::{
    clock,
    output::{Align, moment},
};

mod argument;

pub use argument::LimitArguments;
use argument::{Amount, Span, wanted};

/// A quota and its usage as JSON shows it.
#[derive(Serialize)]
pub struct QuotaView {
    id: QuotaId,
    scope: &'static str,
    metric: &'static str,
    period: String,
    limit: u64,
    /// Units charged in the running window, as far as the log has arrived.
    used: u64,
    /// Units that gateways hold, spent or not: the upper bound of what is used at this moment.
    leased: u64,
    /// What the plan allows beyond, and what of it is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    overage: Option<OverageView>,
    resets_at: Option<Timestamp>,
}

/// Units beyond a quota as JSON shows them.
#[derive(Serialize)]
pub struct OverageView {
    /// None: as many as are used.
    limit: Option<u64>,
    used: u64,
}

/// A rate limit as JSON shows it.
#[derive(Serialize)]
pub struct RateView {
    metric: &'static str,
    per: &'static str,
    limit: u64,
}

/// One line of the list: a quota or a rate.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum LimitView {
    Quota(QuotaView),
    Rate(RateView),
}

/// Sets the limit that the line says, if it says one, and shows all of the owner's. `anchor` is where cycles and spans
/// of days begin.
pub async fn run(
    context: &mut Context<'_>,
    owner: Owner,
    anchor: Timestamp,
    arguments: LimitArguments,
) -> Result<(), Failure> {
    if let Some((metric, amount, span)) = wanted(&arguments)? {
        let now = context.now();
        let tx = context.store.begin().await?;
        match (span, owner) {
            (Span::Quota(period), _) => set_quota(&tx, owner, (metric, period), amount, anchor, now).await?,
            (Span::Rate(per), _) => match paced(owner) {
                Some(paced) => set_rate(&tx, paced, (metric, per), amount).await?,
                None => return Err(Failure::refused("a plan says how fast", "change the plan in keyward.toml")),
            },
        }
        record(&tx, owner, now).await?;
        tx.commit().await?;
    }
    show(context, owner).await
}

async fn record(tx: &Tx, owner: Owner, now: Timestamp) -> Result<(), Failure> {
    let (account, id, name) = match owner {
        Owner::Member(id) => match store::member::find(tx, id).await? {
            Some(member) => (member.account, id.to_string(), member.name),
            None => return Ok(()),
        },
        Owner::Key(id) => match store::key::find(tx, id).await? {
            Some(key) => (key.account, id.to_string(), key.name),
            None => return Ok(()),
        },
        // A plan sets these, and `plan assign` tells of it.
        Owner::Subscription(_) => return Ok(()),
    };
    trail::record(tx, account, Action::LimitEdit, (id, name.as_str()), now).await
}

async fn set_quota(
    tx: &Tx,
    owner: Owner,
    (metric, period): (Metric, Period),
    amount: Amount,
    anchor: Timestamp,
    now: Timestamp,
) -> Result<(), Failure> {
    let present = store::quota::list(tx, owner).await?;
    let present = present.iter().find(|quota| quota.metric == metric && quota.period == period);
    match (present, amount) {
        (Some(quota), Amount::Units(limit)) => store::quota::save_limit(tx, quota.id, limit, now).await?,
        (Some(quota), Amount::Off) => store::quota::remove(tx, quota.id).await?,
        (None, Amount::Units(limit)) => {
            let id = QuotaId::new(now, clock::entropy_of_id());
            store::quota::insert(tx, owner, id, QuotaTerms { metric, period, limit, overage: None }, anchor).await?;
        }
        (None, Amount::Off) => return Err(no_such_limit(metric, &period)),
    }
    Ok(())
}

/// Whose rates they are; none: those of an account stand in its plan.
const fn paced(owner: Owner) -> Option<rate_limit::Owner> {
    match owner {
        Owner::Member(id) => Some(rate_limit::Owner::Member(id)),
        Owner::Key(id) => Some(rate_limit::Owner::Key(id)),
        Owner::Subscription(_) => None,
    }
}

async fn set_rate(
    tx: &Tx,
    owner: rate_limit::Owner,
    (metric, per): (Metric, Per),
    amount: Amount,
) -> Result<(), Failure> {
    let mut rates = rate_limit::list(tx, owner).await?;
    let before = rates.len();
    rates.retain(|rate| rate.metric != metric || rate.per != per);
    match amount {
        Amount::Units(limit) => {
            // The store knows the scope by the owner.
            let rate = RateLimit { scope: Scope::Key, metric, per, limit };
            let dearest = dearest(tx, owner).await?;
            let checked = check_rates(&[rate], dearest.as_ref().map(|(api, credits)| (api, *credits)));
            checked.map_err(|(_, why)| Failure::Refused { what: why.to_string(), hint: None })?;
            rates.push(rate);
        }
        Amount::Off if rates.len() == before => return Err(no_such_limit(metric, &per)),
        Amount::Off => {}
    }
    Ok(rate_limit::replace(tx, owner, &rates).await?)
}

/// Of the APIs that the owner's calls may go to, the one with the dearest call, and its credits.
async fn dearest(tx: &Tx, owner: rate_limit::Owner) -> Result<Option<(ApiName, u32)>, Failure> {
    let account = match owner {
        rate_limit::Owner::Member(id) => store::member::find(tx, id).await?.map(|member| (member.account, None)),
        rate_limit::Owner::Key(id) => store::key::find(tx, id).await?.map(|key| (key.account, Some(key.apis))),
    };
    let Some((account, opened)) = account else { return Ok(None) };
    let opens = |api: &ApiName| opened.as_ref().is_none_or(|apis| key::opens(apis, api));
    Ok(store::subscription::dearest(tx, account, opens).await?)
}

fn no_such_limit(metric: Metric, span: &impl fmt::Display) -> Failure {
    Failure::Refused { what: format!("there is no limit on {metric} per {span} to take off"), hint: None }
}

async fn show(context: &mut Context<'_>, owner: Owner) -> Result<(), Failure> {
    let now = context.now();
    let quotas = quota_views(&context.store, owner, now).await?;
    let rates = match paced(owner) {
        Some(paced) => rate_views(&context.store, paced).await?,
        None => Vec::new(),
    };
    let limits = quotas.into_iter().map(LimitView::Quota).chain(rates.into_iter().map(LimitView::Rate));
    let columns = [
        ("limit", Align::Right),
        ("metric", Align::Left),
        ("per", Align::Left),
        ("used", Align::Right),
        ("resets", Align::Left),
    ];
    context.list(&limits.collect::<Vec<_>>(), &columns, |limit| match limit {
        LimitView::Quota(quota) => vec![
            quota.limit.to_string(),
            quota.metric.to_owned(),
            quota.period.clone(),
            quota.used.to_string(),
            quota.resets_at.map(moment).unwrap_or_default(),
        ],
        LimitView::Rate(rate) => vec![rate.limit.to_string(), rate.metric.to_owned(), rate.per.to_owned()],
    })
}

/// The quotas of an owner, with what is used of them.
pub async fn quota_views(store: &Store, owner: Owner, now: Timestamp) -> Result<Vec<QuotaView>, Failure> {
    let quotas = store::quota::list(store, owner).await?;
    let ids = quotas.iter().map(|quota| quota.id).collect::<Vec<_>>();
    let usage = store::ledger::usage(store, &ids, now).await?;
    let view = |quota: &Quota| {
        let counter = usage.iter().find(|counter| counter.quota == quota.id);
        QuotaView {
            id: quota.id,
            scope: quota.scope.as_str(),
            metric: quota.metric.as_str(),
            period: quota.period.to_string(),
            limit: quota.limit,
            used: counter.map_or(0, |counter| counter.usage.used),
            leased: counter.map_or(0, |counter| counter.granted),
            overage: counter
                .and_then(|counter| counter.usage.overage)
                .map(|OverageUsage { limit, used }| OverageView { limit, used }),
            resets_at: (quota.period != Period::Lifetime).then(|| quota.window(now).end),
        }
    };
    Ok(quotas.iter().map(view).collect())
}

/// The rate limits of a member or a key.
pub async fn rate_views(store: &Store, owner: impl Into<rate_limit::Owner>) -> Result<Vec<RateView>, Failure> {
    let rates = rate_limit::list(store, owner).await?;
    let view = |rate: RateLimit| RateView { metric: rate.metric.as_str(), per: rate.per.as_str(), limit: rate.limit };
    Ok(rates.into_iter().map(view).collect())
}

impl fmt::Display for QuotaView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} {} per {}", self.used, self.limit, self.metric, self.period)?;
        match &self.overage {
            None => {}
            Some(OverageView { limit: None, used }) => write!(f, ", {used} beyond")?,
            Some(OverageView { limit: Some(limit), used }) => write!(f, ", {used} of {limit} beyond")?,
        }
        self.resets_at.map_or(Ok(()), |end| write!(f, ", until {}", moment(end)))
    }
}

impl fmt::Display for RateView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} per {}", self.limit, self.metric, self.per)
    }
}
