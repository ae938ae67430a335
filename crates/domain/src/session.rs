//! Session: a person who signed in, in one browser.

use std::net::IpAddr;

use crate::{
    id::{PersonId, SessionId},
    time::{DAY, Timestamp},
    token::TokenHash,
};

/// How long a session lasts at most, in microseconds.
pub const LIFETIME: i64 = 30 * DAY;
/// How long a session lasts that is not used, in microseconds.
pub const IDLE: i64 = 7 * DAY;
/// The longest `User-Agent` kept, in bytes.
pub const MAX_AGENT: usize = 256;

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its identifier.
    pub id: SessionId,
    /// Who signed in.
    pub person: PersonId,
    /// Hash of the cookie.
    pub hash: TokenHash,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was used last, to the minute.
    pub seen_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// From where they signed in.
    pub address: Option<IpAddr>,
    /// The browser, as it calls itself.
    pub agent: Option<String>,
}

impl Session {
    /// Whether it still lets somebody in.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at()
    }

    /// When it ends by itself, if it is not used again.
    pub fn expires_at(&self) -> Timestamp {
        self.created_at.plus(LIFETIME).min(self.seen_at.plus(IDLE))
    }

    /// Over from now on.
    pub fn end(self, now: Timestamp) -> Session {
        Session { ended_at: self.ended_at.or(Some(now)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_by_itself_and_by_hand() {
        let start = Timestamp::from_micros(DAY);
        let session = Session {
            id: SessionId::from_u128(1),
            person: PersonId::from_u128(2),
            hash: TokenHash([0; 32]),
            created_at: start,
            seen_at: start,
            ended_at: None,
            address: None,
            agent: None,
        };
        let used = |at: i64| Session { seen_at: start.plus(at), ..session.clone() };
        for (session, at, open) in [
            (session.clone(), 0, true),
            (session.clone(), IDLE - 1, true),
            (session.clone(), IDLE, false),
            (used(IDLE - 1), IDLE, true),
            (used(LIFETIME - 1), LIFETIME - 1, true),
            (used(LIFETIME - 1), LIFETIME, false),
            (session.clone().end(start), 0, false),
        ] {
            assert_eq!(session.is_open(start.plus(at)), open, "{at}");
        }
    }
}
