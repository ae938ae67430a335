//! Methods: what may be called. A name of JSON-RPC, or a verb and a path of REST; a list may hold both, since a key may be
//! for APIs of both kinds.

use std::{collections::HashSet, fmt, str::FromStr};

use super::told;
use crate::{
    name::is_unprintable,
    path::{PatternFault, PatternSet, VerbPattern},
};

#[cfg(test)]
mod tests;

/// The longest entry, in bytes.
pub const MAX_METHOD: usize = 256;

/// A method that may be called: `eth_call`, or `eth_*` for all that begin so; `GET /fixtures/**`, or `/status` for every
/// verb. It is kept in one form: one space behind a verb, no `*` for every verb, percent codes only where a path needs them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MethodEntry {
    /// The name of a JSON-RPC method, in its case.
    Rpc(Box<str>),
    /// How JSON-RPC methods begin; empty: all of them.
    RpcPrefix(Box<str>),
    /// Requests of REST.
    Rest(VerbPattern),
}

/// Why a text is not a method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAMethod {
    /// Neither a name nor a path.
    #[error(
        "`{0}` is not a method such as eth_call, eth_get* or GET /fixtures/**; a `*` in a name can only be its end"
    )]
    Name(String),
    /// Longer than [`MAX_METHOD`].
    #[error("`{0}`… is too long: a method has at most {MAX_METHOD} bytes")]
    TooLong(String),
    /// It has a path that is no pattern.
    #[error(transparent)]
    Pattern(#[from] PatternFault),
}

/// The methods that a list allows. A name takes one look-up in a hash set and one binary search among prefixes, a path one
/// look-up for each of its segments.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct MethodSet {
    names: HashSet<Box<str>>,
    /// In order; none begins with another, so only the one before a name can be how it begins.
    prefixes: Box<[Box<str>]>,
    patterns: PatternSet<()>,
}

impl FromStr for MethodEntry {
    type Err = NotAMethod;

    fn from_str(text: &str) -> Result<Self, NotAMethod> {
        let text = text.trim();
        if text.len() > MAX_METHOD {
            return Err(NotAMethod::TooLong(told(text)));
        }
        if text.contains(is_unprintable) {
            return Err(NotAMethod::Name(told(text)));
        }
        if text.contains(' ') || text.starts_with('/') {
            return Ok(MethodEntry::Rest(VerbPattern::parse(text)?.in_one_form()));
        }
        let (name, is_prefix) = text.strip_suffix('*').map_or((text, false), |name| (name, true));
        let is_name =
            name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'*') && (is_prefix || !name.is_empty());
        match is_name {
            false => Err(NotAMethod::Name(told(text))),
            true if is_prefix => Ok(MethodEntry::RpcPrefix(name.into())),
            true => Ok(MethodEntry::Rpc(name.into())),
        }
    }
}

impl fmt::Display for MethodEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MethodEntry::Rpc(name) => f.write_str(name),
            MethodEntry::RpcPrefix(prefix) => write!(f, "{prefix}*"),
            MethodEntry::Rest(pattern) => pattern.fmt(f),
        }
    }
}

impl MethodSet {
    /// The set of these entries.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a MethodEntry>) -> Self {
        let mut set = MethodSet::default();
        let mut prefixes: Vec<Box<str>> = Vec::new();
        for entry in entries {
            match entry {
                MethodEntry::Rpc(name) => _ = set.names.insert(name.clone()),
                MethodEntry::RpcPrefix(prefix) => prefixes.push(prefix.clone()),
                MethodEntry::Rest(pattern) => _ = set.patterns.insert(pattern.clone(), ()),
            }
        }
        prefixes.sort_unstable();
        // What begins with another stands directly behind it, or behind others that do.
        prefixes.dedup_by(|longer, kept| longer.starts_with(&**kept));
        set.prefixes = prefixes.into();
        set
    }

    /// Whether a JSON-RPC method may be called; `name` is what its text says, escapes read.
    pub fn allows_rpc(&self, name: &str) -> bool {
        let behind = self.prefixes.partition_point(|prefix| **prefix <= *name);
        self.names.contains(name) || (behind > 0 && name.starts_with(&*self.prefixes[behind - 1]))
    }

    /// Whether a REST request may be made; `target` is its path with or without the query, as `check_path` let it through.
    pub fn allows_rest(&self, verb: &str, target: &str) -> bool {
        self.patterns.find(verb, target).is_some()
    }
}
