//! The accounts of an installation: listed, looked at, suspended and activated by operators.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{audit::Action, id::AccountId, reason::Reason};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    deed::{Deed, id},
    view::{self, OperatorAccount, OperatorAccountInForce, OperatorAccounts},
};
use crate::{
    actor::Operator,
    app::App,
    body::{Asked, Body, field_if_any},
    error::Problem,
    list,
    mail::{self, AccountNotice},
};

/// Accounts of a page, if nothing is said.
const PAGE: u32 = 25;
/// The most accounts of a page.
const MAX_PAGE: u32 = 100;

/// Which accounts are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AccountsAsked {
    /// Those whose name or whose owner's mail address has this somewhere, at most 80 characters; or the account with this id.
    search: Option<String>,
    /// Where the page before ended: its `next`.
    before: Option<String>,
    /// Accounts of the page, 1 to 100; 25 if nothing is said.
    limit: Option<u32>,
}

/// Why an account is suspended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// One line of at most 200 characters, for the owner and the audit trail.
    reason: Option<String>,
}

/// The accounts of this installation, newest first; for operators.
#[utoipa::path(get, path = "/operator/accounts", tag = "operator", params(AccountsAsked),
    responses((status = 200, body = OperatorAccounts), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn list_accounts(
    State(app): State<Arc<App>>,
    _: Operator,
    Asked(asked): Asked<AccountsAsked>,
) -> Result<Json<OperatorAccounts>, Problem> {
    let limit = list::limit(asked.limit, (PAGE, MAX_PAGE), "accounts")?;
    let before = field_if_any::<AccountId>("before", asked.before.as_deref())?;
    let search = list::text("search", asked.search.as_deref())?;
    let found = match search.as_deref().and_then(|text| text.parse::<AccountId>().ok()) {
        Some(id) => store::account::find(&app.store, id).await?.into_iter().collect(),
        None => store::account::page(&app.store, search.as_deref(), before, limit).await?,
    };
    let next = found.last().filter(|_| found.len() == limit as usize).map(|account| account.id.to_string());
    Ok(Json(OperatorAccounts { accounts: view::rows(&app, found).await?, next }))
}

/// An account with its subscriptions, totals and extra units; for operators.
#[utoipa::path(get, path = "/operator/accounts/{account}", tag = "operator", params(("account" = String, Path)),
    responses((status = 200, body = OperatorAccount), (status = 404, body = Problem)))]
pub async fn look_at_account(
    State(app): State<Arc<App>>,
    _: Operator,
    Path(account): Path<String>,
) -> Result<Json<OperatorAccount>, Problem> {
    let found = store::account::find(&app.store, id(&account)?).await?;
    view::whole(&app, found.ok_or_else(|| Problem::not_found("account"))?).await.map(Json)
}

/// Stops every call with keys of the account. Nothing is lost; its people can sign in and look. For operators.
#[utoipa::path(post, path = "/operator/accounts/{account}/suspend", tag = "operator",
    params(("account" = String, Path)), request_body = Suspension,
    responses((status = 200, body = OperatorAccountInForce), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn suspend_account(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(account): Path<String>,
    Body(asked): Body<Suspension>,
) -> Result<Json<OperatorAccountInForce>, Problem> {
    let reason = field_if_any::<Reason>("reason", asked.reason.as_deref())?;
    let mut deed = Deed::begin(&app, &operator, &account).await?;
    deed.account = deed.account.suspend(deed.now)?;
    let told = reason.as_ref().map(|reason| json!({ "reason": reason.as_str() }));
    save(&deed, Action::AccountSuspend, told).await?;
    tell(&deed, AccountNotice::Suspended { reason: reason.as_ref().map(Reason::as_str) }).await?;
    deed.in_force().await
}

/// Takes the suspension of an account back; for operators.
#[utoipa::path(post, path = "/operator/accounts/{account}/activate", tag = "operator",
    params(("account" = String, Path)),
    responses((status = 200, body = OperatorAccountInForce), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn activate_account(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(account): Path<String>,
) -> Result<Json<OperatorAccountInForce>, Problem> {
    let mut deed = Deed::begin(&app, &operator, &account).await?;
    deed.account = deed.account.activate()?;
    save(&deed, Action::AccountActivate, None).await?;
    tell(&deed, AccountNotice::Activated).await?;
    deed.in_force().await
}

/// Writes to the owner of the account, if there is one who took the seat.
///
/// Errors: those of the store.
pub async fn tell(deed: &Deed<'_>, notice: AccountNotice<'_>) -> Result<(), Problem> {
    let owner = store::member::owner(&deed.tx, deed.account.id).await?;
    let Some(owner) = owner.filter(|seat| seat.activated_at.is_some()) else { return Ok(()) };
    let letter = deed.app.letters.account_notice(notice, owner.name.as_str(), deed.account.name.as_str())?;
    mail::post(deed.app, &deed.tx, &owner.email, letter, deed.now).await
}

async fn save(deed: &Deed<'_>, action: Action, told: Option<serde_json::Value>) -> Result<(), Problem> {
    store::account::save(&deed.tx, &deed.account).await?;
    deed.record(action, (deed.account.id, deed.account.name.as_str()), None, told).await
}
