//! The text of a value: `kw_`, 32 characters of base 62 (190 bits), and 6 of its CRC-32: 41 characters.
//!
//! The check sum lets the gateway refuse a typo without a look-up, and lets scanners find leaked values.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::base62;

/// SHA-256 of a value's whole text: all that is stored of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// Length of the whole text in bytes.
pub const LENGTH: usize = PREFIX.len() + RANDOM + CHECK;
/// Bytes of randomness that [`ValueText::draw`] needs.
pub const ENTROPY: usize = 24;

const PREFIX: &str = "kw_";
const RANDOM: usize = 32;
const CHECK: usize = 6;

/// A value in clear. It has no `Debug` and no `Display`: it leaves through [`ValueText::reveal`] only, once.
pub struct ValueText(String);

impl ValueText {
    /// A new value from 192 random bits; the 32 digits keep a little over 190 of them.
    pub fn draw(entropy: [u8; ENTROPY]) -> ValueText {
        let digits: [u8; RANDOM] = base62::digits(entropy);
        let mut text = String::with_capacity(LENGTH);
        text.push_str(PREFIX);
        text.push_str(std::str::from_utf8(&digits).expect("base 62 is ASCII"));
        let check = check_digits(text.as_bytes());
        text.push_str(std::str::from_utf8(&check).expect("base 62 is ASCII"));
        ValueText(text)
    }

    /// The text itself, for the one moment in which it is shown.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored.
    pub fn hash(&self) -> Hash {
        hash(self.0.as_bytes())
    }

    /// What pages show: `kw_ab…9XYZ`.
    pub fn mask(&self) -> String {
        format!("{}…{}", &self.0[..PREFIX.len() + 2], &self.0[LENGTH - 4..])
    }
}

/// Whether the bytes have the form and the check sum of a value; junk costs no look-up.
pub fn is_well_formed(presented: &[u8]) -> bool {
    presented.len() == LENGTH
        && presented.starts_with(PREFIX.as_bytes())
        && presented[PREFIX.len()..].iter().all(u8::is_ascii_alphanumeric)
        && check_digits(&presented[..LENGTH - CHECK])[..] == presented[LENGTH - CHECK..]
}

/// SHA-256 of what a caller presented.
pub fn hash(presented: &[u8]) -> Hash {
    Hash(Sha256::digest(presented).into())
}

fn check_digits(body: &[u8]) -> [u8; CHECK] {
    let mut rest = crc32fast::hash(body);
    let mut digits = [0u8; CHECK];
    for digit in digits.iter_mut().rev() {
        *digit = base62::ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    digits
}

#[cfg(test)]
mod tests;
