//! Role: what a member may do in an account. These three are built in.

use crate::word::words;

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
}

words! { Role NotARole "owner, admin, member" Owner "owner" Admin "admin" Member "member" }
