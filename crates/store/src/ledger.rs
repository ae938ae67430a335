//! The ledger: who holds which units of which quota. The rules are `domain::lease`'s; here they are made durable.
//!
//! Each function is one transaction. Counters are locked in the order of their ids, so that bundles of several nodes
//! never wait for each other in a circle.

pub(crate) mod book;
pub(crate) mod extra;
mod grant;
pub(crate) mod limit;
pub(crate) mod node;
mod settle;
mod usage;

pub(crate) use grant::read_quota;
pub use grant::{MAX_ASKS, PREFETCH, grant, take_back};
pub use node::{KnownNode, Watermark, find_node, open_epoch, watermarks};
pub use settle::{settle, write_off};
pub use usage::{CounterUsage, usage};
