//! Roles that are given in the whole account.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{permission::Permission, role::RoleScope};

use super::{
    Replaced, RoleInForce, RolesInForce, RolesView,
    edit::{NewRole, RoleChange},
    finish, finish_all, found,
    set::{self, RolesAsked},
    view,
};
use crate::{
    actor::Actor,
    app::App,
    body::{Asked, Body},
    change::Change,
    error::Problem,
    version::{IfMatch, Versioned},
};

const SCOPE: RoleScope = RoleScope::Account;

/// The roles that can be held in the whole account.
#[utoipa::path(get, path = "/accounts/{account}/roles", tag = "role", params(("account" = String, Path)),
    responses((status = 200, body = RolesView), (status = 403, body = Problem)))]
pub async fn list_roles(State(app): State<Arc<App>>, actor: Actor) -> Result<Versioned<RolesView>, Problem> {
    let account = actor.may(Permission::TeamworkView)?;
    let roles = view::roles(&app.store, account, SCOPE, actor.standing()).await?;
    Ok(Versioned(roles.version, roles))
}

/// Makes a role of the account's own, out of permissions that you hold yourself.
#[utoipa::path(post, path = "/accounts/{account}/roles", tag = "role", params(("account" = String, Path)),
    request_body = NewRole,
    responses((status = 201, body = RoleInForce), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn create_role(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(asked): Body<NewRole>,
) -> Result<(StatusCode, Json<RoleInForce>), Problem> {
    let change = Change::begin(&app, &actor, Permission::TeamworkRoles).await?;
    let role = super::add(&change, SCOPE, &asked).await?;
    Ok((StatusCode::CREATED, Json(finish(change, &actor, role).await?)))
}

/// Makes, changes and deletes roles at once, in one transaction: afterwards there are those that the request lists.
#[utoipa::path(put, path = "/accounts/{account}/roles", tag = "role",
    params(("account" = String, Path), ("If-Match" = Option<String>, Header)), request_body = RolesAsked,
    responses((status = 200, body = RolesInForce), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn set_roles(
    State(app): State<Arc<App>>,
    actor: Actor,
    based_on: IfMatch,
    Body(asked): Body<RolesAsked>,
) -> Result<Versioned<RolesInForce>, Problem> {
    let change = Change::begin(&app, &actor, Permission::TeamworkRoles).await?;
    set::save(&change, SCOPE, based_on, asked).await?;
    let roles = finish_all(change, SCOPE).await?;
    Ok(Versioned(roles.roles.version, roles))
}

/// Changes a role of the account's own; who holds it is bound by it at once.
#[utoipa::path(patch, path = "/accounts/{account}/roles/{role}", tag = "role",
    params(("account" = String, Path), ("role" = String, Path)), request_body = RoleChange,
    responses((status = 200, body = RoleInForce), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn update_role(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, role)): Path<(String, String)>,
    Body(asked): Body<RoleChange>,
) -> Result<Json<RoleInForce>, Problem> {
    let change = Change::begin(&app, &actor, Permission::TeamworkRoles).await?;
    let role = found(&change, SCOPE, &role).await?;
    let role = super::change(&change, role, &asked).await?;
    finish(change, &actor, role).await.map(Json)
}

/// Deletes a role of the account's own; who holds it gets the replacement.
#[utoipa::path(delete, path = "/accounts/{account}/roles/{role}", tag = "role",
    params(("account" = String, Path), ("role" = String, Path), Replaced),
    responses((status = 200, body = RolesInForce), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn delete_role(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, role)): Path<(String, String)>,
    Asked(asked): Asked<Replaced>,
) -> Result<Json<RolesInForce>, Problem> {
    let change = Change::begin(&app, &actor, Permission::TeamworkRoles).await?;
    let role = found(&change, SCOPE, &role).await?;
    super::remove(&change, &role, &asked).await?;
    finish_all(change, SCOPE).await.map(Json)
}
