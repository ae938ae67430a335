//! The store: SQLite or PostgreSQL behind plain functions. All SQL of Keyward is in this crate.
//!
//! Nouns (one file each) go through SeaORM, so that one set of entities serves both databases. Ledger, its audit and the
//! request log are plain SQL. A file has the one or the other, never both.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests may look at the clock"))]

pub mod access_token;
pub mod account;
pub mod address_change;
pub mod api;
pub mod audit;
pub mod ending;
#[cfg(debug_assertions)]
pub mod examined;
pub mod extra_units;
mod giving_way;
pub mod grant;
pub mod idempotency;
pub mod invitation;
pub mod key;
pub mod leak;
pub mod link;
pub mod mail;
pub mod member;
pub mod ownership;
pub mod person;
pub mod plan;
pub mod policy;
pub mod publication;
pub mod quota;
pub mod rate_limit;
pub mod role;
pub mod second_factor;
pub mod session;
pub mod standing;
pub mod subscription;
pub mod tally;
pub mod value;
pub mod version;

pub mod ledger;
pub mod ledger_audit;
pub mod request_log;

mod allowlist;
mod change;
mod error;
mod fail_point;
mod location;
mod migration;
mod noun;
mod open;
mod sql;

pub use error::{Refusal, StoreError};
pub use giving_way::give_way;
pub use location::{Location, NotALocation};
pub use open::{Source, Store, Tx};
