//! The control plane as other programs see it: requests to its router, a store behind it.
#![allow(clippy::disallowed_methods, reason = "tests may look at the clock")]

mod cross_site;
mod delivery;
mod letter;
mod operator;
mod password;
mod registration;
mod reset;
mod session;
mod world;
