//! Sight: whose calls and figures somebody sees.

use domain::{
    id::{AccountId, KeyId, MemberId},
    request_log::Row,
};
use store::request_log::{Filter, Seen};

/// Whose calls and figures somebody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Everybody's.
    Account(AccountId),
    /// Their own, and everybody's with the keys on which `stats.view` was granted to them.
    Own(AccountId, MemberId, Vec<KeyId>),
}

impl Sight {
    /// The account.
    pub fn account(&self) -> AccountId {
        match self {
            Sight::Account(account) | Sight::Own(account, ..) => *account,
        }
    }

    /// The rows that are seen.
    pub fn filter(&self) -> Filter {
        let account = Some(self.account());
        match self {
            Sight::Account(_) => Filter { account, ..Filter::default() },
            Sight::Own(_, member, keys) if keys.is_empty() => {
                Filter { account, member: Some(*member), ..Filter::default() }
            }
            Sight::Own(_, member, keys) => {
                Filter { account, seen: Some(Seen { member: *member, keys: keys.clone() }), ..Filter::default() }
            }
        }
    }

    /// Whether a row is seen.
    pub fn shows(&self, row: &Row) -> bool {
        match self {
            Sight::Account(account) => row.account == *account,
            Sight::Own(account, member, keys) => {
                row.account == *account && (row.member == Some(*member) || keys.contains(&row.key))
            }
        }
    }
}
