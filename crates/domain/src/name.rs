//! Names that an operator or an owner writes: checked once, then carried as checked.

use std::{borrow::Borrow, fmt, str::FromStr, sync::Arc};

/// Why a text cannot be such a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {what}: {rule}")]
pub struct NotAName {
    what: &'static str,
    rule: &'static str,
    text: String,
}

/// The longest name of any sort here, in characters.
pub const MAX_NAME: usize = 80;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident $what:literal $rule:literal $check:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text of the name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAName;
            fn from_str(text: &str) -> Result<Self, NotAName> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(NotAName { what: $what, rule: $rule, text: text.chars().take(MAX_NAME + 1).collect() })
                }
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

names! {
    /// What an operator calls an API: `football`.
    ApiName "the name of an API" "1 to 40 of a–z, 0–9 and -, a letter first" is_word;
    /// A network of an API, alone or under its chain: `mainnet`, `eth/mainnet`.
    NetworkName "the name of a network" "one or two words of a–z, 0–9 and -, joined by /" |text| {
        text.split('/').count() <= 2 && text.split('/').all(is_word)
    };
    /// What an operator calls a plan: `pro`.
    PlanName "the name of a plan" "1 to 40 of a–z, 0–9 and -, a letter first" is_word;
    /// Where a key is used: `Development`, `Pre-production`, `Production` or a word of the account's own.
    Environment "the name of an environment" "1 to 40 letters, digits, spaces and -" |text| {
        (1..=40).contains(&text.chars().count())
            && text.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == '-')
            && text.trim() == text
    };
    /// What people call an account, a member or a key.
    Title "a name" "1 to 80 characters without control characters or ://" |text| {
        (1..=MAX_NAME).contains(&text.chars().count())
            && !text.chars().any(is_unprintable)
            && !text.contains("://")
            && text.trim() == text
    };
    /// What a pair of metadata is found by: `team`, `billing.ref`.
    MetadataName "the name of a pair of metadata" "1 to 40 of a–z, A–Z, 0–9, ., _ and -" |text| {
        (1..=40).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    };
    /// What a pair of metadata says.
    MetadataValue "the value of a pair of metadata" "1 to 200 characters without control characters" is_line;
    /// Why somebody made a change.
    Reason "a reason" "1 to 200 characters without control characters" is_line;
}

/// The longest text that somebody notes beside something, in characters.
const MAX_LINE: usize = 200;

fn is_line(text: &str) -> bool {
    (1..=MAX_LINE).contains(&text.chars().count()) && !text.chars().any(is_unprintable) && text.trim() == text
}

fn is_word(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.as_bytes()[0].is_ascii_lowercase()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Control characters and the marks that turn the direction of writing: both can make one name look like another.
pub(crate) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests;
