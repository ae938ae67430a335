//! The crate against models of it: serde_json for JSON-RPC, plain string code for paths. `json_rpc` and `path` are also
//! what the fuzz targets in `fuzz/` run; `corpus` replays their seeds here, on stable.

mod corpus;
mod differential;
mod json_rpc;
mod path;
