//! Texts that programs call with, values, secrets and access tokens: a prefix, 32 characters of base 62 (190 bits), and 6 of a
//! CRC-32 over what is before.
//!
//! The check sum lets a typo be told from a text that was revoked, and lets scanners find what leaked.

use crate::base62;

/// Bytes of randomness that [`drawn`] needs.
pub const ENTROPY: usize = 24;
/// Length in bytes of a whole text that keys are called with: their prefixes have three.
pub const LENGTH: usize = length("kw_");

const RANDOM: usize = 32;
const CHECK: usize = 6;

/// A new text from 192 random bits; the 32 digits keep a little over 190 of them.
pub(crate) fn drawn(prefix: &str, entropy: [u8; ENTROPY]) -> String {
    let digits: [u8; RANDOM] = base62::digits(entropy);
    let mut text = String::with_capacity(length(prefix));
    text.push_str(prefix);
    text.push_str(std::str::from_utf8(&digits).expect("base 62 is ASCII"));
    let check = check_digits(text.as_bytes());
    text.push_str(std::str::from_utf8(&check).expect("base 62 is ASCII"));
    text
}

/// What pages show of a drawn text: its first two characters behind the prefix, and its last four.
pub(crate) fn mask(prefix: &str, text: &str) -> String {
    format!("{}…{}", &text[..prefix.len() + 2], &text[text.len() - 4..])
}

/// Whether the bytes have the form and the check sum of a text with this prefix.
pub(crate) fn is_well_formed(prefix: &str, presented: &[u8]) -> bool {
    presented.len() == length(prefix)
        && presented.starts_with(prefix.as_bytes())
        && presented[prefix.len()..].iter().all(u8::is_ascii_alphanumeric)
        && {
            let (body, check) = presented.split_at(presented.len() - CHECK);
            check_digits(body)[..] == *check
        }
}

const fn length(prefix: &str) -> usize {
    prefix.len() + RANDOM + CHECK
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
