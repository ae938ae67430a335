//! Role: a named set of permissions that a member holds in an account. These three are built in.

use crate::{
    permission::{Permission, Permissions},
    word::words,
};

/// A built-in role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Owns the account; one member of each account.
    Owner,
    /// All but handing over or closing the account.
    Admin,
    /// What the holder of a key may do.
    Member,
}

impl Role {
    /// Every built-in role.
    pub const ALL: [Role; 3] = [Role::Owner, Role::Admin, Role::Member];

    /// What it allows in the whole account. A holder may also see, rotate and test their own key, and read its log.
    pub const fn permissions(self) -> Permissions {
        match self {
            Role::Owner | Role::Admin => Permissions::ALL,
            Role::Member => Permissions::of(&[Permission::KeysView, Permission::KeysUse]),
        }
    }
}

words! { Role NotARole "owner, admin, member" Owner "owner" Admin "admin" Member "member" }
