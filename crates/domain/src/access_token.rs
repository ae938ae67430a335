//! Access token: with it a program acts for a person, in one account, with a part of what the person may do. `kwt_` and 38
//! characters, in the form of [`crate::key::text`], so that scanners find what leaked.

use sha2::{Digest, Sha256};

use crate::{
    id::{AccessTokenId, AccountId, PersonId},
    key::text,
    name::Title,
    permission::Permissions,
    time::Timestamp,
    token::TokenHash,
};

pub use crate::key::text::ENTROPY;

/// The most access tokens of a person that are not over.
pub const MAX_OPEN: usize = 50;

const PREFIX: &str = "kwt_";

/// An access token in clear. It has no `Debug` and no `Display`: it leaves through [`AccessTokenText::reveal`] only, once.
pub struct AccessTokenText(String);

impl AccessTokenText {
    /// A new text.
    pub fn draw(entropy: [u8; ENTROPY]) -> AccessTokenText {
        AccessTokenText(text::drawn(PREFIX, entropy))
    }

    /// What a program presents; none where form or check sum show that it cannot be one.
    pub fn presented(presented: &str) -> Option<AccessTokenText> {
        text::is_well_formed(PREFIX, presented.as_bytes()).then(|| AccessTokenText(presented.to_owned()))
    }

    /// The text itself, for the one moment in which it is shown.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }

    /// What pages show: `kwt_ab…9XYZ`.
    pub fn mask(&self) -> String {
        text::mask(PREFIX, &self.0)
    }
}

/// An access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// Its identifier.
    pub id: AccessTokenId,
    /// For whom it acts.
    pub person: PersonId,
    /// Where; none: in no account, for an operator's that runs the installation only.
    pub account: Option<AccountId>,
    /// What the person calls it.
    pub name: Title,
    /// Hash of its text.
    pub hash: TokenHash,
    /// What pages show of its text.
    pub mask: String,
    /// What it may do at most: each time, only what the person may do too.
    pub permissions: Permissions,
    /// Whether it may do what operators do, while the person is one.
    pub is_operator: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself, if it does.
    pub expires_at: Option<Timestamp>,
    /// When it was used last, to the minute.
    pub used_at: Option<Timestamp>,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}

impl AccessToken {
    /// Whether it still lets a program in.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Over from now on.
    pub fn end(self, now: Timestamp) -> AccessToken {
        AccessToken { ended_at: self.ended_at.or(Some(now)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_again_by_its_hash_and_typos_are_told() {
        let drawn = AccessTokenText::draw([7; ENTROPY]);
        let text = drawn.reveal().to_owned();
        assert!(text.starts_with("kwt_") && text.len() == 42, "{}", text.len());
        assert_eq!(AccessTokenText::presented(&text).expect("it is one").hash(), drawn.hash());
        assert_eq!(drawn.mask(), format!("{}…{}", &text[..6], &text[38..]));
        assert_ne!(AccessTokenText::draw([8; ENTROPY]).hash(), drawn.hash());
        let other = if text.ends_with('0') { '1' } else { '0' };
        for wrong in
            ["", "kwt_", &text[1..], &text[..41], &format!("{text}0"), &format!("{}{other}", &text[..41]), &text[4..]]
        {
            assert!(AccessTokenText::presented(wrong).is_none(), "{wrong}");
        }
        let value = crate::key::value::ValueText::draw([7; ENTROPY]);
        assert!(AccessTokenText::presented(value.reveal()).is_none(), "a value of a key is none");
    }

    #[test]
    fn it_ends_by_itself_and_by_hand() {
        let start = Timestamp::from_micros(1_000);
        let token = AccessToken {
            id: AccessTokenId::from_u128(1),
            person: PersonId::from_u128(2),
            account: None,
            name: "ci".parse().expect("a name"),
            hash: TokenHash([0; 32]),
            mask: String::new(),
            permissions: Permissions::default(),
            is_operator: true,
            created_at: start,
            expires_at: Some(start.plus(10)),
            used_at: None,
            ended_at: None,
        };
        let forever = AccessToken { expires_at: None, ..token.clone() };
        for (token, at, open) in [
            (token.clone(), 9, true),
            (token.clone(), 10, false),
            (forever.clone(), i64::MAX / 2, true),
            (forever.end(start.plus(5)), 0, false),
            (token.end(start), 9, false),
        ] {
            assert_eq!(token.is_open(start.plus(at)), open, "{at}");
        }
    }
}
