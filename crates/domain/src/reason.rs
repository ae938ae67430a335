//! Reason: why somebody did something, in their own words, for who reads the audit trail later.

use std::{fmt, str::FromStr};

use crate::name::is_unprintable;

/// The longest reason, in characters.
pub const MAX_REASON: usize = 200;

/// Why something was done: one line of 1 to [`MAX_REASON`] characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

/// Why a text is no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reason is one line of 1 to {MAX_REASON} characters")]
pub struct NotAReason;

impl Reason {
    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reason {
    type Err = NotAReason;

    fn from_str(text: &str) -> Result<Self, NotAReason> {
        let text = text.trim();
        let fits = (1..=MAX_REASON).contains(&text.chars().count()) && !text.chars().any(is_unprintable);
        if fits { Ok(Reason(text.to_owned())) } else { Err(NotAReason) }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_that_can_be_read() {
        let cases = [
            ("the bill is paid", Some("the bill is paid")),
            ("  spaces around ", Some("spaces around")),
            ("", None),
            ("   ", None),
            ("two\nlines", None),
            ("turned \u{202e}round", None),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Reason>().ok().as_ref().map(Reason::as_str), expected, "{text:?}");
        }
        assert!("é".repeat(MAX_REASON).parse::<Reason>().is_ok());
        assert!("é".repeat(MAX_REASON + 1).parse::<Reason>().is_err());
    }
}
