//! Extra units: an operator adds to the running window of one of an account's quotas, exactly that many.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    audit::Action,
    extra_units::{ExtraUnits, raised},
    id::ExtraUnitsId,
    name::ApiName,
    quota::{Period, Quota},
    reason::Reason,
    time::{SECOND, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::quota::Owner;
use utoipa::ToSchema;

use super::{
    deed::{Deed, id},
    view::{self, ExtraUnitsView, OperatorAccountInForce},
};
use crate::{
    actor::Operator,
    app::App,
    body::{Asked, Body, field, field_if_any},
    error::Problem,
    view::Metric,
};

/// A gateway that heard that a quota is used up asks again within this, in microseconds.
const ASKED_AGAIN: i64 = SECOND;
/// Grants of a page.
const PAGE: u32 = 50;

/// Units to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtraUnitsAsked {
    /// The API whose calls may spend them.
    api: String,
    /// What they count.
    metric: Metric,
    /// Which quota of the plan: `day`, `month`, `cycle`, `30 days`, `lifetime`.
    period: String,
    /// How many, 1 or more.
    units: u64,
    /// Why: one line of at most 200 characters.
    reason: String,
}

/// Which grants are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GrantsAsked {
    /// Where the page before ended: its `next`.
    before: Option<String>,
}

/// What an account was granted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Grants {
    /// Newest first.
    extra_units: Vec<ExtraUnitsView>,
    /// `before` of the next page; null: there is none.
    next: Option<String>,
}

/// What an account was granted, newest first; for operators.
#[utoipa::path(get, path = "/operator/accounts/{account}/extra-units", tag = "operator",
    params(("account" = String, Path), GrantsAsked),
    responses((status = 200, body = Grants), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn list_extra_units(
    State(app): State<Arc<App>>,
    _: Operator,
    Path(account): Path<String>,
    Asked(asked): Asked<GrantsAsked>,
) -> Result<Json<Grants>, Problem> {
    let before = field_if_any::<ExtraUnitsId>("before", asked.before.as_deref())?;
    let found = store::account::find(&app.store, id(&account)?).await?;
    let account = found.ok_or_else(|| Problem::not_found("account"))?;
    let grants = store::extra_units::list(&app.store, account.id, before, PAGE).await?;
    let next = grants.last().filter(|_| grants.len() == PAGE as usize).map(|grant| grant.id.to_string());
    Ok(Json(Grants { extra_units: grants.into_iter().map(ExtraUnitsView::from).collect(), next }))
}

/// Adds units to the running window of one of the account's quotas. What is left of them ends with the window. For operators.
#[utoipa::path(post, path = "/operator/accounts/{account}/extra-units", tag = "operator",
    params(("account" = String, Path)), request_body = ExtraUnitsAsked,
    responses((status = 201, body = OperatorAccountInForce), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn grant_extra_units(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(account): Path<String>,
    Body(asked): Body<ExtraUnitsAsked>,
) -> Result<(StatusCode, Json<OperatorAccountInForce>), Problem> {
    let (api, reason) = (field::<ApiName>("api", &asked.api)?, field::<Reason>("reason", &asked.reason)?);
    raised(0, asked.units).map_err(|refused| Problem::field("units", refused))?;
    let deed = Deed::begin(&app, &operator, &account).await?;
    let quota = quota(&deed, &api, &asked).await?;
    let extra = ExtraUnits {
        id: app.id(deed.now),
        account: deed.account.id,
        api,
        quota: quota.id,
        metric: quota.metric,
        period: quota.period,
        window: quota.window(deed.now),
        units: asked.units,
        reason,
        granted_by: deed.by.clone(),
        granted_at: deed.now,
    };
    let limit = store::extra_units::grant(&deed.tx, &extra, &quota).await?;
    let limit = limit.map_err(|refused| Problem::field("units", refused))?;
    let told = json!({ "api": extra.api, "metric": extra.metric.as_str(), "period": extra.period.to_string(),
        "units": extra.units, "limit": limit, "reason": extra.reason.as_str() });
    let name = format!("{} {} for {}", extra.units, extra.metric, extra.api);
    deed.record(Action::UnitsGrant, (extra.id, &name), None, Some(told)).await?;
    let asked_again = deed.now.plus(ASKED_AGAIN);
    let (held, account) = deed.commit().await?;
    let effective_at: Timestamp = held.max(asked_again);
    let account = view::whole(&app, account).await?;
    Ok((StatusCode::CREATED, Json(OperatorAccountInForce { account, effective_at: effective_at.into() })))
}

/// The quota of the account that is meant.
///
/// Errors: 422 with what there is.
async fn quota(deed: &Deed<'_>, api: &ApiName, asked: &ExtraUnitsAsked) -> Result<Quota, Problem> {
    let period = field::<Period>("period", &asked.period)?;
    let subscriptions = store::subscription::list(&deed.tx, deed.account.id).await?;
    let subscription = subscriptions.into_iter().find(|subscription| subscription.api == *api);
    let subscription = subscription.ok_or_else(|| Problem::field("api", format!("no subscription to {api}")))?;
    let quotas = store::quota::list(&deed.tx, Owner::Subscription(subscription.id)).await?;
    let meant = |quota: &&Quota| Metric::from(quota.metric) == asked.metric && quota.period == period;
    quotas.iter().find(meant).copied().ok_or_else(|| {
        let there: Vec<String> = quotas.iter().map(|quota| format!("{} per {}", quota.metric, quota.period)).collect();
        let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
        Problem::field("period", format!("the plan has no such quota; there is: {there}"))
    })
}
