//! Role: what a member may do in an account. These three are built in.

use std::{fmt, str::FromStr};

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

    /// The word for it everywhere: database, JSON, page, command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Admin => "admin",
            Role::Member => "member",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text is not a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a role: owner, admin or member")]
pub struct NotARole(String);

impl FromStr for Role {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Self, NotARole> {
        let named = Role::ALL.into_iter().find(|role| role.as_str() == text);
        named.ok_or_else(|| NotARole(text.chars().take(40).collect()))
    }
}
