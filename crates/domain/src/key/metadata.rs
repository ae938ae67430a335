//! Metadata: what the account's own programs remember of a key. Keyward keeps it, lists keys by it, and reads nothing into it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::name::{MetadataName, MetadataValue};

/// The most pairs of one key.
pub const MAX_PAIRS: usize = 20;

/// Pairs of texts, by name. It is made by [`Metadata::new`], which holds its limit.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<MetadataName, MetadataValue>")]
pub struct Metadata(BTreeMap<MetadataName, MetadataValue>);

/// Why pairs are not the metadata of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} pairs are too many; a key has at most {MAX_PAIRS}")]
pub struct TooManyPairs(pub usize);

impl Metadata {
    /// These pairs.
    ///
    /// Errors: there are more than [`MAX_PAIRS`].
    pub fn new(pairs: BTreeMap<MetadataName, MetadataValue>) -> Result<Metadata, TooManyPairs> {
        if pairs.len() > MAX_PAIRS { Err(TooManyPairs(pairs.len())) } else { Ok(Metadata(pairs)) }
    }

    /// The pairs, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&MetadataName, &MetadataValue)> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<BTreeMap<MetadataName, MetadataValue>> for Metadata {
    type Error = TooManyPairs;

    fn try_from(pairs: BTreeMap<MetadataName, MetadataValue>) -> Result<Metadata, TooManyPairs> {
        Metadata::new(pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_have_limits() {
        let cases = [
            ("team", "Payments", true),
            ("billing.ref_1-A", "№ 7 / é", true),
            ("", "x", false),
            ("two words", "x", false),
            ("é", "x", false),
            (&"n".repeat(40), &"v".repeat(200), true),
            (&"n".repeat(41), "x", false),
            ("name", &"v".repeat(201), false),
            ("name", "", false),
            ("name", "two\nlines", false),
            ("name", " x", false),
        ];
        for (name, value, fits) in cases {
            let both = name.parse::<MetadataName>().is_ok() && value.parse::<MetadataValue>().is_ok();
            assert_eq!(both, fits, "{name:?}: {value:?}");
        }
    }

    #[test]
    fn a_key_has_so_many_pairs() {
        let pairs = |count: usize| {
            let pair = |n: usize| (format!("n{n}").parse().expect("a name"), "v".parse().expect("a value"));
            (0..count).map(pair).collect::<BTreeMap<MetadataName, MetadataValue>>()
        };
        assert!(Metadata::new(pairs(MAX_PAIRS)).is_ok());
        assert_eq!(Metadata::new(pairs(MAX_PAIRS + 1)), Err(TooManyPairs(MAX_PAIRS + 1)));
        let stored = serde_json::to_string(&pairs(MAX_PAIRS + 1)).expect("texts");
        assert!(serde_json::from_str::<Metadata>(&stored).is_err(), "nor from what is stored");
    }
}
