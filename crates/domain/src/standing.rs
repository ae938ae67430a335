//! Standing: what a member may do in the account and on each key, and on whom they may act.

use std::collections::{BTreeMap, HashMap};

use crate::{
    grant::Grant,
    id::{KeyId, RoleId},
    key::{Key, Sharing},
    member::{Member, MemberRefused},
    permission::{Permission, Permissions},
    role::{CustomRole, Role, RoleScope},
};

/// The account's own roles, by id.
pub type Roles = HashMap<RoleId, CustomRole>;

/// What somebody may do. What counts on a key is the union of the role in the account and the grant on the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    account: Permissions,
    granted: BTreeMap<KeyId, Permissions>,
    most: Permissions,
}

/// Why a permission is not at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// No role of theirs holds it.
    Role,
    /// They hold it, but the program that acts for them is not for it.
    Program,
}

/// A seat and what it allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The seat.
    pub seat: Member,
    /// What it allows.
    pub rights: Rights,
}

impl Rights {
    /// What a role in the account and these grants allow. A role that is not there, or is of another scope, allows nothing.
    pub fn of(role: Option<Role>, grants: &[Grant], roles: &Roles) -> Rights {
        let account = role.map(|role| allowed(role, RoleScope::Account, roles)).unwrap_or_default();
        let on = |grant: &Grant| (grant.key, allowed(grant.role, RoleScope::Key(grant.key), roles));
        Rights { account, granted: grants.iter().map(on).collect(), most: Permissions::ALL }
    }

    /// What is allowed in the whole account.
    pub fn in_account(&self) -> Permissions {
        self.account.and(self.most)
    }

    /// What is allowed on a key.
    pub fn on(&self, key: KeyId) -> Permissions {
        self.held(RoleScope::Key(key)).and(self.most)
    }

    /// What is allowed in a scope.
    pub fn within(&self, scope: RoleScope) -> Permissions {
        match scope {
            RoleScope::Account => self.in_account(),
            RoleScope::Key(key) => self.on(key),
        }
    }

    /// Whether something is allowed in a scope.
    ///
    /// Errors: what is missing: a role that holds it, or a program that is for it.
    pub fn allow(&self, scope: RoleScope, permission: Permission) -> Result<(), Lacking> {
        match (self.held(scope).has(permission), self.most.has(permission)) {
            (false, _) => Err(Lacking::Role),
            (true, false) => Err(Lacking::Program),
            (true, true) => Ok(()),
        }
    }

    /// What gets through at most: all for a person, for a program what it is for.
    pub fn most(&self) -> Permissions {
        self.most
    }

    /// What the grant on a key allows by itself.
    pub fn granted_on(&self, key: KeyId) -> Permissions {
        self.granted.get(&key).copied().unwrap_or_default().and(self.most)
    }

    /// All that is allowed anywhere: in the account, or on some key.
    pub fn anywhere(&self) -> Permissions {
        self.keys().fold(self.in_account(), |all, key| all.or(self.granted_on(key)))
    }

    /// The keys with a grant.
    pub fn keys(&self) -> impl Iterator<Item = KeyId> {
        self.granted.keys().copied()
    }

    /// The same, but nothing beyond `most`: what a program holds that acts for somebody.
    pub fn limited_to(self, most: Permissions) -> Rights {
        Rights { most: self.most.and(most), ..self }
    }

    /// Whether keys of this sharing are seen whosever they are: shared ones with `keys.view` in the account, and others' own ones,
    /// which tell who is in the team, with `teamwork.view` too.
    pub fn sees_in_account(&self, sharing: Sharing) -> bool {
        let has = |permission| self.in_account().has(permission);
        has(Permission::KeysView) && (sharing == Sharing::Shared || has(Permission::TeamworkView))
    }

    /// Whether who has these may do all that who has `others` may, in the account and on every key.
    pub fn cover(&self, others: &Rights) -> bool {
        self.in_account().covers(others.in_account())
            && others.keys().all(|key| self.on(key).covers(others.granted_on(key)))
    }

    /// What roles hold in a scope, whoever acts.
    fn held(&self, scope: RoleScope) -> Permissions {
        match scope {
            RoleScope::Account => self.account,
            RoleScope::Key(key) => {
                let granted = self.granted.get(&key).copied().unwrap_or_default();
                granted.or(self.account).and(Permissions::OF_A_KEY)
            }
        }
    }
}

impl Standing {
    /// Whether they may do to the seat of `other` what `to` says: not to oneself, not to the owner, and to nobody who may do
    /// more, be it in the account or on a key.
    ///
    /// Errors: which of these it is.
    pub fn may_act_on(&self, other: &Standing, to: &'static str) -> Result<(), MemberRefused> {
        self.not_self_nor_owner(other, to)?;
        if self.rights.cover(&other.rights) { Ok(()) } else { Err(above(other)) }
    }

    /// The same on one key.
    ///
    /// Errors: as [`Standing::may_act_on`].
    pub fn may_act_on_key(&self, other: &Standing, key: KeyId, to: &'static str) -> Result<(), MemberRefused> {
        self.not_self_nor_owner(other, to)?;
        if self.rights.on(key).covers(other.rights.on(key)) { Ok(()) } else { Err(above(other)) }
    }

    /// Whether they may know that the key is there: it is theirs, or granted to them; a shared one with `keys.view` in the
    /// account, and others' own ones, which tell who is in the team, with `teamwork.view` too.
    pub fn sees(&self, key: &Key) -> bool {
        self.holds(key) && self.rights.most.has(Permission::KeysView)
            || self.rights.granted_on(key.id).has(Permission::KeysView)
            || self.rights.sees_in_account(key.sharing)
    }

    /// Whether it is their own key.
    pub fn holds(&self, key: &Key) -> bool {
        key.sharing == Sharing::Own { holder: self.seat.id }
    }

    /// Whether they may have a value of the key: its holder, and of a shared one who may use it.
    pub fn may_use(&self, key: &Key) -> bool {
        match key.sharing {
            Sharing::Own { holder } => holder == self.seat.id,
            Sharing::Shared => self.rights.on(key.id).has(Permission::KeysUse),
        }
    }

    fn not_self_nor_owner(&self, other: &Standing, to: &'static str) -> Result<(), MemberRefused> {
        if self.seat.id == other.seat.id {
            return Err(MemberRefused::Oneself { to });
        }
        other.seat.not_the_owner(to)
    }
}

/// What a role allows in a scope.
fn allowed(role: Role, scope: RoleScope, roles: &Roles) -> Permissions {
    role.built_in(scope).unwrap_or_else(|| {
        let found = role.custom().and_then(|id| roles.get(&id)).filter(|role| role.scope == scope);
        found.map(CustomRole::permissions).unwrap_or_default()
    })
}

fn above(other: &Standing) -> MemberRefused {
    MemberRefused::Above { name: other.seat.name.clone() }
}

#[cfg(test)]
mod tests;
