//! The list of who works on a key: a page of those that a filter means, and what may be done there.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    id::MemberId,
    key::{Key, Sharing},
    permission::Permission,
    role::{Edit, Role, RoleScope, may_edit},
    standing::Rights,
};
use serde::{Deserialize, Serialize};
use store::member::{
    of_key::{KeyMemberFilter, page},
    page::MAX_PAGE,
};
use utoipa::ToSchema;

use super::view::{self, KeyMemberView};
use crate::{
    actor::Actor,
    app::App,
    body::{Asked, field_if_any},
    error::Problem,
    key::seen,
    list,
    role::give,
    view::Allowed,
};

/// Who of those that work on a key is listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct KeyMembersAsked {
    /// Have this in their name or mail address, whatever the case: at most 80 characters.
    q: Option<String>,
    /// Where the page before ended: its `next`.
    after: Option<String>,
    /// Members of the page, 1 to 500; 500 if nothing is said.
    limit: Option<u32>,
}

/// A page of who works on a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct Teamwork {
    /// The owner of the account, the key's holder, then everybody with a role on it, the oldest seat first.
    members: Vec<KeyMemberView>,
    /// The cursor of the next page; null: there is none.
    next: Option<String>,
    /// How many members see the key by their role in the account: the owner, and whoever else, also those of the list.
    from_account: u64,
    /// The roles that can be given on this key.
    roles: Vec<GivableRole>,
    /// What you may do.
    can: TeamworkCan,
}

/// A role that can be given on a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct GivableRole {
    /// The word of a built-in role, or the id of one of the key's own.
    id: String,
    /// What it is called.
    name: String,
    /// Whether it is one that stays as it is.
    built_in: bool,
    /// Whether you may give it.
    give: Allowed,
}

/// What you may do with who works on a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamworkCan {
    /// Invite somebody to it.
    invite: Allowed,
    /// Give roles on it.
    assign: Allowed,
    /// Make, change and delete its roles.
    roles: Allowed,
}

/// Who works on a key: the owner, its holder, and everybody with a role on it.
#[utoipa::path(get, path = "/accounts/{account}/keys/{key}/teamwork", tag = "grant",
    params(("account" = String, Path), ("key" = String, Path), KeyMembersAsked),
    responses((status = 200, body = Teamwork), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn list_key_members(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, key)): Path<(String, String)>,
    Asked(asked): Asked<KeyMembersAsked>,
) -> Result<Json<Teamwork>, Problem> {
    let key = seen(&app.store, &actor, &key).await?;
    actor.may_on(&key, Permission::TeamworkView)?;
    let filter = asked.filter(&key)?;
    let found = page(&app.store, &filter).await?;
    let next = found.last().filter(|_| found.len() == filter.limit as usize).map(|(seat, _)| seat.id.to_string());
    Ok(Json(Teamwork {
        members: view::all(&app, &actor, &key, found).await?,
        next,
        from_account: from_account(&app, &key).await?,
        roles: givable(&app, &actor, &key).await?,
        can: can(&actor, &key),
    }))
}

impl KeyMembersAsked {
    fn filter(&self, key: &Key) -> Result<KeyMemberFilter, Problem> {
        Ok(KeyMemberFilter {
            key: key.id,
            account: key.account,
            holder: match key.sharing {
                Sharing::Own { holder } => Some(holder),
                Sharing::Shared => None,
            },
            text: list::text("q", self.q.as_deref())?,
            after: field_if_any::<MemberId>("after", self.after.as_deref())?,
            limit: list::limit(self.limit, (MAX_PAGE, MAX_PAGE), "members")?,
        })
    }
}

/// How many see the key by their role in the account.
async fn from_account(app: &App, key: &Key) -> Result<u64, Problem> {
    let held = store::tally::holders(&app.store, key.account, RoleScope::Account).await?;
    let roles = store::standing::with(&app.store, held.keys().copied(), Vec::new()).await?.roles;
    let sees = |role: Role| Rights::of(Some(role), &[], &roles).sees_in_account(key.sharing);
    Ok(held.iter().filter(|(role, _)| sees(**role)).map(|(_, holders)| holders).sum())
}

async fn givable(app: &App, actor: &Actor, key: &Key) -> Result<Vec<GivableRole>, Problem> {
    let scope = RoleScope::Key(key.id);
    let mine = actor.rights().on(key.id);
    let built_in = scope.built_in().map(|role| GivableRole {
        id: role.to_string(),
        name: role.to_string(),
        built_in: true,
        give: give(mine, role.built_in(scope).unwrap_or_default()).into(),
    });
    let own = store::role::list(&app.store, key.account, scope).await?;
    let own = own.iter().map(|role| GivableRole {
        id: role.id.to_string(),
        name: role.name.to_string(),
        built_in: false,
        give: give(mine, role.permissions()).into(),
    });
    Ok(built_in.into_iter().chain(own).collect())
}

fn can(actor: &Actor, key: &Key) -> TeamworkCan {
    let may = |permission| actor.may_on(key, permission).map_err(|problem| problem.detail);
    let roles = may_edit(actor.rights().on(key.id), Edit { before: None, after: None, is_own: false });
    TeamworkCan {
        invite: may(Permission::TeamworkInvite).into(),
        assign: may(Permission::TeamworkAssign).into(),
        roles: roles.map_err(|refused| Problem::from(refused).detail).into(),
    }
}
