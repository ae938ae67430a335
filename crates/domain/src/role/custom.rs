//! A role of the account's own: modules that it holds whole, and single permissions beside them.

use std::collections::BTreeSet;

use super::{Role, RoleScope, USUAL};
use crate::{
    id::{AccountId, RoleId},
    name::Title,
    permission::{Module, Permission, Permissions},
    time::Timestamp,
};

/// The most roles of its own that an account, and each of its keys, has.
pub const MAX_ROLES: usize = 50;

/// A role that an account made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRole {
    /// Its identifier.
    pub id: RoleId,
    /// The account it belongs to.
    pub account: AccountId,
    /// Where it can be given.
    pub scope: RoleScope,
    /// What people call it; no other of its scope is called so.
    pub name: Title,
    /// What it holds.
    pub reach: Reach,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a role holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    whole: BTreeSet<Module>,
    single: Permissions,
}

impl CustomRole {
    /// How members hold it.
    pub const fn as_role(&self) -> Role {
        Role::Custom(self.id)
    }

    /// The name as it is compared with others of its scope.
    pub fn name_compared(&self) -> String {
        self.name.as_str().to_lowercase()
    }

    /// All that it allows today.
    pub fn permissions(&self) -> Permissions {
        self.reach.permissions(self.scope)
    }
}

impl Reach {
    /// These modules whole, and single permissions beside them. Every role sees keys. A module that is held whole says all of its
    /// permissions already.
    pub fn new(whole: impl IntoIterator<Item = Module>, single: Permissions) -> Reach {
        let whole: BTreeSet<Module> = whole.into_iter().collect();
        let said = whole.iter().fold(Permissions::default(), |all, module| all.or(module.permissions()));
        let single = single.or(Permissions::of(&[Permission::KeysView])).without(said);
        Reach { whole, single }
    }

    /// What a new role holds where nothing is said.
    pub fn usual() -> Reach {
        Reach::new([], USUAL)
    }

    /// The modules that it holds whole.
    pub fn whole(&self) -> &BTreeSet<Module> {
        &self.whole
    }

    /// The single permissions beside them.
    pub fn single(&self) -> Permissions {
        self.single
    }

    /// All that it allows in a scope.
    pub fn permissions(&self, scope: RoleScope) -> Permissions {
        let all = self.whole.iter().fold(self.single, |all, module| all.or(module.permissions()));
        all.and(scope.possible())
    }

    /// What it says that cannot be held there: a module or permission that only an account has.
    pub fn beyond(&self, scope: RoleScope) -> Option<Permission> {
        let nowhere = |module: &&Module| module.permissions().and(scope.possible()).is_empty();
        let module = self.whole.iter().find(nowhere).map(|module| module.view());
        module.or_else(|| self.single.without(scope.possible()).iter().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::KeyId;

    #[test]
    fn a_module_held_whole_takes_in_all_of_it() {
        let reach = Reach::new([Module::Stats], Permissions::of(&[Permission::StatsExport, Permission::KeysUse]));
        assert_eq!(reach.single(), USUAL);
        let allows = reach.permissions(RoleScope::Account);
        assert_eq!(allows, USUAL.or(Module::Stats.permissions()));
    }

    #[test]
    fn every_role_sees_keys() {
        assert!(Reach::new([], Permissions::default()).single().has(Permission::KeysView));
        let whole = Reach::new([Module::Keys], Permissions::default());
        assert!(whole.single().is_empty() && whole.permissions(RoleScope::Account).has(Permission::KeysView));
    }

    #[test]
    fn a_key_has_nothing_of_the_account() {
        let key = RoleScope::Key(KeyId::from_u128(1));
        let cases = [
            (Reach::new([Module::Account], USUAL), Some(Permission::AccountView)),
            (Reach::new([], Permissions::of(&[Permission::KeysCreate])), Some(Permission::KeysCreate)),
            (Reach::new([Module::Keys, Module::Teamwork], USUAL), None),
        ];
        for (reach, beyond) in cases {
            assert_eq!(reach.beyond(key), beyond, "{reach:?}");
            assert_eq!(reach.beyond(RoleScope::Account), None);
            assert!(Permissions::OF_A_KEY.covers(reach.permissions(key)));
        }
    }
}
