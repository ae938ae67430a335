//! The two programs of the benchmark, `upstream` and `load`, share this crate: what the upstream answers is what the load
//! expects, to the byte.

pub mod answer;
pub mod epoll;
pub mod head;
pub mod load;
pub mod request_reader;
