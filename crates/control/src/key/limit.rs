//! Limits of a key: how much and how fast it may be called with, beside what the account and its members may.

use std::sync::Arc;

use axum::extract::{Path, State};
use domain::{
    audit::Action,
    id::{AccountId, KeyId},
    key::Key,
    limit::{check_quotas, check_rates},
    name::{ApiName, Reason},
    permission::Permission,
    quota::{Period, Quota, QuotaTerms, Scope},
    rate_limit::RateLimit,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Source, quota::Owner};
use utoipa::ToSchema;

use super::{edit::Edit, may_see_security, seen};
use crate::{
    account::Rate,
    actor::Actor,
    app::App,
    body::{Body, field, field_if_any},
    change::Change,
    error::Problem,
    usage::{self, Usage},
    version::{IfMatch, Versioned},
    view::{Metric, Moment},
};

/// What a key is to have; it replaces all that it has.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsAsked {
    /// How much: one for each metric and period, at most 8. One that the key has already keeps what is counted of it.
    quotas: Vec<QuotaAsked>,
    /// How fast: one for each metric and span.
    rates: Vec<Rate>,
    /// Why, for the versions of the key: at most 200 characters.
    reason: Option<String>,
}

/// How much a key may be called with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotaAsked {
    /// What it counts.
    metric: Metric,
    /// How long it counts: `day`, `month`, `cycle`, `30 days` (1 to 3660), `lifetime`. Cycles and spans of days begin when the
    /// key was made.
    period: String,
    /// Units in a window, 1 or more. A higher one holds at once, a lower one from the next window on.
    limit: u64,
}

/// The limits of a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyLimits {
    /// The version of the key that they are of: what `If-Match` takes.
    version: u64,
    /// How much.
    quotas: Vec<QuotaView>,
    /// How fast. What is left of them only the gateway knows: it tells callers in its answers' headers.
    rates: Vec<Rate>,
}

/// A quota of a key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeyQuota)]
pub struct QuotaView {
    /// What it counts.
    metric: Metric,
    /// How long it counts.
    period: String,
    /// Units in a window, from the next one on.
    limit: u64,
    /// The running window, with the limit that it began with where that is higher.
    usage: Usage,
}

/// The limits of a key, and the moment from which they hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct LimitsInForce {
    /// As they are now.
    #[serde(flatten)]
    limits: KeyLimits,
    /// From this moment on every gateway acts on them.
    effective_at: Moment,
}

/// How much and how fast a key may be called with, and how much of it is used.
#[utoipa::path(get, path = "/accounts/{account}/keys/{key}/limits", tag = "key",
    params(("account" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = KeyLimits), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn get_key_limits(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Versioned<KeyLimits>, Problem> {
    let key = seen(&app.store, &actor, &id).await?;
    may_see_security(actor.standing(), &key)?;
    let limits = show(&app, &key, app.now()).await?;
    Ok(Versioned(limits.version, limits))
}

/// Replaces the limits of a key. With `If-Match` it is refused where the key was changed since that version.
#[utoipa::path(put, path = "/accounts/{account}/keys/{key}/limits", tag = "key",
    params(("account" = String, Path), ("key" = String, Path), ("If-Match" = Option<String>, Header)),
    request_body = LimitsAsked,
    responses((status = 200, body = LimitsInForce), (status = 403, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem)))]
pub async fn set_key_limits(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    based_on: IfMatch,
    Body(asked): Body<LimitsAsked>,
) -> Result<Versioned<LimitsInForce>, Problem> {
    let (change, key) = Change::on_key(&app, &actor, &id, Permission::SecurityLimits).await?;
    let reason: Option<Reason> = field_if_any("reason", asked.reason.as_deref())?;
    let edit = Edit::begin(&change, key.clone(), &based_on).await?;
    let quotas = read_quotas(&asked.quotas)?;
    let rates: Vec<RateLimit> = asked.rates.iter().map(RateLimit::from).collect();
    let dearest = dearest(&change.tx, &key).await?;
    check_rates(&rates, dearest.as_ref().map(|(api, credits)| (api, *credits)))
        .map_err(|(place, refused)| Problem::field(&format!("rates[{place}].limit"), refused))?;
    let before = facts(&change.tx, key.id).await?;
    let owner = (Owner::Key(key.id), key.created_at);
    store::quota::replace(&change.tx, owner, &quotas, change.now, &mut || app.random()).await?;
    store::rate_limit::replace(&change.tx, key.id, &rates).await?;
    let after = facts(&change.tx, key.id).await?;
    let key = edit.save(&change, key, reason.into()).await?;
    change.record(Action::LimitEdit, (key.id, key.name.as_str()), Some(before), Some(after)).await?;
    let effective_at = change.commit().await?;
    let limits = show(&app, &key, app.now()).await?;
    Ok(Versioned(limits.version, LimitsInForce { limits, effective_at: effective_at.into() }))
}

/// Whether the key's rates let the dearest call of its APIs through; asked when what it opens changes.
///
/// Errors: 422 at `apis`.
pub async fn fit(from: &impl Source, key: &Key) -> Result<(), Problem> {
    let rates = store::rate_limit::list(from, key.id).await?;
    let dearest = dearest(from, key).await?;
    check_rates(&rates, dearest.as_ref().map(|(api, credits)| (api, *credits))).map_err(|(place, refused)| {
        let RateLimit { limit, metric, per, .. } = rates[place];
        Problem::field("apis", format!("the key's rate of {limit} {metric} per {per} is too low: {refused}"))
    })
}

fn read_quotas(asked: &[QuotaAsked]) -> Result<Vec<QuotaTerms>, Problem> {
    let read = |(place, quota): (usize, &QuotaAsked)| {
        let period: Period = field(&format!("quotas[{place}].period"), &quota.period)?;
        Ok(QuotaTerms { metric: quota.metric.into(), period, limit: quota.limit, overage: None })
    };
    let quotas = asked.iter().enumerate().map(read).collect::<Result<Vec<_>, Problem>>()?;
    check_quotas(&quotas).map_err(|(place, refused)| Problem::field(&format!("quotas[{place}].limit"), refused))?;
    Ok(quotas)
}

/// Of the APIs that the key opens, the one with the dearest call, and its credits.
///
/// Errors: those of the store.
pub async fn dearest(from: &impl Source, key: &Key) -> Result<Option<(ApiName, u32)>, Problem> {
    Ok(store::subscription::dearest(from, key.account, |api| key.opens_api(api)).await?)
}

async fn show(app: &App, key: &Key, now: Timestamp) -> Result<KeyLimits, Problem> {
    // The key was read first: what is read after it is as new, or newer, and a change based on it is then refused, not lost.
    let quotas = quotas(app, key.account, key.id, now).await?;
    let rates = store::rate_limit::list(&app.store, key.id).await?.iter().map(Rate::from).collect();
    Ok(KeyLimits { version: key.version, quotas, rates })
}

/// By metric and period, whatever the order in which they were set.
async fn quotas(app: &App, account: AccountId, key: KeyId, now: Timestamp) -> Result<Vec<QuotaView>, Problem> {
    let usages = usage::list(app, usage::Of::Key(account, key), now).await?;
    let mut set = store::quota::list(&app.store, Owner::Key(key)).await?;
    set.sort_by_key(|quota| (quota.metric, quota.period));
    let view = |quota: Quota| {
        let (metric, period) = (Metric::from(quota.metric), quota.period.to_string());
        let usage = usages.iter().find(|usage| (usage.metric, &usage.period) == (metric, &period))?.clone();
        Some(QuotaView { metric, period, limit: quota.limit, usage })
    };
    Ok(set.into_iter().filter_map(view).collect())
}

/// What the audit trail tells of them.
async fn facts(from: &impl Source, key: KeyId) -> Result<Value, Problem> {
    let quotas = store::quota::list(from, Owner::Key(key)).await?;
    let quota = |quota: &Quota| json!({ "metric": quota.metric.as_str(), "period": quota.period.to_string(), "limit": quota.limit });
    let rates = store::rate_limit::list(from, key).await?;
    let rate = |rate: &RateLimit| json!(Rate::from(rate));
    Ok(json!({
        "quotas": quotas.iter().map(quota).collect::<Vec<_>>(),
        "rates": rates.iter().map(rate).collect::<Vec<_>>(),
    }))
}

impl From<&Rate> for RateLimit {
    fn from(rate: &Rate) -> RateLimit {
        RateLimit { scope: Scope::Key, metric: rate.metric.into(), per: rate.per.into(), limit: rate.limit }
    }
}
