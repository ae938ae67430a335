//! Plans and APIs as the operator's file declares them, and which account is under which plan.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    audit::Action,
    name::{ApiName, PlanName},
    plan::Plan,
    quota::{QuotaTerms, bound_of_overage},
    subscription::Subscription,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{account::tell, create::may_serve, deed::Deed, view::OperatorAccountInForce};
use crate::{
    account::Rate,
    actor::Operator,
    app::App,
    body::{Body, field},
    error::Problem,
    mail::AccountNotice,
    view::Metric,
};

/// All plans and APIs of this installation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Catalogue {
    /// The plans, by name.
    plans: Vec<PlanView>,
    /// The APIs, by name.
    apis: Vec<ApiView>,
}

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Plan)]
struct PlanView {
    /// What `keyward.toml` calls it.
    name: String,
    /// What people call it.
    title: String,
    /// How much.
    quotas: Vec<Terms>,
    /// How fast.
    rates: Vec<Rate>,
    /// The most keys; null: any number.
    max_keys: Option<u32>,
    /// The most members; null: any number.
    max_members: Option<u32>,
    /// Accounts with a subscription under it.
    accounts: u64,
}

/// How much a plan gives in a window.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanQuota)]
struct Terms {
    /// What it counts.
    metric: Metric,
    /// How long: `day`, `month`, `cycle`, `30 days`, `lifetime`.
    period: String,
    /// Units in a window.
    limit: u64,
    /// What it allows beyond; null: calls are refused.
    overage: Option<OverageTerms>,
}

/// What a plan allows beyond a quota.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanOverage)]
struct OverageTerms {
    /// Units beyond in a window; null: as many as are used.
    limit: Option<u64>,
}

/// An API.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Api)]
struct ApiView {
    /// What `keyward.toml` calls it.
    name: String,
    /// What people call it.
    title: String,
    /// `rest` or `json-rpc`.
    protocol: &'static str,
    /// Its networks.
    networks: Vec<String>,
    /// The plan that new accounts get; null: the operator assigns.
    default_plan: Option<String>,
}

/// Which plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanAsked {
    /// Its name.
    plan: String,
}

/// The plans and APIs that `keyward.toml` declares; for operators.
#[utoipa::path(get, path = "/operator/plans", tag = "operator",
    responses((status = 200, body = Catalogue), (status = 404, body = Problem)))]
pub async fn list_plans(State(app): State<Arc<App>>, _: Operator) -> Result<Json<Catalogue>, Problem> {
    let mut plans = Vec::new();
    for plan in store::plan::list(&app.store).await? {
        let accounts = store::subscription::accounts_under(&app.store, &plan.name).await?;
        plans.push(view(plan, accounts));
    }
    let apis = store::api::list(&app.store).await?.into_iter().map(|api| ApiView {
        name: api.name.to_string(),
        title: api.title.to_string(),
        protocol: api.protocol.as_str(),
        networks: api.networks.iter().map(ToString::to_string).collect(),
        default_plan: api.default_plan.map(|plan| plan.to_string()),
    });
    Ok(Json(Catalogue { plans, apis: apis.collect() }))
}

/// Puts an account under a plan for an API, or subscribes it. A higher limit holds at once, in the running window too; a lower one
/// from the next window. For operators.
#[utoipa::path(put, path = "/operator/accounts/{account}/subscriptions/{api}", tag = "operator",
    params(("account" = String, Path), ("api" = String, Path)), request_body = PlanAsked,
    responses((status = 200, body = OperatorAccountInForce), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn assign_plan(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path((account, api)): Path<(String, String)>,
    Body(asked): Body<PlanAsked>,
) -> Result<Json<OperatorAccountInForce>, Problem> {
    let nowhere = || Problem::not_found("API");
    let (api, plan) = (api.parse::<ApiName>().map_err(|_| nowhere())?, field::<PlanName>("plan", &asked.plan)?);
    let deed = Deed::begin(&app, &operator, &account).await?;
    let called = store::api::find(&deed.tx, &api).await?.ok_or_else(nowhere)?;
    may_serve(&deed, "plan", &plan, &called).await?;
    let (account, now) = (deed.account.id, deed.now);
    let subscriptions = store::subscription::list(&deed.tx, account).await?;
    let present = subscriptions.into_iter().find(|subscription| subscription.api == api);
    let before = present.as_ref().map(|subscription| subscription.plan.clone());
    if before.as_ref() == Some(&plan) {
        return deed.in_force().await;
    }
    let random = &mut || app.random();
    let id = match present {
        Some(present) => {
            let after = Subscription { plan: plan.clone(), ..present };
            store::subscription::save(&deed.tx, &after, now, random).await?;
            after.id
        }
        None => {
            let new = Subscription { id: app.id(now), account, api: api.clone(), plan: plan.clone(), started_at: now };
            store::subscription::insert(&deed.tx, &new, now, random).await?;
            new.id
        }
    };
    let facts = |plan: &PlanName| json!({ "api": api, "plan": plan });
    let name = format!("{api} under {plan}");
    deed.record(Action::SubscriptionAssign, (id, &name), before.as_ref().map(facts), Some(facts(&plan))).await?;
    tell(&deed, AccountNotice::Plan { api: called.title.as_str(), plan: plan.as_str() }).await?;
    deed.in_force().await
}

fn view(plan: Plan, accounts: u64) -> PlanView {
    let terms = |terms: &QuotaTerms| Terms {
        metric: terms.metric.into(),
        period: terms.period.to_string(),
        limit: terms.limit,
        overage: terms.overage.map(|units| OverageTerms { limit: bound_of_overage(units) }),
    };
    PlanView {
        name: plan.name.to_string(),
        title: plan.title.to_string(),
        quotas: plan.quotas.iter().map(terms).collect(),
        rates: plan.rates.iter().map(Rate::from).collect(),
        max_keys: plan.max_keys,
        max_members: plan.max_members,
        accounts,
    }
}
