//! Roles: named sets of permissions, of the account or of one key. Built-in ones are words; the account's own have ids.

use std::collections::HashSet;

use domain::{
    id::{MemberId, RoleId},
    key::Sharing,
    permission::Permissions,
    role::{Role, RoleRefused, RoleScope, may_give},
    standing::Roles,
};
use store::Source;

use crate::{change::Change, error::Problem};

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
    for member in members.iter().copied().collect::<HashSet<_>>() {
        let Some(seat) = store::member::find(&change.tx, member).await? else { continue };
        let standing = store::standing::of(&change.tx, seat).await?;
        for value in store::value::list_of_member(&change.tx, member).await? {
            let Some(key) = store::key::find(&change.tx, value.key).await? else { continue };
            let may_use = key.sharing != Sharing::Shared || standing.may_use(&key);
            if value.revoked_at.is_none()
                && let Some(value) = value.follow(may_use, change.now)
            {
                store::value::save(&change.tx, &value).await?;
            }
        }
    }
    Ok(())
}
