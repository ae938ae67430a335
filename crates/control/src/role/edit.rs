//! Making, changing and deleting roles of the account's own, in a transaction that the caller commits.

use domain::{
    audit::Action,
    id::MemberId,
    permission::{Module, Permission, Permissions},
    role::{CustomRole, Edit, Reach, Role, RoleScope, USUAL, may_edit},
};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{given, settle, view::own};
use crate::{body::field, change::Change, error::Problem};

/// A role that is made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// What people call it: 1 to 80 characters, not taken in its scope.
    pub name: String,
    /// The modules that it holds whole: `keys`, `security`, `stats`, `teamwork`, `account`.
    #[serde(default)]
    pub all: Vec<String>,
    /// Single permissions beside them; `keys.view` and `keys.use` if nothing is said.
    pub permissions: Option<Vec<String>>,
}

/// What can be changed of a role; what is missing stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    /// What people call it.
    pub name: Option<String>,
    /// The modules that it holds whole.
    pub all: Option<Vec<String>>,
    /// Single permissions beside them.
    pub permissions: Option<Vec<String>>,
}

/// Makes a role. `at` is where the request names it: empty, or `roles[2].`.
///
/// Errors: 403 for what the actor lacks; 422 with the field; those of the store.
pub async fn make(change: &Change<'_>, scope: RoleScope, asked: &NewRole, at: &str) -> Result<CustomRole, Problem> {
    let single = match &asked.permissions {
        Some(names) => permissions(at, names)?,
        None => USUAL,
    };
    let role = CustomRole {
        id: change.app.id(change.now),
        account: change.account,
        scope,
        name: field(&format!("{at}name"), &asked.name)?,
        reach: Reach::new(modules(at, &asked.all)?, single),
        created_at: change.now,
    };
    check(&role, at)?;
    let mine = change.rights.within(scope);
    may_edit(mine, Edit { before: None, after: Some(role.permissions()), is_own: false })?;
    store::role::insert(&change.tx, &role).await?;
    change.record(Action::RoleCreate, (role.id, role.name.as_str()), None, Some(facts(&role))).await?;
    Ok(role)
}

/// Changes a role, and what its holders may use.
///
/// Errors: as [`make`]; 409 for a role that the actor holds.
pub async fn alter(
    change: &Change<'_>,
    before: CustomRole,
    asked: &RoleChange,
    at: &str,
) -> Result<CustomRole, Problem> {
    let name = match &asked.name {
        Some(name) => field(&format!("{at}name"), name)?,
        None => before.name.clone(),
    };
    let whole = match &asked.all {
        Some(names) => modules(at, names)?,
        None => before.reach.whole().iter().copied().collect(),
    };
    let single = match &asked.permissions {
        Some(names) => permissions(at, names)?,
        None => before.reach.single(),
    };
    let after = CustomRole { name, reach: Reach::new(whole, single), ..before.clone() };
    if after == before {
        return Ok(before);
    }
    check(&after, at)?;
    may(change, &before, Some(&after)).await?;
    store::role::save(&change.tx, &after).await?;
    settle(change, &holders(change, &after).await?).await?;
    let what = (after.id, after.name.as_str());
    change.record(Action::RoleEdit, what, Some(facts(&before)), Some(facts(&after))).await?;
    Ok(after)
}

/// Deletes a role; who holds it gets `replacement` instead.
///
/// Errors: 409 where it is held and no replacement is named, or the actor holds it; 403 for what the actor lacks; those of the
/// store.
pub async fn delete(change: &Change<'_>, role: &CustomRole, replacement: Option<&str>) -> Result<(), Problem> {
    may(change, role, None).await?;
    let holders = holders(change, role).await?;
    let told = match (replacement, holders.len()) {
        (_, 0) => None,
        (None, count) => return Err(Problem::role_in_use(role.name.as_str(), count)),
        (Some(text), _) => {
            let instead = given(change, role.scope, text).await?;
            if instead.role == role.as_role() {
                return Err(Problem::field("replacement", "choose another role than the one that is deleted"));
            }
            for member in &holders {
                replace(change, role.scope, *member, instead.role).await?;
            }
            settle(change, &holders).await?;
            Some(json!({ "replacement": instead.name, "holders": holders.len() }))
        }
    };
    store::role::delete(&change.tx, role.id).await?;
    change.record(Action::RoleDelete, (role.id, role.name.as_str()), Some(facts(role)), told).await
}

async fn may(change: &Change<'_>, before: &CustomRole, after: Option<&CustomRole>) -> Result<(), Problem> {
    let own = own(&change.tx, before.scope, &change.standing()).await?;
    let edit = Edit {
        before: Some(before.permissions()),
        after: after.map(CustomRole::permissions),
        is_own: own == Some(before.as_role()),
    };
    Ok(may_edit(change.rights.within(before.scope), edit)?)
}

/// Who holds a role.
///
/// Errors: those of the store.
pub async fn holders(change: &Change<'_>, role: &CustomRole) -> Result<Vec<MemberId>, Problem> {
    Ok(match role.scope {
        RoleScope::Account => store::member::holders(&change.tx, change.account, role.id).await?,
        RoleScope::Key(key) => store::grant::holders(&change.tx, key, role.id).await?,
    })
}

async fn replace(change: &Change<'_>, scope: RoleScope, member: MemberId, role: Role) -> Result<(), Problem> {
    match scope {
        RoleScope::Account => {
            let seat = change.member(member).await?;
            store::member::save(&change.tx, &domain::member::Member { role: Some(role), ..seat }).await?;
        }
        RoleScope::Key(key) => {
            let granted_by = Some(change.seat.id);
            let grant = domain::grant::Grant { key, member, role, granted_by, granted_at: change.now };
            store::grant::put(&change.tx, change.account, &grant).await?;
        }
    }
    Ok(())
}

fn check(role: &CustomRole, at: &str) -> Result<(), Problem> {
    if matches!(role.name_compared().as_str(), "owner" | "admin" | "member" | "creator") {
        return Err(Problem::field(&format!("{at}name"), "this is a built-in role; choose another name"));
    }
    match role.reach.beyond(role.scope) {
        Some(permission) => {
            let why = format!("{permission} concerns the whole account; a role of a key cannot hold it");
            Err(Problem::field(&format!("{at}permissions"), why))
        }
        None => Ok(()),
    }
}

fn modules(at: &str, names: &[String]) -> Result<Vec<Module>, Problem> {
    names.iter().map(|name| field(&format!("{at}all"), name)).collect()
}

fn permissions(at: &str, names: &[String]) -> Result<Permissions, Problem> {
    names.iter().map(|name| field::<Permission>(&format!("{at}permissions"), name)).collect()
}

/// What the audit trail tells of a role.
fn facts(role: &CustomRole) -> Value {
    let single: Vec<Permission> = role.reach.single().iter().collect();
    json!({ "name": role.name, "all": role.reach.whole(), "permissions": single })
}
