//! Roles: named sets of permissions, of the account or of one key. Built-in ones are words; the account's own have ids.

use std::collections::{HashMap, HashSet};

use domain::{
    id::{KeyId, MemberId, RoleId},
    key::{Key, Sharing},
    permission::Permissions,
    role::{CustomRole, MAX_ROLES, Role, RoleRefused, RoleScope, may_give},
    standing::{Roles, Standing},
};
use serde::Deserialize;
use store::Source;

use crate::{actor::Actor, change::Change, error::Problem};

pub mod of_account;
pub mod of_key;

mod edit;
mod set;
mod view;
mod words;

pub use view::{RoleInForce, RolesInForce, RolesView, give};

/// Members whose values are brought in line together.
const SETTLED_AT_ONCE: usize = 1_000;

/// A role as members hold it, in words; both none: no role.
pub struct Held {
    /// The word of a built-in role, or the id of one of the account's own.
    pub role: Option<String>,
    /// What it is called.
    pub role_name: Option<String>,
}

/// A role that is to be given in a scope.
pub struct Given {
    /// Where.
    pub scope: RoleScope,
    /// Which.
    pub role: Role,
    /// All that it allows there.
    pub allows: Permissions,
    /// What it is called.
    pub name: String,
}

/// What a role is called; `roles` has those of the account's own.
pub fn name(role: Role, roles: &Roles) -> String {
    match role.custom() {
        None => role.to_string(),
        Some(id) => roles.get(&id).map_or_else(String::new, |role| role.name.to_string()),
    }
}

/// A role in words.
///
/// Errors: those of the store.
pub async fn held(from: &impl Source, role: Option<Role>) -> Result<Held, Problem> {
    let ids: Vec<RoleId> = role.iter().filter_map(|role| role.custom()).collect();
    let roles: Roles = store::role::list_these(from, &ids).await?.into_iter().map(|role| (role.id, role)).collect();
    Ok(Held { role: role.map(|role| role.to_string()), role_name: role.map(|role| name(role, &roles)) })
}

/// The role that `text` names, as one that can be given in a scope.
///
/// Errors: 422 for what cannot be given there, whoever asks.
pub async fn read(change: &Change<'_>, scope: RoleScope, text: &str) -> Result<Given, Problem> {
    let refused = |why: &dyn std::fmt::Display| Problem::field("role", why);
    let role: Role = text.parse().map_err(|why| refused(&why))?;
    match role {
        Role::Owner => Err(refused(&"an account has one owner; choose another role")),
        Role::Creator => Err(refused(&"this is held by who made the key, and is not given")),
        Role::Admin | Role::Member => {
            let allows = role.built_in(scope).unwrap_or_default();
            Ok(Given { scope, role, allows, name: role.to_string() })
        }
        Role::Custom(id) => {
            let found = store::role::list_these(&change.tx, &[id]).await?.pop();
            let of_here = found.filter(|role| role.account == change.account && role.scope == scope);
            let found = of_here.ok_or_else(|| refused(&RoleRefused::OutOfScope))?;
            Ok(Given { scope, role, allows: found.permissions(), name: found.name.to_string() })
        }
    }
}

/// The same, if the actor may give it: nobody gives what they do not have.
///
/// Errors: as [`read`]; 403 with the first permission that they lack.
pub async fn given(change: &Change<'_>, scope: RoleScope, text: &str) -> Result<Given, Problem> {
    let given = read(change, scope, text).await?;
    may_give(change.rights.within(scope), given.allows)?;
    Ok(given)
}

/// Brings the values of these members in line with what they may use now: on a shared key without `keys.use` they are withheld,
/// and given back when it comes back.
///
/// Errors: those of the store.
pub async fn settle(change: &Change<'_>, members: &[MemberId]) -> Result<(), Problem> {
    let from = &change.tx;
    for members in members.chunks(SETTLED_AT_ONCE) {
        let seats = store::member::list_these(from, members).await?;
        let standings = store::standing::of_seats(from, &seats).await?;
        let standing: HashMap<MemberId, Standing> = seats.iter().map(|seat| (seat.id, standings.of(seat))).collect();
        let values = store::value::list_of_members(from, members).await?;
        let keys: HashSet<KeyId> = values.iter().map(|value| value.key).collect();
        let keys = store::key::list_these(from, &keys.into_iter().collect::<Vec<_>>()).await?;
        let keys: HashMap<KeyId, Key> = keys.into_iter().map(|key| (key.id, key)).collect();
        for value in values {
            let Some(owner) = value.member.and_then(|member| standing.get(&member)) else { continue };
            let Some(key) = keys.get(&value.key) else { continue };
            let may_use = key.sharing != Sharing::Shared || owner.may_use(key);
            if let Some(value) = value.follow(may_use, change.now) {
                store::value::save(from, &value).await?;
            }
        }
    }
    Ok(())
}

/// What holders of a deleted role get.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Replaced {
    /// The role that who holds the deleted one gets: `admin`, `member`, or the id of one of the same scope.
    replacement: Option<String>,
}

/// Makes a role, and counts the change.
async fn add(change: &Change<'_>, scope: RoleScope, asked: &edit::NewRole) -> Result<CustomRole, Problem> {
    store::role::touch(&change.tx, change.account, scope).await?;
    if store::role::list(&change.tx, change.account, scope).await?.len() >= MAX_ROLES {
        return Err(Problem::refused(format!("there are {MAX_ROLES} roles already; delete one first")));
    }
    edit::make(change, scope, asked, "").await.map_err(taken)
}

/// Changes a role, and counts the change.
async fn change(change: &Change<'_>, role: CustomRole, asked: &edit::RoleChange) -> Result<CustomRole, Problem> {
    store::role::touch(&change.tx, change.account, role.scope).await?;
    edit::alter(change, role, asked, "").await.map_err(taken)
}

/// Deletes a role, and counts the change.
async fn remove(change: &Change<'_>, role: &CustomRole, asked: &Replaced) -> Result<(), Problem> {
    store::role::touch(&change.tx, change.account, role.scope).await?;
    edit::delete(change, role, asked.replacement.as_deref()).await
}

/// The role of a scope that a path names; built-in ones are not changed.
async fn found(change: &Change<'_>, scope: RoleScope, text: &str) -> Result<CustomRole, Problem> {
    let nowhere = || Problem::not_found("role");
    match text.parse().map_err(|_| nowhere())? {
        Role::Custom(id) => {
            let found = store::role::list_these(&change.tx, &[id]).await?.pop();
            found.filter(|role| role.account == change.account && role.scope == scope).ok_or_else(nowhere)
        }
        _ => Err(RoleRefused::BuiltIn.into()),
    }
}

/// Answers a change of one role when it holds.
async fn finish(change: Change<'_>, actor: &Actor, role: CustomRole) -> Result<RoleInForce, Problem> {
    let (app, who, scope) = (change.app, change.standing(), role.scope);
    let version = store::role::version(&change.tx, change.account, scope).await?;
    let held = store::tally::holders(&change.tx, change.account, scope).await?;
    let holders = held.get(&role.as_role()).copied().unwrap_or(0);
    let effective_at = change.commit().await?.into();
    let is_own = view::own(&app.store, scope, actor.standing()).await? == Some(role.as_role());
    Ok(RoleInForce { role: view::one(&role, who.rights.within(scope), is_own, holders), version, effective_at })
}

/// Answers a change of several roles when it holds.
async fn finish_all(change: Change<'_>, scope: RoleScope) -> Result<RolesInForce, Problem> {
    let (app, account, who) = (change.app, change.account, change.standing());
    let effective_at = change.commit().await?.into();
    Ok(RolesInForce { roles: view::roles(&app.store, account, scope, &who).await?, effective_at })
}

/// A name that another role has is a matter of the field.
fn taken(problem: Problem) -> Problem {
    if problem.code == "conflict" { Problem::field("name", "another role is called so already") } else { problem }
}
