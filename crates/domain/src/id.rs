//! Identifiers: 128 bits ordered by time (the layout of UUID version 7, RFC 9562), written with a prefix for each noun.
//!
//! Text form: prefix, `_`, 26 characters of lower-case Crockford base 32, most significant first: `key_06bq…`.

use std::{fmt, hash::Hash, marker::PhantomData, str::FromStr};

use crate::time::Timestamp;

/// A noun that has identifiers.
pub trait Noun: Copy + Eq + Hash + Ord + fmt::Debug + 'static {
    /// What stands before the `_` in the text form.
    const PREFIX: &'static str;
}

/// The identifier of one `N`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id<N: Noun>(u128, PhantomData<N>);

/// Why a text is not an identifier of the noun asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id of the form {prefix}_ and {DIGITS} letters or digits")]
pub struct NotAnId {
    prefix: &'static str,
    text: String,
}

/// How many digits an identifier has.
pub const DIGITS: usize = 26;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl<N: Noun> Id<N> {
    /// A new identifier: 48 bits of milliseconds of `now`, 74 bits of `entropy`.
    pub fn new(now: Timestamp, entropy: u128) -> Self {
        let milliseconds = (now.micros() / 1_000).max(0) as u128 & ((1 << 48) - 1);
        let random_a = (entropy >> 64) & 0xfff;
        let random_b = entropy & ((1 << 62) - 1);
        Self::from_u128(milliseconds << 80 | 7 << 76 | random_a << 64 | 2 << 62 | random_b)
    }

    /// The identifier with these bits, as they were stored.
    pub const fn from_u128(bits: u128) -> Self {
        Self(bits, PhantomData)
    }

    /// All 128 bits, for storing.
    pub const fn as_u128(self) -> u128 {
        self.0
    }

    /// What stands behind the prefix and its `_` in the text form, in ASCII.
    pub fn digits(self) -> [u8; DIGITS] {
        let mut digits = [0u8; DIGITS];
        let mut rest = self.0;
        for place in digits.iter_mut().rev() {
            *place = ALPHABET[(rest & 31) as usize];
            rest >>= 5;
        }
        digits
    }
}

impl<N: Noun> fmt::Display for Id<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits();
        let digits = std::str::from_utf8(&digits).expect("the alphabet is ASCII");
        write!(f, "{}_{digits}", N::PREFIX)
    }
}

impl<N: Noun> fmt::Debug for Id<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<N: Noun> FromStr for Id<N> {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let refused = || NotAnId { prefix: N::PREFIX, text: text.chars().take(64).collect() };
        let digits = text.strip_prefix(N::PREFIX).and_then(|rest| rest.strip_prefix('_')).ok_or_else(refused)?;
        if digits.len() != DIGITS || digits.as_bytes()[0] > b'7' {
            return Err(refused());
        }
        let mut bits: u128 = 0;
        for digit in digits.bytes() {
            let value = ALPHABET.iter().position(|&known| known == digit).ok_or_else(refused)?;
            bits = bits << 5 | value as u128;
        }
        Ok(Self::from_u128(bits))
    }
}

impl<N: Noun> serde::Serialize for Id<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, N: Noun> serde::Deserialize<'de> for Id<N> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

macro_rules! nouns {
    ($($(#[$doc:meta])* $noun:ident $alias:ident $prefix:literal)*) => {$(
        /// Marks the identifiers of this noun.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum $noun {}
        impl Noun for $noun {
            const PREFIX: &'static str = $prefix;
        }
        $(#[$doc])*
        pub type $alias = Id<$noun>;
    )*};
}

nouns! {
    /// An account.
    AccountNoun AccountId "acc"
    /// A person who signs in.
    PersonNoun PersonId "per"
    /// A member: a person's seat in an account.
    MemberNoun MemberId "mem"
    /// A subscription of an account to an API.
    SubscriptionNoun SubscriptionId "sub"
    /// A role of an account's own.
    RoleNoun RoleId "rol"
    /// A key.
    KeyNoun KeyId "key"
    /// A value of a key.
    ValueNoun ValueId "val"
    /// A quota.
    QuotaNoun QuotaId "quo"
    /// A call, as the receipt, the log row and `x-request-id` name it.
    RequestNoun RequestId "req"
    /// An invitation.
    InvitationNoun InvitationId "inv"
    /// An offer of an account to another member.
    OwnershipOfferNoun OwnershipOfferId "off"
    /// A session.
    SessionNoun SessionId "ses"
    /// An access token.
    AccessTokenNoun AccessTokenId "tok"
    /// A change of a person's mail address.
    AddressChangeNoun AddressChangeId "adc"
    /// A one-time link.
    LinkNoun LinkId "lnk"
    /// A mail.
    MailNoun MailId "mai"
    /// A row of the audit trail.
    AuditNoun AuditId "aud"
    /// Extra units that an operator granted.
    ExtraUnitsNoun ExtraUnitsId "ext"
}

#[cfg(test)]
mod tests;
