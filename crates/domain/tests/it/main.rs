//! Paths and patterns against a model of them: plain string code. `path` is also what the fuzz target in `fuzz/` runs;
//! `corpus` replays its seeds here, on stable.

mod corpus;
mod differential;
mod path;
