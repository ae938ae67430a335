//! Token: a random text that proves something to the control plane, once or for a while: a session, or a link in a mail.
//! What is stored is its hash.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::base62;

/// Bytes of randomness that [`Token::draw`] needs.
pub const ENTROPY: usize = 32;
/// Characters of a token: 62^43 is a little above 2^256.
pub const LENGTH: usize = 43;

/// SHA-256 of a token's text: all that is stored of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// A token in clear. It has no `Debug` and no `Display`: it leaves through [`Token::reveal`] only, once.
pub struct Token(String);

impl Token {
    /// A new token of 256 random bits.
    pub fn draw(entropy: [u8; ENTROPY]) -> Token {
        let digits: [u8; LENGTH] = base62::digits(entropy);
        Token(digits.iter().map(|digit| char::from(*digit)).collect())
    }

    /// What somebody presents as a token; none where it cannot be one.
    pub fn presented(text: &str) -> Option<Token> {
        let well_formed = text.len() == LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        well_formed.then(|| Token(text.to_owned()))
    }

    /// The text itself, for the cookie or the mail that carries it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_again_by_its_hash() {
        let drawn = Token::draw([7; ENTROPY]);
        let presented = Token::presented(drawn.reveal()).expect("it is one");
        assert_eq!(presented.hash(), drawn.hash());
        assert_ne!(Token::draw([8; ENTROPY]).hash(), drawn.hash());
    }

    #[test]
    fn the_whole_number_is_kept() {
        let mut last = [0xff; ENTROPY];
        let most = Token::draw(last).reveal().to_owned();
        last[ENTROPY - 1] = 0xfe;
        assert_ne!(Token::draw(last).reveal(), most);
        last[0] = 0x7f;
        assert_ne!(Token::draw(last).reveal(), most);
    }

    #[test]
    fn other_texts_are_none() {
        let good = Token::draw([7; ENTROPY]).reveal().to_owned();
        for text in ["", "x", &format!("{good}0"), &good[1..], &format!("{}é", &good[2..]), &format!("-{}", &good[1..])]
        {
            assert!(Token::presented(text).is_none(), "{text}");
        }
    }
}
