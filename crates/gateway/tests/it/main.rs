//! The gateway as a whole, on real sockets: a real journal, an upstream of a few lines, and a ledger in memory that answers
//! by the domain's own rules. Each test reads the journal at its end: each call is in it once.
#![allow(clippy::disallowed_methods, reason = "tests may look at the clock")]

mod allowlists;
mod bypass;
mod caller;
mod connecting;
mod denials;
mod dialects;
mod edge;
mod ends;
mod failed_when;
mod failover;
mod fast_path;
mod frames;
mod framing;
mod http2;
mod http2_caller;
mod http2_framing;
mod json_rpc;
mod leaks;
mod ledger;
mod overage;
mod pace;
mod rest;
mod resting;
mod secret;
mod smuggling;
mod status;
mod stop;
mod stopped;
mod tickets;
mod tls;
mod tls_in;
mod too_many_denials;
mod upstream;
mod websocket;
mod world;
