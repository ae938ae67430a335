//! Leak: a value was found where others can read it, in a repository or a log. What becomes of it is its account's to say.

use crate::word::words;

/// What is done at once with a value that leaked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnLeak {
    /// It is revoked, and its member and the owner are told.
    #[default]
    Revoke,
    /// They are told; it still works.
    Alert,
}

words! { OnLeak NotAnOnLeak "revoke, alert" Revoke "revoke" Alert "alert" }
