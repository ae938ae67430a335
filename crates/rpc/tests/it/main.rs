//! The crate against a model of it: serde_json. `json_rpc` is also what the fuzz target in `fuzz/` runs; `corpus` replays
//! its seeds here, on stable.

mod corpus;
mod differential;
mod json_rpc;
