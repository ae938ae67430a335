//! Link: proves, once, that somebody reads the mail of an address, or runs this installation.

use crate::{
    id::{LinkId, PersonId},
    name::Title,
    person::Email,
    time::{DAY, Timestamp},
    token::TokenHash,
    word::words,
};

/// How long a link can be followed, in microseconds.
pub const LIFETIME: i64 = DAY;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Someone registered: the address becomes a person, with an account of their own.
    Register,
    /// A person chooses a new password.
    Reset,
    /// Whoever started this installation becomes its operator.
    Operator,
}

words! { Purpose NotAPurpose "register, reset, operator" Register "register" Reset "reset" Operator "operator" }

/// A link that works once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its identifier.
    pub id: LinkId,
    /// What it is for.
    pub purpose: Purpose,
    /// Hash of the token in it.
    pub hash: TokenHash,
    /// Where it was sent; none for an operator's, which is printed.
    pub email: Option<Email>,
    /// Whose password it changes; of a reset only.
    pub person: Option<PersonId>,
    /// What somebody who registers called themselves.
    pub name: Option<Title>,
    /// What they called their account.
    pub account_name: Option<Title>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was used, or replaced by another.
    pub used_at: Option<Timestamp>,
}

/// Why a link does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the link was used, replaced or is older than a day; ask for another")]
pub struct LinkIsOver;

/// Whether what was sent at `created_at` can be followed: once, and within [`LIFETIME`].
pub fn is_open(created_at: Timestamp, used_at: Option<Timestamp>, now: Timestamp) -> bool {
    used_at.is_none() && now < created_at.plus(LIFETIME)
}

impl Link {
    /// From when on it cannot be followed.
    pub fn expires_at(&self) -> Timestamp {
        self.created_at.plus(LIFETIME)
    }

    /// Whether it can be followed.
    pub fn is_open(&self, now: Timestamp) -> bool {
        is_open(self.created_at, self.used_at, now)
    }

    /// It was followed.
    ///
    /// Errors: it was before, or it is too old.
    pub fn follow(self, now: Timestamp) -> Result<Link, LinkIsOver> {
        if self.is_open(now) { Ok(Link { used_at: Some(now), ..self }) } else { Err(LinkIsOver) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_works_once_and_for_a_day() {
        let start = Timestamp::from_micros(DAY);
        let link = Link {
            id: LinkId::from_u128(1),
            purpose: Purpose::Reset,
            hash: TokenHash([0; 32]),
            email: None,
            person: None,
            name: None,
            account_name: None,
            created_at: start,
            used_at: None,
        };
        assert!(link.clone().follow(start.plus(LIFETIME - 1)).is_ok());
        assert_eq!(link.clone().follow(start.plus(LIFETIME)), Err(LinkIsOver));
        let used = link.follow(start).expect("it is new");
        assert_eq!(used.follow(start), Err(LinkIsOver));
    }
}
