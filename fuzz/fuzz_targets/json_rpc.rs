//! Any bytes as a JSON-RPC request and as an upstream's answer, held against serde_json.
#![no_main]

#[path = "../../crates/rpc/tests/it/json_rpc.rs"]
mod json_rpc;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| json_rpc::check(bytes));
