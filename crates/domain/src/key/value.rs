//! The text of a value: `kw_` and 38 characters; see [`super::text`]. Junk and typos cost no look-up.

use std::fmt;

use sha2::{Digest, Sha256};

use super::text;

pub use super::text::{ENTROPY, LENGTH};

/// SHA-256 of a value's whole text: all that is stored of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

const PREFIX: &str = "kw_";

/// A value in clear. It has no `Debug` and no `Display`: it leaves through [`ValueText::reveal`] only, once.
pub struct ValueText(String);

impl ValueText {
    /// A new value.
    pub fn draw(entropy: [u8; ENTROPY]) -> ValueText {
        ValueText(text::drawn(PREFIX, entropy))
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
        text::mask(PREFIX, &self.0)
    }
}

/// Whether the bytes have the form and the check sum of a value; junk costs no look-up.
pub fn is_well_formed(presented: &[u8]) -> bool {
    text::is_well_formed(PREFIX, presented)
}

/// SHA-256 of what a caller presented.
pub fn hash(presented: &[u8]) -> Hash {
    Hash(Sha256::digest(presented).into())
}

#[cfg(test)]
mod tests;
