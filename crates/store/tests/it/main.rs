//! The store's tests: each runs on SQLite and on PostgreSQL, both real.
#![allow(clippy::disallowed_methods, reason = "tests may look at the clock")]

mod access_token;
mod accounts;
mod audit;
mod backends;
mod calls;
mod concurrency;
mod extra_units;
mod feed;
mod grant;
mod invitation;
mod key_member_page;
mod ledger_model;
mod loading;
mod log;
mod member_page;
mod migration;
mod nouns;
mod outbox;
mod ownership;
mod people;
mod publish;
mod role;
mod second_factor;
mod secret;
mod ship;
mod speed;
mod summaries;
mod tally;
mod trail;
mod value_use;
mod versions;
mod world;
