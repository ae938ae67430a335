//! Roles that are given on one key: what its page calls Teamwork.

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
    key::seen,
    version::{IfMatch, Versioned},
};

/// The roles that can be held on one key.
#[utoipa::path(get, path = "/accounts/{account}/keys/{key}/roles", tag = "role", params(("account" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = RolesView), (status = 403, body = Problem)))]
pub async fn list_key_roles(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, key)): Path<(String, String)>,
) -> Result<Versioned<RolesView>, Problem> {
    let key = seen(&app.store, &actor, &key).await?;
    actor.may_on(&key, Permission::TeamworkView)?;
    let roles = view::roles(&app.store, key.account, RoleScope::Key(key.id), actor.standing()).await?;
    Ok(Versioned(roles.version, roles))
}

/// Makes a role of a key, out of permissions that you hold yourself.
#[utoipa::path(post, path = "/accounts/{account}/keys/{key}/roles", tag = "role", params(("account" = String, Path), ("key" = String, Path)),
    request_body = NewRole,
    responses((status = 201, body = RoleInForce), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn create_key_role(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, key)): Path<(String, String)>,
    Body(asked): Body<NewRole>,
) -> Result<(StatusCode, Json<RoleInForce>), Problem> {
    let (change, key) = Change::on_key(&app, &actor, &key, Permission::TeamworkRoles).await?;
    let role = super::add(&change, RoleScope::Key(key.id), &asked).await?;
    Ok((StatusCode::CREATED, Json(finish(change, &actor, role).await?)))
}

/// Makes, changes and deletes roles at once, in one transaction: afterwards a key has those that the request lists.
#[utoipa::path(put, path = "/accounts/{account}/keys/{key}/roles", tag = "role",
    params(("account" = String, Path), ("key" = String, Path), ("If-Match" = Option<String>, Header)), request_body = RolesAsked,
    responses((status = 200, body = RolesInForce), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn set_key_roles(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, key)): Path<(String, String)>,
    based_on: IfMatch,
    Body(asked): Body<RolesAsked>,
) -> Result<Versioned<RolesInForce>, Problem> {
    let (change, key) = Change::on_key(&app, &actor, &key, Permission::TeamworkRoles).await?;
    set::save(&change, RoleScope::Key(key.id), based_on, asked).await?;
    let roles = finish_all(change, RoleScope::Key(key.id)).await?;
    Ok(Versioned(roles.roles.version, roles))
}

/// Changes a role of a key; who holds it is bound by it at once.
#[utoipa::path(patch, path = "/accounts/{account}/keys/{key}/roles/{role}", tag = "role",
    params(("account" = String, Path), ("key" = String, Path), ("role" = String, Path)), request_body = RoleChange,
    responses((status = 200, body = RoleInForce), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn update_key_role(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, key, role)): Path<(String, String, String)>,
    Body(asked): Body<RoleChange>,
) -> Result<Json<RoleInForce>, Problem> {
    let (change, key) = Change::on_key(&app, &actor, &key, Permission::TeamworkRoles).await?;
    let role = found(&change, RoleScope::Key(key.id), &role).await?;
    let role = super::change(&change, role, &asked).await?;
    finish(change, &actor, role).await.map(Json)
}

/// Deletes a role of a key; who holds it gets the replacement.
#[utoipa::path(delete, path = "/accounts/{account}/keys/{key}/roles/{role}", tag = "role",
    params(("account" = String, Path), ("key" = String, Path), ("role" = String, Path), Replaced),
    responses((status = 200, body = RolesInForce), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn delete_key_role(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, key, role)): Path<(String, String, String)>,
    Asked(asked): Asked<Replaced>,
) -> Result<Json<RolesInForce>, Problem> {
    let (change, key) = Change::on_key(&app, &actor, &key, Permission::TeamworkRoles).await?;
    let role = found(&change, RoleScope::Key(key.id), &role).await?;
    super::remove(&change, &role, &asked).await?;
    finish_all(change, RoleScope::Key(key.id)).await.map(Json)
}
