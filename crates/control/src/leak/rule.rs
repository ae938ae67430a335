//! What an account has done with values of its keys that leaked.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::{audit::Action, permission::Permission};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{actor::Actor, app::App, body::Body, change::Change, error::Problem, view::OnLeak};

/// What an account has done with values that leaked.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeakRule {
    /// What is done at once.
    on_leak: OnLeak,
}

/// What the account has done with values that leaked.
#[utoipa::path(get, path = "/accounts/{account}/leaks", tag = "account", params(("account" = String, Path)),
    responses((status = 200, body = LeakRule), (status = 403, body = Problem)))]
pub async fn get_leak_rule(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<LeakRule>, Problem> {
    let account = actor.may(Permission::AccountView)?;
    Ok(Json(LeakRule { on_leak: store::leak::find(&app.store, account).await?.into() }))
}

/// Says what the account has done with values that leak from now on.
#[utoipa::path(put, path = "/accounts/{account}/leaks", tag = "account", params(("account" = String, Path)),
    request_body = LeakRule,
    responses((status = 200, body = LeakRule), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn set_leak_rule(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(asked): Body<LeakRule>,
) -> Result<Json<LeakRule>, Problem> {
    let change = Change::begin(&app, &actor, Permission::AccountEdit).await?;
    let before: OnLeak = store::leak::find(&change.tx, change.account).await?.into();
    if before != asked.on_leak {
        store::leak::save(&change.tx, change.account, asked.on_leak.into()).await?;
        let account = store::account::find(&change.tx, change.account).await?;
        let account = account.ok_or_else(|| Problem::not_found("account"))?;
        let told = |on_leak: OnLeak| Some(json!({ "on_leak": on_leak }));
        let subject = (account.id, account.name.as_str());
        change.record(Action::LeakRuleEdit, subject, told(before), told(asked.on_leak)).await?;
    }
    change.commit().await?;
    Ok(Json(asked))
}
