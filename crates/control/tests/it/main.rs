//! The control plane as other programs see it: requests to its router, a store behind it.
#![allow(clippy::disallowed_methods, reason = "tests may look at the clock")]

mod access_token;
mod address_change;
mod allowlist;
mod audit;
mod cross_site;
mod delivery;
mod elsewhere;
mod ending;
mod grant;
mod idempotency;
mod invitation;
mod key;
mod leak;
mod letter;
mod limit;
mod lists;
mod meanwhile;
mod member;
mod mutation;
mod operator;
mod ownership;
mod password;
mod permissions;
mod postgres;
mod registration;
mod reset;
mod role;
mod schemathesis;
mod second_factor;
mod secret;
mod session;
mod value;
mod version;
mod world;
