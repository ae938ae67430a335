//! Second factor: what somebody has beside the password they know: a program that counts half minutes (TOTP, RFC 6238 with
//! SHA-1, 6 digits, 30 seconds, as every authenticator does), or one of ten recovery codes, each good for once.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    id::PersonId,
    time::{SECOND, Timestamp},
    token::TokenHash,
};

/// Bytes of a seed (RFC 4226, 4, R6 recommends 160 bits).
pub const SEED: usize = 20;
/// How long a code is shown, in microseconds.
pub const STEP: i64 = 30 * SECOND;
/// Steps before and after this moment whose codes are taken: clocks differ, and people type.
pub const WINDOW: i64 = 1;
/// Recovery codes that are handed out at once.
pub const RECOVERY_CODES: usize = 10;
/// Bytes of randomness in a recovery code.
pub const RECOVERY_ENTROPY: usize = 10;

const DIGITS: usize = 6;
/// RFC 4648, 6: what authenticators read.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Crockford's: nothing in it is taken for another when it is read from paper.
const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// What an authenticator and Keyward both know. It has no `Debug`: it leaves through [`Seed::base32`] and [`Seed::uri`], while it is
/// set up, and sealed.
pub struct Seed([u8; SEED]);

impl Seed {
    /// A new seed.
    pub fn draw(entropy: [u8; SEED]) -> Seed {
        Seed(entropy)
    }

    /// The bytes, to be sealed.
    pub fn bytes(&self) -> &[u8; SEED] {
        &self.0
    }

    /// As people type it where they cannot scan: 32 letters and digits.
    pub fn base32(&self) -> String {
        in_base(BASE32, &self.0)
    }

    /// What an authenticator scans: `otpauth://totp/…`. `issuer`: the installation's host; `holder`: the mail address.
    pub fn uri(&self, issuer: &str, holder: &str) -> String {
        let (issuer, holder) = (escaped(issuer), escaped(holder));
        format!("otpauth://totp/{issuer}:{holder}?secret={}&issuer={issuer}", self.base32())
    }

    /// The code of a step.
    pub fn code(&self, step: i64) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(&step.to_be_bytes());
        let digest: [u8; 20] = mac.finalize().into_bytes().into();
        let offset = usize::from(digest[19] & 0xf);
        let part = u32::from_be_bytes(*digest[offset..].first_chunk().expect("4 of the last 5 to 20 bytes"));
        format!("{:0DIGITS$}", (part & 0x7fff_ffff) % 10_u32.pow(DIGITS as u32))
    }

    /// The step of which this is the code, if it is one around `now` that is newer than `last`: a code that was taken is not taken
    /// again, nor is one before it.
    pub fn step_of(&self, code: &str, last: i64, now: Timestamp) -> Option<i64> {
        let this = step(now);
        let steps = (this - WINDOW..=this + WINDOW).filter(|step| *step > last);
        // All are looked at, each in constant time.
        steps.fold(None, |found, step| if is_same(&self.code(step), code) { found.or(Some(step)) } else { found })
    }
}

/// The number of half minutes since 1970.
pub fn step(now: Timestamp) -> i64 {
    now.micros().div_euclid(STEP)
}

/// Whether what somebody typed is meant as a code of an authenticator: digits, with spaces wherever they like. None otherwise.
pub fn typed(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    (digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit())).then_some(digits)
}

/// A person's second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    /// Whose.
    pub person: PersonId,
    /// The seed, sealed.
    pub sealed: Vec<u8>,
    /// When it was begun to be set up.
    pub created_at: Timestamp,
    /// Since when it is asked for: somebody showed that they have it.
    pub confirmed_at: Option<Timestamp>,
    /// The newest step of which a code was taken.
    pub last_step: i64,
}

/// A recovery code in clear. It has no `Debug`: it leaves through [`RecoveryCode::reveal`] only, once.
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// A new code of 80 random bits.
    pub fn draw(entropy: [u8; RECOVERY_ENTROPY]) -> RecoveryCode {
        RecoveryCode(in_base(CROCKFORD, &entropy))
    }

    /// What somebody types as a recovery code, however they group it; none where it cannot be one.
    pub fn typed(text: &str) -> Option<RecoveryCode> {
        let read = |c: char| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        };
        let code: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(read).collect();
        let is_one = code.len() == 16 && code.bytes().all(|digit| CROCKFORD.contains(&digit));
        is_one.then_some(RecoveryCode(code))
    }

    /// The text for the one moment in which it is shown: `xxxx-xxxx-xxxx-xxxx`.
    pub fn reveal(&self) -> String {
        let (first, second) = self.0.split_at(8);
        format!("{}-{}-{}-{}", &first[..4], &first[4..], &second[..4], &second[4..])
    }

    /// What is stored.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

/// Why somebody who may do something else may not do this yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotWithout {
    /// The account asks for it.
    #[error("this account requires a second factor, and you have none yet")]
    Account,
    /// The operator asks it of everybody.
    #[error("this installation requires a second factor, and you have none yet")]
    Installation,
}

fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Five bits for each character; `bytes` is a whole number of them.
fn in_base(alphabet: &[u8; 32], bytes: &[u8]) -> String {
    let (mut text, mut held, mut bits) = (String::with_capacity(bytes.len() * 8 / 5), 0u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(alphabet[(held >> bits & 31) as usize]));
        }
    }
    text
}

/// Percent-encoded but for what RFC 3986 leaves unreserved.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests;
