//! The crate against a real peer.
#![allow(clippy::disallowed_methods, reason = "tests may look at the clock")]

mod autobahn;
mod echo;
