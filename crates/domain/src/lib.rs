//! Nouns, rules and decisions of Keyward. Pure: no input or output, no clock, no randomness, no async.
//!
//! One noun, one file. Time, randomness and identity come in as arguments, so that every rule here can be tested with
//! a table and replayed from a log.

pub mod access_token;
pub mod account;
pub mod address_change;
pub mod allowlist;
pub mod api;
pub mod audit;
mod base62;
pub mod call;
pub mod decision;
pub mod ending;
pub mod extra_units;
pub mod grant;
pub mod id;
pub mod idempotency;
pub mod invitation;
pub mod key;
pub mod leak;
pub mod lease;
pub mod limit;
pub mod link;
pub mod mail;
pub mod member;
pub mod name;
pub mod ownership;
pub mod path;
pub mod permission;
pub mod person;
pub mod plan;
pub mod policy;
pub mod price;
pub mod quota;
pub mod rate_limit;
pub mod reason;
pub mod request_log;
pub mod role;
pub mod second_factor;
pub mod session;
pub mod standing;
pub mod subscription;
pub mod ticket;
pub mod time;
pub mod token;
pub mod usage;
pub mod version;
mod word;
