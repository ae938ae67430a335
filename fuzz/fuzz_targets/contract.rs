//! Any bytes as a method and its params, held against paths through a tree of them.
#![no_main]

#[path = "../../crates/rpc/tests/it/contract.rs"]
mod contract;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| contract::check(bytes));
