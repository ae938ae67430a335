//! Address change: a person wants another mail address, and shows that they read its mail by following a link that went there.

use crate::{
    id::{AddressChangeId, PersonId},
    link::{self, LIFETIME, LinkIsOver},
    person::Email,
    time::Timestamp,
    token::TokenHash,
};

/// A change of address that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressChange {
    /// Its identifier.
    pub id: AddressChangeId,
    /// Whose address.
    pub person: PersonId,
    /// The address from then on; the link went there.
    pub email: Email,
    /// Hash of the token in the link.
    pub hash: TokenHash,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When the link was followed, or replaced by another.
    pub used_at: Option<Timestamp>,
}

impl AddressChange {
    /// From when on the link cannot be followed: as long as every other.
    pub fn expires_at(&self) -> Timestamp {
        self.created_at.plus(LIFETIME)
    }

    /// The link was followed.
    ///
    /// Errors: it was before, was replaced, or is too old.
    pub fn follow(self, now: Timestamp) -> Result<AddressChange, LinkIsOver> {
        if link::is_open(self.created_at, self.used_at, now) {
            Ok(AddressChange { used_at: Some(now), ..self })
        } else {
            Err(LinkIsOver)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_new_address_works_once_and_for_a_day() {
        let start = Timestamp::from_micros(LIFETIME);
        let change = AddressChange {
            id: AddressChangeId::from_u128(1),
            person: PersonId::from_u128(2),
            email: "new@example.com".parse().expect("an address"),
            hash: TokenHash([0; 32]),
            created_at: start,
            used_at: None,
        };
        assert_eq!(change.clone().follow(start.plus(LIFETIME)), Err(LinkIsOver));
        let followed = change.follow(start.plus(LIFETIME - 1)).expect("it is open");
        assert_eq!(followed.follow(start.plus(LIFETIME - 1)), Err(LinkIsOver));
    }
}
