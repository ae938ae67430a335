//! The load: N connections in a closed loop, each sends its next request when its answer is whole and judged.

pub mod connection;
pub mod latency;
pub mod options;
pub mod request;
pub mod run;
