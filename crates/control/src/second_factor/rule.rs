//! Whether an account requires a second factor of its members: who has none can do nothing in it but set one up.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::{audit::Action, id::AccountId, permission::Permission};
use serde::{Deserialize, Serialize};
use store::Source;
use utoipa::ToSchema;

use crate::{actor::Actor, app::App, body::Body, change::Change, error::Problem, view::Moment};

/// Whether an account requires a second factor.
#[derive(Serialize, ToSchema)]
pub struct SecondFactorRule {
    /// Since when, if it does.
    required_at: Option<Moment>,
    /// How many active members have none.
    members_without: u64,
}

/// Whether an account is to require a second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorRuleChange {
    /// Whether it is.
    is_required: bool,
}

/// Whether the account requires a second factor of its members.
#[utoipa::path(get, path = "/accounts/{account}/second-factor", tag = "second factor",
    params(("account" = String, Path)),
    responses((status = 200, body = SecondFactorRule), (status = 403, body = Problem)))]
pub async fn get_second_factor_rule(
    State(app): State<Arc<App>>,
    actor: Actor,
) -> Result<Json<SecondFactorRule>, Problem> {
    let account = actor.may(Permission::AccountView)?;
    rule(&app.store, account).await.map(Json)
}

/// Requires a second factor of the members, or not any more. Who requires one has one.
#[utoipa::path(put, path = "/accounts/{account}/second-factor", tag = "second factor",
    params(("account" = String, Path)), request_body = SecondFactorRuleChange,
    responses((status = 200, body = SecondFactorRule), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn set_second_factor_rule(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(asked): Body<SecondFactorRuleChange>,
) -> Result<Json<SecondFactorRule>, Problem> {
    let change = Change::begin(&app, &actor, Permission::AccountEdit).await?;
    let has_one = super::confirmed(&change.tx, actor.caller().person.id).await?.is_some();
    if asked.is_required && !has_one {
        return Err(Problem::refused(
            "set up a second factor of your own first: you could do nothing here without one",
        ));
    }
    let before = store::second_factor::required_since(&change.tx, change.account).await?;
    if asked.is_required != before.is_some() {
        let since = asked.is_required.then_some(change.now);
        store::second_factor::require(&change.tx, change.account, since).await?;
        let action = if asked.is_required { Action::SecondFactorRequire } else { Action::SecondFactorWaive };
        let account = store::account::find(&change.tx, change.account).await?;
        let account = account.ok_or_else(|| Problem::not_found("account"))?;
        change.record(action, (account.id, account.name.as_str()), None, None).await?;
    }
    let rule = rule(&change.tx, change.account).await?;
    change.commit().await?;
    Ok(Json(rule))
}

async fn rule(from: &impl Source, account: AccountId) -> Result<SecondFactorRule, Problem> {
    let required_at = store::second_factor::required_since(from, account).await?.map(Moment);
    let members_without = store::second_factor::members_without(from, account).await?;
    Ok(SecondFactorRule { required_at, members_without })
}
