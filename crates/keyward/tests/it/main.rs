//! The binary as its operators and callers meet it: one test program, one module for each side of it.
#![allow(clippy::disallowed_methods, reason = "tests may look at the clock")]

mod client_denials;
mod clients;
mod command;
mod config;
mod crash;
mod demo;
mod giving_way;
mod httpbin;
mod mail;
mod member;
mod ops;
mod quota;
mod remote;
mod restart;
mod scene;
mod secrets;
mod sockets;
mod states;
mod suspension;
mod teamwork;
mod terminal;
mod world;
