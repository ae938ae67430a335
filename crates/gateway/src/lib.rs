//! The gateway: stands in front of an API, decides on each call, charges it, forwards it and records it.
//!
//! It cannot reach a database: policies come in and leases, rows and figures go out as plain values.
//!
//! | part | is |
//! |---|---|
//! | [`keyring`] | what callers present → the policies that apply, in memory |
//! | [`meter`] | leases and rate buckets: check and charge in one step, and the permit without which nothing is forwarded |
//! | [`record`] | what stands in the journal: intents, outcomes, denials |
//! | [`cut`] | ends what still runs for a value that is stopped |
//! | [`settings`] | what it is told at its start |
//! | [`serve`] | listeners, threads, connections, and how they stop |
//! | `handle` | the life of a request: read this first |
//! | `client_address` | whose address counts behind proxies |
//! | `credential`, `route`, `tickets` | where a request goes, and what it presents |
//! | `rest`, `json_rpc`, `websocket` | how calls are framed in requests, and in messages |
//! | `upstream` | the servers behind the APIs |
//! | `status` | free answers about what is left of quotas |
//! | `hygiene`, `reply` | what passes in either direction, and what is answered |

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests may look at the clock"))]

pub mod cut;
pub mod keyring;
pub mod meter;
pub mod metrics;
pub mod record;
pub mod serve;
pub mod settings;

mod api;
mod asked;
mod caller_body;
mod client_address;
mod counts;
mod credential;
mod drain;
mod forwarded;
mod gate;
mod handle;
mod heads;
mod hygiene;
mod json_rpc;
mod reply;
mod request_id;
mod rest;
mod route;
mod status;
mod tickets;
mod too_many_denials;
mod trace;
mod upstream;
mod watch;
mod websocket;
mod wire;
