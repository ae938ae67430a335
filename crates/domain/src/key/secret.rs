//! Secret: the second factor of a key. `ks_` and 38 characters; see [`super::text`]. Pages call it "Key authentication".
//!
//! It is drawn once, shown once, and asked for only while it is required: so programs can be given it before it is.
//! A secret belongs to the key, not to a value: whoever calls with the key sends the same one beside a value of their own.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Key, KeyRefused, text};
use crate::time::Timestamp;

pub use super::text::{ENTROPY, LENGTH};

const PREFIX: &str = "ks_";

/// SHA-256 of a secret's whole text: all that is stored of it. Two are compared in constant time.
#[derive(Clone, Copy)]
pub struct SecretHash(pub [u8; 32]);

impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretHash {}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// A secret in clear. It has no `Debug` and no `Display`: it leaves through [`SecretText::reveal`] only, once.
pub struct SecretText(String);

impl SecretText {
    /// A new secret.
    pub fn draw(entropy: [u8; ENTROPY]) -> SecretText {
        SecretText(text::drawn(PREFIX, entropy))
    }

    /// The text itself, for the one moment in which it is shown.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored.
    pub fn hash(&self) -> SecretHash {
        hash(self.0.as_bytes())
    }

    /// What pages show: `ks_ab…9XYZ`.
    pub fn mask(&self) -> String {
        text::mask(PREFIX, &self.0)
    }
}

/// Whether the bytes have the form and the check sum of a secret.
pub fn is_well_formed(presented: &[u8]) -> bool {
    text::is_well_formed(PREFIX, presented)
}

/// SHA-256 of what a caller presented.
pub fn hash(presented: &[u8]) -> SecretHash {
    SecretHash(Sha256::digest(presented).into())
}

/// A stored secret: what is known of a text that callers present beside a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// SHA-256 of the whole text.
    pub hash: SecretHash,
    /// What pages show of it: `ks_ab…9XYZ`.
    pub mask: String,
    /// When it was drawn.
    pub drawn_at: Timestamp,
    /// Since when calls without it are refused; none: it is ignored.
    pub required_at: Option<Timestamp>,
    /// The one before it, while that is still taken.
    pub former: Option<FormerSecret>,
}

/// A secret that another replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormerSecret {
    /// SHA-256 of the whole text.
    pub hash: SecretHash,
    /// End of its grace period.
    pub expires_at: Timestamp,
}

impl Secret {
    fn of(text: &SecretText, now: Timestamp) -> Secret {
        Secret { hash: text.hash(), mask: text.mask(), drawn_at: now, required_at: None, former: None }
    }
}

impl Key {
    /// With a secret drawn for it, which is not asked for yet.
    pub fn draw_secret(self, text: &SecretText, now: Timestamp) -> Result<Key, KeyRefused> {
        match (self.revoked_at, &self.secret) {
            (Some(_), _) => Err(KeyRefused::Revoked),
            (None, Some(_)) => Err(KeyRefused::SecretDrawn),
            (None, None) => Ok(Key { secret: Some(Secret::of(text, now)), ..self }),
        }
    }

    /// Calls without the secret are refused from now on.
    pub fn require_secret(self, now: Timestamp) -> Result<Key, KeyRefused> {
        match (self.revoked_at, self.secret) {
            (Some(_), _) => Err(KeyRefused::Revoked),
            (None, None) => Err(KeyRefused::NoSecret),
            (None, Some(Secret { required_at: Some(_), .. })) => Err(KeyRefused::SecretRequired),
            (None, Some(secret)) => Ok(Key { secret: Some(Secret { required_at: Some(now), ..secret }), ..self }),
        }
    }

    /// The secret is not asked for any more; it stays drawn, and can be required again.
    pub fn waive_secret(self) -> Result<Key, KeyRefused> {
        match (self.revoked_at, self.secret) {
            (Some(_), _) => Err(KeyRefused::Revoked),
            (None, None | Some(Secret { required_at: None, .. })) => Err(KeyRefused::SecretNotRequired),
            (None, Some(secret)) => Ok(Key { secret: Some(Secret { required_at: None, ..secret }), ..self }),
        }
    }

    /// Without a secret: nothing is asked for, and the one it had is of no use any more.
    pub fn remove_secret(self) -> Result<Key, KeyRefused> {
        match (self.revoked_at, &self.secret) {
            (Some(_), _) => Err(KeyRefused::Revoked),
            (None, None) => Err(KeyRefused::NoSecret),
            (None, Some(_)) => Ok(Key { secret: None, ..self }),
        }
    }

    /// With another secret. The one before is taken until `grace_until`; none, or a moment that is not after `now`: not any more.
    /// Whether it is required stays as it is.
    pub fn rotate_secret(
        self,
        text: &SecretText,
        now: Timestamp,
        grace_until: Option<Timestamp>,
    ) -> Result<Key, KeyRefused> {
        match (self.revoked_at, self.secret) {
            (Some(_), _) => Err(KeyRefused::Revoked),
            (None, None) => Err(KeyRefused::NoSecret),
            (None, Some(before)) => {
                let grace_until = grace_until.filter(|end| *end > now);
                let former = grace_until.map(|expires_at| FormerSecret { hash: before.hash, expires_at });
                let secret = Secret { required_at: before.required_at, former, ..Secret::of(text, now) };
                Ok(Key { secret: Some(secret), ..self })
            }
        }
    }
}

#[cfg(test)]
mod tests;
