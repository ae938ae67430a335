//! Several roles saved at once: the whole set of a scope, in one transaction.

use std::collections::{HashMap, HashSet};

use domain::{
    id::RoleId,
    role::{CustomRole, MAX_ROLES, RoleScope},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::edit::{NewRole, RoleChange, alter, delete, make};
use crate::{change::Change, error::Problem, version::IfMatch};

/// All roles of a scope but the built-in ones.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolesAsked {
    /// Those that there will be; one that is missing is deleted.
    roles: Vec<RoleAsked>,
    /// For each deleted role that somebody holds: what they get instead.
    #[serde(default)]
    replacements: HashMap<String, String>,
}

/// A role as it will be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleAsked {
    /// Which; without one it is made.
    id: Option<String>,
    /// What people call it.
    name: String,
    /// The modules that it holds whole.
    #[serde(default)]
    all: Vec<String>,
    /// Single permissions beside them; of a new role `keys.view` and `keys.use` if nothing is said.
    permissions: Option<Vec<String>>,
}

/// Makes, changes and deletes roles until they are those that are asked for; returns the version after it.
///
/// Errors: 412 where they were changed meanwhile; 422 with the field; as [`make`], [`alter`] and [`delete`].
pub async fn save(change: &Change<'_>, scope: RoleScope, based_on: IfMatch, asked: RolesAsked) -> Result<u64, Problem> {
    based_on.check(store::role::version(&change.tx, change.account, scope).await?)?;
    let version = store::role::touch(&change.tx, change.account, scope).await?;
    let present = store::role::list(&change.tx, change.account, scope).await?;
    let mut present: HashMap<RoleId, CustomRole> = present.into_iter().map(|role| (role.id, role)).collect();
    let steps = steps(&asked.roles, &mut present)?;
    for gone in present.values() {
        let replacement = asked.replacements.get(&gone.id.to_string());
        delete(change, gone, replacement.map(String::as_str)).await?;
    }
    for (place, (before, role)) in steps.into_iter().zip(asked.roles).enumerate() {
        let at = format!("roles[{place}].");
        let RoleAsked { name, all, permissions, .. } = role;
        match before {
            None => make(change, scope, &NewRole { name, all, permissions }, &at).await?,
            Some(before) => {
                alter(change, before, &RoleChange { name: Some(name), all: Some(all), permissions }, &at).await?
            }
        };
    }
    Ok(version)
}

/// What each of the roles is now, none for a new one; what is not asked for stays in `present`.
fn steps(asked: &[RoleAsked], present: &mut HashMap<RoleId, CustomRole>) -> Result<Vec<Option<CustomRole>>, Problem> {
    if asked.len() > MAX_ROLES {
        return Err(Problem::field("roles", format!("at most {MAX_ROLES} roles")));
    }
    let mut names = HashSet::new();
    let mut steps = Vec::with_capacity(asked.len());
    for (place, role) in asked.iter().enumerate() {
        if !names.insert(role.name.to_lowercase()) {
            return Err(Problem::field(&format!("roles[{place}].name"), "another role is called so already"));
        }
        let Some(id) = &role.id else {
            steps.push(None);
            continue;
        };
        let nowhere = || Problem::field(&format!("roles[{place}].id"), "there is no such role here; read them again");
        let id: RoleId = id.parse().map_err(|_| nowhere())?;
        steps.push(Some(present.remove(&id).ok_or_else(nowhere)?));
    }
    Ok(steps)
}
