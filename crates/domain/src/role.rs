//! Role: a named set of permissions that a member holds, in an account or on one key. Some are built in; the rest are the
//! account's own.

use std::{fmt, str::FromStr};

use crate::{
    id::{KeyId, RoleId},
    permission::{Permission, Permissions},
    word::as_text,
};

mod custom;
mod rules;

pub use custom::{CustomRole, MAX_ROLES, Reach};
pub use rules::{Edit, RoleRefused, may_edit, may_give};

/// Which role somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Owns the account; one member of each account.
    Owner,
    /// All but handing over or closing the account; on a key, all that concerns it.
    Admin,
    /// What the holder of a key may do.
    Member,
    /// On a key: who made it. Held, never given.
    Creator,
    /// One of the account's own.
    Custom(RoleId),
}

/// Where a role counts, and where alone it can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RoleScope {
    /// The whole account.
    Account,
    /// One key.
    Key(KeyId),
}

impl RoleScope {
    /// All that a role of this scope can allow.
    pub const fn possible(self) -> Permissions {
        match self {
            RoleScope::Account => Permissions::ALL,
            RoleScope::Key(_) => Permissions::OF_A_KEY,
        }
    }

    /// The built-in roles that can be given there.
    pub const fn built_in(self) -> [Role; 2] {
        [Role::Admin, Role::Member]
    }
}

/// What new roles hold where nothing else is said, and what `member` holds.
pub const USUAL: Permissions = Permissions::of(&[Permission::KeysView, Permission::KeysUse]);

/// What who made a key lacks of an admin's permissions on it, unless they hold it in the account: inviting people, and limits.
const NOT_OF_A_CREATOR: Permissions = Permissions::of(&[Permission::TeamworkInvite, Permission::SecurityLimits]);

impl Role {
    /// What a built-in role allows in a scope; none for one of the account's own, which is looked up.
    pub const fn built_in(self, scope: RoleScope) -> Option<Permissions> {
        match (self, scope) {
            (Role::Owner | Role::Admin, _) => Some(scope.possible()),
            (Role::Member, _) => Some(USUAL),
            (Role::Creator, RoleScope::Key(_)) => Some(scope.possible().without(NOT_OF_A_CREATOR)),
            (Role::Creator, RoleScope::Account) => Some(Permissions::of(&[])),
            (Role::Custom(_), _) => None,
        }
    }

    /// Which of the account's own it is.
    pub const fn custom(self) -> Option<RoleId> {
        match self {
            Role::Custom(id) => Some(id),
            _ => None,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Role::Owner => f.write_str("owner"),
            Role::Admin => f.write_str("admin"),
            Role::Member => f.write_str("member"),
            Role::Creator => f.write_str("creator"),
            Role::Custom(id) => id.fmt(f),
        }
    }
}

/// Why a text is no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of: owner, admin, member, or the id of a role (rol_…)")]
pub struct NotARole(String);

impl FromStr for Role {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Role, NotARole> {
        match text {
            "owner" => Ok(Role::Owner),
            "admin" => Ok(Role::Admin),
            "member" => Ok(Role::Member),
            "creator" => Ok(Role::Creator),
            other => other.parse().map(Role::Custom).map_err(|_| NotARole(other.chars().take(40).collect())),
        }
    }
}

as_text!(Role);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_leads_back() {
        for role in [Role::Owner, Role::Admin, Role::Member, Role::Creator, Role::Custom(RoleId::from_u128(7))] {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        assert!("boss".parse::<Role>().is_err() && "rol_1".parse::<Role>().is_err());
    }

    #[test]
    fn on_a_key_no_role_allows_what_concerns_the_account() {
        let key = RoleScope::Key(KeyId::from_u128(1));
        for role in [Role::Admin, Role::Member, Role::Creator] {
            let allows = role.built_in(key).expect("built in");
            assert!(Permissions::OF_A_KEY.covers(allows), "{role}");
            assert!(!allows.has(Permission::KeysCreate) && !allows.has(Permission::AccountView), "{role}");
        }
        let creator = Role::Creator.built_in(key).expect("built in");
        assert!(creator.has(Permission::TeamworkAssign) && !creator.has(Permission::TeamworkInvite));
    }
}
