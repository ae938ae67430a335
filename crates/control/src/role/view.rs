//! How roles are shown: what they hold, who holds them, and what may be done with them.

use domain::{
    id::AccountId,
    permission::{Module, Permission, Permissions},
    role::{CustomRole, Edit, MAX_ROLES, Role, RoleRefused, RoleScope, may_edit, may_give},
    standing::Standing,
};
use serde::Serialize;
use store::Source;
use utoipa::ToSchema;

use super::words;
use crate::{
    error::Problem,
    view::{Allowed, Moment},
};

/// The roles of a scope.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Roles)]
pub struct RolesView {
    /// How often they were changed: what `If-Match` refers to.
    pub version: u64,
    /// Built-in ones first, then by name.
    pub roles: Vec<RoleView>,
    /// All that a role of this scope can hold.
    pub modules: Vec<ModuleView>,
    /// What you may do with them.
    pub can: RolesCan,
}

/// A role.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Role)]
pub struct RoleView {
    /// The word of a built-in role, or the id of one of the account's own.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether it is one that stays as it is.
    pub built_in: bool,
    /// The key where alone it can be given; null: the whole account.
    pub key_id: Option<String>,
    /// The modules that it holds whole, with what later versions add to them.
    pub all: Vec<&'static str>,
    /// Single permissions beside them.
    pub permissions: Vec<&'static str>,
    /// Everything that it allows today.
    pub allows: Vec<&'static str>,
    /// How many hold it.
    pub holders: u64,
    /// When it was made.
    pub created_at: Option<Moment>,
    /// What you may do with it.
    pub can: RoleCan,
}

/// What you may do with a role.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleCan {
    /// Change its name and what it holds.
    pub edit: Allowed,
    /// Delete it; while somebody holds it, together with what they get instead.
    pub delete: Allowed,
    /// Give it to a member.
    pub give: Allowed,
}

/// What you may do with the roles of a scope.
#[derive(Debug, Serialize, ToSchema)]
pub struct RolesCan {
    /// Make another.
    pub create: Allowed,
}

/// Permissions that belong together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Module)]
pub struct ModuleView {
    /// Its word.
    pub module: &'static str,
    /// What pages call it.
    pub title: &'static str,
    /// The permission that only looks.
    pub view: &'static str,
    /// All of it, the one that only looks too.
    pub permissions: Vec<PermissionView>,
}

/// One thing that a role allows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Permission)]
pub struct PermissionView {
    /// Its name.
    pub permission: &'static str,
    /// The same in words.
    pub title: &'static str,
}

/// A role, and the moment from which the change holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleInForce {
    /// As it is now.
    pub role: RoleView,
    /// The version of the roles of its scope.
    pub version: u64,
    /// From this moment on every gateway acts on it.
    pub effective_at: Moment,
}

/// The roles of a scope, and the moment from which the change holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct RolesInForce {
    /// As they are now.
    pub roles: RolesView,
    /// From this moment on every gateway acts on them.
    pub effective_at: Moment,
}

/// The roles of a scope as somebody sees them.
///
/// Errors: those of the store.
pub async fn roles(
    from: &impl Source,
    account: AccountId,
    scope: RoleScope,
    who: &Standing,
) -> Result<RolesView, Problem> {
    // The version first: a change based on it is refused, not lost, where what is read after it is newer.
    let version = store::role::version(from, account, scope).await?;
    let custom = store::role::list(from, account, scope).await?;
    let held = store::tally::holders(from, account, scope).await?;
    let mine = who.rights.within(scope);
    let own = own(from, scope, who).await?;
    let create = match custom.len() {
        MAX_ROLES.. => Err(format!("there are {MAX_ROLES} roles already; delete one first")),
        _ => told(may_edit(mine, Edit { before: None, after: None, is_own: false })),
    };
    let words = match scope {
        RoleScope::Account => vec![Role::Owner, Role::Admin, Role::Member],
        RoleScope::Key(_) => vec![Role::Admin, Role::Member, Role::Creator],
    };
    let count = |role: Role| held.get(&role).copied().unwrap_or(0);
    let words = words.into_iter().filter(|role| *role != Role::Creator || count(*role) > 0);
    let built_in = words.map(|role| built_in(role, scope, mine, count(role)));
    let own_ones = custom.iter().map(|role| one(role, mine, own == Some(role.as_role()), count(role.as_role())));
    Ok(RolesView {
        version,
        roles: built_in.chain(own_ones).collect(),
        modules: Module::ALL.into_iter().filter_map(|module| module_in(module, scope)).collect(),
        can: RolesCan { create: create.into() },
    })
}

/// The role that somebody holds in a scope.
///
/// Errors: those of the store.
pub async fn own(from: &impl Source, scope: RoleScope, who: &Standing) -> Result<Option<Role>, Problem> {
    match scope {
        RoleScope::Account => Ok(who.seat.role),
        RoleScope::Key(key) => {
            let grant = store::grant::find(from, who.seat.id, key).await?;
            Ok(grant.map(|grant| grant.role))
        }
    }
}

/// A role of the account's own, as somebody with `mine` in its scope sees it.
pub fn one(role: &CustomRole, mine: Permissions, is_own: bool, holders: u64) -> RoleView {
    let allows = role.permissions();
    let step = |after| told(may_edit(mine, Edit { before: Some(allows), after, is_own }));
    RoleView {
        id: role.id.to_string(),
        name: role.name.to_string(),
        built_in: false,
        key_id: key_id(role.scope),
        all: role.reach.whole().iter().map(|module| module.as_str()).collect(),
        permissions: names(role.reach.single()),
        allows: names(allows),
        holders,
        created_at: Some(role.created_at.into()),
        can: RoleCan { edit: step(Some(allows)).into(), delete: step(None).into(), give: give(mine, allows).into() },
    }
}

/// Whether somebody with `mine` in a scope could give a role that allows `theirs` there.
pub fn give(mine: Permissions, theirs: Permissions) -> Result<(), String> {
    if !mine.has(Permission::TeamworkAssign) && !mine.has(Permission::TeamworkInvite) {
        return Err(Problem::missing(Permission::TeamworkAssign).detail);
    }
    told(may_give(mine, theirs))
}

fn built_in(role: Role, scope: RoleScope, mine: Permissions, holders: u64) -> RoleView {
    let allows = role.built_in(scope).unwrap_or_default();
    let whole = |module: &Module| {
        let all = module.permissions().and(scope.possible());
        !all.is_empty() && allows.covers(all)
    };
    let all: Vec<Module> = Module::ALL.into_iter().filter(whole).collect();
    let said = all.iter().fold(Permissions::default(), |said, module| said.or(module.permissions()));
    let stays = || told(Err(RoleRefused::BuiltIn));
    let give = match role {
        Role::Owner => Err("an account has one owner".to_owned()),
        Role::Creator => Err("this is held by who made the key".to_owned()),
        _ => give(mine, allows),
    };
    RoleView {
        id: role.to_string(),
        name: role.to_string(),
        built_in: true,
        key_id: key_id(scope),
        all: all.into_iter().map(Module::as_str).collect(),
        permissions: names(allows.without(said)),
        allows: names(allows),
        holders,
        created_at: None,
        can: RoleCan { edit: stays().into(), delete: stays().into(), give: give.into() },
    }
}

fn module_in(module: Module, scope: RoleScope) -> Option<ModuleView> {
    let possible = module.permissions().and(scope.possible());
    let permissions = possible
        .iter()
        .map(|permission| PermissionView { permission: permission.as_str(), title: words::of_permission(permission) });
    let view = module.view().as_str();
    let shown = ModuleView {
        module: module.as_str(),
        title: words::of_module(module),
        view,
        permissions: permissions.collect(),
    };
    (!possible.is_empty()).then_some(shown)
}

fn key_id(scope: RoleScope) -> Option<String> {
    match scope {
        RoleScope::Account => None,
        RoleScope::Key(key) => Some(key.to_string()),
    }
}

fn names(permissions: Permissions) -> Vec<&'static str> {
    permissions.iter().map(Permission::as_str).collect()
}

fn told(step: Result<(), RoleRefused>) -> Result<(), String> {
    step.map_err(|refused| Problem::from(refused).detail)
}
