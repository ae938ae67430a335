//! Accounts: what an account has, and its name.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::{
    audit::Action, id::AccountId, member::MemberState, permission::Permission, plan::Plan, rate_limit::RateLimit,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Source, quota::Owner};
use utoipa::ToSchema;

use crate::{
    actor::{Actor, Seated},
    app::App,
    body::{Body, field},
    change::Change,
    error::Problem,
    usage::{self, Usage},
    view::{Metric, Moment, Per},
};

/// An account, with what it subscribes to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// When it was made.
    pub created_at: Moment,
    /// Since when its keys are refused, if they are.
    pub suspended_at: Option<Moment>,
    /// Who owns it.
    pub owner: Owned,
    /// Its seats, pending ones too.
    pub members: Count,
    /// Its keys that are not revoked.
    pub keys: Count,
    /// What it may call. Empty for a suspended member.
    pub subscriptions: Vec<Subscription>,
}

/// The owner of an account: who to ask.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Owned {
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub email: String,
}

/// How many there are, and may be.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Count {
    /// How many there are.
    pub used: u64,
    /// How many the tightest plan allows; null: any number.
    pub max: Option<u32>,
}

/// A subscription to an API under a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// The API.
    pub api: String,
    /// What people call the API.
    pub api_title: String,
    /// The plan.
    pub plan: String,
    /// What people call the plan.
    pub plan_title: String,
    /// When it began.
    pub started_at: Moment,
    /// How much, and how much of it is used.
    pub quotas: Vec<Usage>,
    /// How fast.
    pub rates: Vec<Rate>,
}

/// A rate limit.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// What it counts.
    pub metric: Metric,
    /// The span.
    pub per: Per,
    /// Units in a span, 1 or more; also what an idle key may spend at once.
    pub limit: u64,
}

impl From<&RateLimit> for Rate {
    fn from(rate: &RateLimit) -> Rate {
        Rate { metric: rate.metric.into(), per: rate.per.into(), limit: rate.limit }
    }
}

/// What can be changed of an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// What people call it: 1 to 80 characters.
    pub name: String,
}

/// The account, its subscriptions and how far their quotas are used.
#[utoipa::path(get, path = "/accounts/{account}", tag = "account", params(("account" = String, Path)),
    responses((status = 200, body = Account), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get_account(State(app): State<Arc<App>>, seated: Seated) -> Result<Json<Account>, Problem> {
    let active = seated.seat.state_at(app.now()) == MemberState::Active;
    show(&app, seated.account, active).await.map(Json)
}

/// Renames the account.
#[utoipa::path(patch, path = "/accounts/{account}", tag = "account", params(("account" = String, Path)),
    request_body = AccountChange,
    responses((status = 200, body = Account), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn update_account(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(asked): Body<AccountChange>,
) -> Result<Json<Account>, Problem> {
    let change = Change::begin(&app, &actor, Permission::AccountEdit).await?;
    let name = field("name", &asked.name)?;
    let before = store::account::find(&change.tx, change.account).await?;
    let before = before.ok_or_else(|| Problem::not_found("account"))?;
    let after = domain::account::Account { name, ..before.clone() };
    store::account::save(&change.tx, &after).await?;
    let (was, is) = (json!({ "name": before.name }), json!({ "name": after.name }));
    change.record(Action::AccountEdit, (after.id, after.name.as_str()), Some(was), Some(is)).await?;
    change.commit().await?;
    show(&app, after, true).await.map(Json)
}

/// The owner of an account.
///
/// Errors: those of the store; 404 where the account has none.
pub async fn owner(from: &impl Source, account: AccountId) -> Result<Owned, Problem> {
    let owner = store::member::owner(from, account).await?.ok_or_else(|| Problem::not_found("owner"))?;
    Ok(Owned { name: owner.name.to_string(), email: owner.email.to_string() })
}

/// The plans that an account is under.
///
/// Errors: those of the store.
pub async fn plans(from: &impl Source, account: AccountId) -> Result<Vec<Plan>, Problem> {
    let mut plans = Vec::new();
    for subscription in store::subscription::list(from, account).await? {
        plans.extend(store::plan::find(from, &subscription.plan).await?);
    }
    Ok(plans)
}

/// How many members and keys an account has, and may have.
///
/// Errors: those of the store.
pub async fn counts(from: &impl Source, account: AccountId) -> Result<(Count, Count), Problem> {
    let plans = plans(from, account).await?;
    let tightest = |limit: fn(&Plan) -> Option<u32>| plans.iter().filter_map(limit).min();
    let members = store::member::count(from, account).await?;
    let keys = store::key::count(from, account).await?;
    let members = Count { used: members, max: tightest(|plan| plan.max_members) };
    Ok((members, Count { used: keys, max: tightest(|plan| plan.max_keys) }))
}

async fn show(app: &App, account: domain::account::Account, whole: bool) -> Result<Account, Problem> {
    let now = app.now();
    let (members, keys) = counts(&app.store, account.id).await?;
    Ok(Account {
        id: account.id.to_string(),
        name: account.name.to_string(),
        created_at: account.created_at.into(),
        suspended_at: account.suspended_at.map(Moment),
        owner: owner(&app.store, account.id).await?,
        members,
        keys,
        subscriptions: if whole { subscriptions(app, account.id, now).await? } else { Vec::new() },
    })
}

/// What an account may call, and how far it is used.
///
/// Errors: those of the store.
pub async fn subscriptions(app: &App, account: AccountId, now: Timestamp) -> Result<Vec<Subscription>, Problem> {
    let mut views = Vec::new();
    for subscription in store::subscription::list(&app.store, account).await? {
        let api = store::api::find(&app.store, &subscription.api).await?;
        let plan = store::plan::find(&app.store, &subscription.plan).await?;
        let of = usage::Of::Subscription(Owner::Subscription(subscription.id), account, &subscription.api);
        let rates = plan.iter().flat_map(|plan| &plan.rates).map(Rate::from);
        views.push(Subscription {
            id: subscription.id.to_string(),
            api: subscription.api.to_string(),
            api_title: api.map_or_else(|| subscription.api.to_string(), |api| api.title.to_string()),
            plan: subscription.plan.to_string(),
            plan_title: plan.as_ref().map_or_else(|| subscription.plan.to_string(), |plan| plan.title.to_string()),
            started_at: subscription.started_at.into(),
            quotas: usage::list(app, of, now).await?,
            rates: rates.collect(),
        });
    }
    Ok(views)
}
