//! Any bytes as a request target and patterns, held against plain string code.
#![no_main]

#[path = "../../crates/domain/tests/it/path.rs"]
mod path;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| path::check(bytes));
