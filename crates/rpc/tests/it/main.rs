//! The crate against models of it, built on serde_json. `contract` and `json_rpc` are also what the fuzz targets in `fuzz/`
//! run; `corpus` replays their seeds here, on stable.

mod contract;
mod corpus;
mod differential;
mod json_rpc;
