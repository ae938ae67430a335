//! Account: owns keys and pays. What any of its members' keys spend counts on it.

use crate::{allowlist::Lists, id::AccountId, name::Title, time::Timestamp};

/// An account. Its owner is the member of it whose role is `owner`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its identifier.
    pub id: AccountId,
    /// What people call it.
    pub name: Title,
    /// What calls with any of its keys must pass.
    pub lists: Lists,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when its keys are refused, if they are.
    pub suspended_at: Option<Timestamp>,
}

/// Why a change to an account was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccountRefused {
    /// Suspending what is suspended.
    #[error("the account is suspended already")]
    AlreadySuspended,
    /// Activating what is active.
    #[error("the account is active already")]
    AlreadyActive,
}

impl Account {
    /// All calls with keys of the account are refused from `now` on.
    pub fn suspend(self, now: Timestamp) -> Result<Account, AccountRefused> {
        match self.suspended_at {
            Some(_) => Err(AccountRefused::AlreadySuspended),
            None => Ok(Account { suspended_at: Some(now), ..self }),
        }
    }

    /// Takes the suspension back; nothing else changes.
    pub fn activate(self) -> Result<Account, AccountRefused> {
        match self.suspended_at {
            None => Err(AccountRefused::AlreadyActive),
            Some(_) => Ok(Account { suspended_at: None, ..self }),
        }
    }
}
