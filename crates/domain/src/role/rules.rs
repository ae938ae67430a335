//! No escalation: what somebody must hold to make, change, delete or give a role. Pure; who they act on is in `standing.rs`.

use crate::permission::{Permission, Permissions};

/// Why a role is not made, changed, deleted or given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoleRefused {
    /// Roles are not theirs to change.
    #[error("your role lacks the permission {0}")]
    Missing(Permission),
    /// The role holds, or would hold, what they do not.
    #[error("the role holds {0}, which you do not hold yourself")]
    Beyond(Permission),
    /// They hold it themselves.
    #[error("you hold this role yourself; ask another admin")]
    Oneself,
    /// Built-in roles stay as they are.
    #[error("built-in roles stay as they are; make a role of your own")]
    BuiltIn,
    /// The role is of another account or key, or cannot be given at all.
    #[error("this role cannot be given here")]
    OutOfScope,
}

/// What is done with a role of the account's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What it allows; none for one that is made.
    pub before: Option<Permissions>,
    /// What it will allow; none for one that is deleted.
    pub after: Option<Permissions>,
    /// Whether who does it holds the role.
    pub is_own: bool,
}

/// Whether somebody with `mine` in the role's scope may do this: it takes `teamwork.roles`, and all of what the role allowed
/// and will allow.
///
/// Errors: which rule forbids it.
pub fn may_edit(mine: Permissions, edit: Edit) -> Result<(), RoleRefused> {
    if !mine.has(Permission::TeamworkRoles) {
        return Err(RoleRefused::Missing(Permission::TeamworkRoles));
    }
    may_give(mine, edit.before.unwrap_or_default().or(edit.after.unwrap_or_default()))?;
    if edit.is_own { Err(RoleRefused::Oneself) } else { Ok(()) }
}

/// Whether somebody with `mine` in a scope may give a role that allows `theirs` there: nobody gives what they do not have.
///
/// Errors: the first permission that they lack.
pub fn may_give(mine: Permissions, theirs: Permissions) -> Result<(), RoleRefused> {
    match theirs.without(mine).iter().next() {
        Some(permission) => Err(RoleRefused::Beyond(permission)),
        None => Ok(()),
    }
}
