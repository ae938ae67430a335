//! Real parts for tests: servers that a test starts on free ports of its own and stops by their process ids.
#![allow(clippy::disallowed_methods, reason = "what only tests use may look at the clock")]

pub mod anvil;
pub mod caller;
pub mod counting;
pub mod http;
pub mod httpbin;
pub mod ports;
pub mod postgres;
pub mod process;
pub mod script;
pub mod seeds;
pub mod smtp;
pub mod stamping;
