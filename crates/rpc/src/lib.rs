//! JSON-RPC bytes → calls, answers' errors. Pure: no clock, no I/O, no async.
//!
//! Reading order: [`request`] (what a caller sent), [`batch`] (splitting it and putting the answers back together),
//! [`answer`] (what an upstream said), [`socket`] (what it says over a WebSocket), [`contract`] (which contracts a call
//! touches). `scanner` is the one JSON reader below them.
#![forbid(unsafe_code)]

pub mod answer;
pub mod batch;
pub mod contract;
pub mod fault;
pub mod request;
mod scanner;
pub mod socket;
