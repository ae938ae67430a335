//! Idempotency: a request that is sent again with the same key is done once, and answered the same.

use std::{fmt, str::FromStr};

use crate::time::{DAY, SECOND, Timestamp};

/// For how long a key is known, in microseconds.
pub const LIFETIME: i64 = DAY;
/// For how long a request may run; one without an outcome after that was cut off with the program, in microseconds.
pub const LONGEST_RUN: i64 = 120 * SECOND;
/// The longest key, in characters.
pub const MAX_KEY: usize = 100;
/// The most keys that are known of one caller at a time.
pub const MAX_KEPT: u64 = 10_000;

/// What a caller writes into `Idempotency-Key`: 1 to [`MAX_KEY`] visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// Why a text is no such key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key is 1 to {MAX_KEY} visible ASCII characters")]
pub struct NotAKey;

/// What one caller asks for under a key: recognised by these three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The bits of the id of the access token, or of the person.
    pub caller: u128,
    /// Where it goes: the path.
    pub route: String,
    /// The key.
    pub key: IdempotencyKey,
}

/// A request under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Whose it is.
    pub slot: Slot,
    /// SHA-256 of its body.
    pub body: [u8; 32],
    /// When it came.
    pub claimed_at: Timestamp,
    /// How it was answered, once it was.
    pub outcome: Option<Outcome>,
}

/// How a request was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The HTTP status.
    pub status: u16,
    /// The body, without secrets; none where it is too long to be kept.
    pub body: Option<String>,
}

/// What becomes of a request whose key is known already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// It is another request.
    AnotherBody,
    /// It is answered as before.
    Again(&'a Outcome),
    /// The first one is still under way.
    Running,
    /// The first one was cut off: whether it was done is not known.
    Lost,
}

impl Claim {
    /// What becomes of a request with this body, now that the key is taken.
    pub fn judge(&self, body: &[u8; 32], now: Timestamp) -> Verdict<'_> {
        match &self.outcome {
            _ if self.body != *body => Verdict::AnotherBody,
            Some(outcome) => Verdict::Again(outcome),
            None if now.since(self.claimed_at) < LONGEST_RUN => Verdict::Running,
            None => Verdict::Lost,
        }
    }

    /// Whether the key may be used for something else.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.since(self.claimed_at) >= LIFETIME
    }
}

impl IdempotencyKey {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let fits = (1..=MAX_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(IdempotencyKey(text.to_owned())) } else { Err(NotAKey) }
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_key_is_judged_by_body_outcome_and_age() {
        let done = || Some(Outcome { status: 201, body: Some("{}".to_owned()) });
        let claim = |outcome| Claim {
            slot: Slot { caller: 1, route: "/keys".to_owned(), key: "a".parse().expect("a key") },
            body: [1; 32],
            claimed_at: Timestamp::from_micros(0),
            outcome,
        };
        let outcome = done().expect("it is one");
        let cases = [
            (done(), 1, 0, Verdict::Again(&outcome)),
            (done(), 1, LIFETIME - 1, Verdict::Again(&outcome)),
            (done(), 2, 0, Verdict::AnotherBody),
            (None, 2, 0, Verdict::AnotherBody),
            (None, 1, LONGEST_RUN - 1, Verdict::Running),
            (None, 1, LONGEST_RUN, Verdict::Lost),
        ];
        for (outcome, body, age, expected) in cases {
            let known = claim(outcome);
            assert_eq!(known.judge(&[body; 32], Timestamp::from_micros(age)), expected, "{known:?} {body} {age}");
        }
        assert!(!claim(None).is_over(Timestamp::from_micros(LIFETIME - 1)));
        assert!(claim(None).is_over(Timestamp::from_micros(LIFETIME)));
    }

    #[test]
    fn keys_are_visible_ascii() {
        for text in ["a", "0190b5c2-7f1e-7c4d", &"x".repeat(MAX_KEY)] {
            assert!(text.parse::<IdempotencyKey>().is_ok(), "{text}");
        }
        for text in ["", "a b", "é", "a\tb", &"x".repeat(MAX_KEY + 1)] {
            assert!(text.parse::<IdempotencyKey>().is_err(), "{text}");
        }
    }
}
