//! Allowlist: what a call must come from, and what it may ask for. Entries are alternatives, lists are conditions: a call passes
//! when each list that is enforced has an entry for it. An empty list is open.
//!
//! An account has lists for all its keys, and each key has lists of its own; a call must pass both.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    name::is_unprintable,
    time::Timestamp,
    word::{as_text, words},
};

pub mod address;
pub mod allowed;
pub mod contract;
pub mod domain;
pub mod lists;
pub mod method;
#[cfg(test)]
mod tests;

pub use address::{AddressEntry, AddressSet};
pub use allowed::{Allowed, Layer, Layers, Touches, Verdict};
pub use contract::{ContractAddress, ContractEntry, ContractSet};
pub use domain::{DomainEntry, DomainSet};
pub use lists::{Editor, ListKind, ListKinds, ListLock, ListRefused, Lists};
pub use method::{MethodEntry, MethodSet};

/// The most entries of one list.
pub const MAX_ENTRIES: usize = 1_000;
/// The longest note of an entry, in characters.
pub const MAX_NOTE: usize = 200;
/// How much of a text that is no entry is told back, in characters.
const MAX_TOLD: usize = 80;

/// Whether a list is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// It allows everything.
    #[default]
    Off,
    /// It allows everything, and the log tells what it would deny.
    Observe,
    /// What has no entry is denied.
    Enforce,
}

words! { Mode NotAMode "off, observe, enforce" Off "off" Observe "observe" Enforce "enforce" }
as_text!(Mode, AddressEntry, ContractAddress, ContractEntry, DomainEntry, MethodEntry, Note);

/// What people remember of an entry: `office in Lyon`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note(Box<str>);

/// Why a text is not a note.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the note `{0}` is not one: at most 200 characters, no control characters")]
pub struct NotANote(String);

/// An entry of a list, with what people noted beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed<E> {
    /// What it allows.
    pub entry: E,
    /// Why it stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// From this moment on it allows nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// A list. It is made by [`Allowlist::new`], which holds its limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked<E>", bound(deserialize = "E: Deserialize<'de> + PartialEq + fmt::Display"))]
pub struct Allowlist<E> {
    mode: Mode,
    entries: Vec<Listed<E>>,
}

/// Why entries are no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AllowlistRefused {
    /// More than [`MAX_ENTRIES`].
    #[error("{given} entries are too many; a list has at most {MAX_ENTRIES}")]
    TooMany {
        /// How many there are.
        given: usize,
    },
    /// The same entry again.
    #[error("`{0}` stands in the list twice")]
    Twice(String),
}

impl<E> Allowlist<E> {
    /// How it is looked at.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Its entries, in the order in which they were written.
    pub fn entries(&self) -> &[Listed<E>] {
        &self.entries
    }

    /// Whether it is looked at. An empty one is not; one whose entries have all ended is, and has nothing for anybody: time alone
    /// never opens a list.
    pub fn is_on(&self) -> bool {
        self.mode != Mode::Off && !self.entries.is_empty()
    }

    /// What it allows at a moment.
    fn allowed(&self, now: Timestamp) -> impl Iterator<Item = &E> {
        self.entries.iter().filter(move |listed| listed.until.is_none_or(|end| now < end)).map(|listed| &listed.entry)
    }

    /// When the next of its entries ends, if one does.
    fn next_end(&self, now: Timestamp) -> Option<Timestamp> {
        self.entries.iter().filter_map(|listed| listed.until).filter(|end| now < *end).min()
    }
}

impl<E: PartialEq + fmt::Display> Allowlist<E> {
    /// A list of these entries.
    ///
    /// Errors: there are too many, or one stands in it twice.
    pub fn new(mode: Mode, entries: Vec<Listed<E>>) -> Result<Self, AllowlistRefused> {
        if entries.len() > MAX_ENTRIES {
            return Err(AllowlistRefused::TooMany { given: entries.len() });
        }
        let mut texts: Vec<String> = entries.iter().map(|listed| listed.entry.to_string()).collect();
        texts.sort_unstable();
        match texts.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(AllowlistRefused::Twice(pair[0].clone())),
            None => Ok(Allowlist { mode, entries }),
        }
    }
}

impl<E> Default for Allowlist<E> {
    /// Off and empty.
    fn default() -> Self {
        Allowlist { mode: Mode::Off, entries: Vec::new() }
    }
}

impl FromStr for Note {
    type Err = NotANote;

    fn from_str(text: &str) -> Result<Self, NotANote> {
        let is_one = text.chars().count() <= MAX_NOTE && !text.chars().any(is_unprintable);
        if is_one { Ok(Note(text.into())) } else { Err(NotANote(told(text))) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A list as it is read, before its limits are looked at.
#[derive(Deserialize)]
struct Unchecked<E> {
    #[serde(default)]
    mode: Mode,
    #[serde(default = "Vec::new")]
    entries: Vec<Listed<E>>,
}

impl<E: PartialEq + fmt::Display> TryFrom<Unchecked<E>> for Allowlist<E> {
    type Error = AllowlistRefused;

    fn try_from(Unchecked { mode, entries }: Unchecked<E>) -> Result<Self, AllowlistRefused> {
        Allowlist::new(mode, entries)
    }
}

/// The beginning of a text that is no entry, for the error.
fn told(text: &str) -> String {
    text.chars().filter(|character| !is_unprintable(*character)).take(MAX_TOLD).collect()
}
