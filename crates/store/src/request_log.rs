//! Request log: one row per call, shipped from the nodes' journals exactly once.

pub(crate) mod charge_set;
pub(crate) mod cut;
mod filter;
mod find;
mod last_use;
mod latency;
mod list;
mod observed;
pub(crate) mod row;
mod series;
mod ship;
mod source;
mod spend;
mod summary;
mod tail;
mod totals;
mod value_use;

#[cfg(test)]
mod tests;

pub use filter::{Cursor, Filter, MAX_LIMIT, Seen};
pub use find::find;
pub use last_use::{LastUse, last_used};
pub use latency::{Latency, SAMPLE, latency};
pub use list::list;
pub use observed::{ObservedCount, by_observed};
pub use series::{Bucket, MAX_BUCKETS, MAX_SPARKS, Spark, series, sparks};
pub use ship::{MAX_ROWS, Shipped, ship, ship_giving_way, ship_to_ledger, ship_to_log};
pub use spend::{DenialCount, MAX_SPENDERS, Spend, by_account, by_denial, by_key, by_member};
pub use summary::GRAIN;
pub use tail::{TailCursor, tail, tail_from_now};
pub use totals::{Totals, totals};
pub use value_use::{MAX_CALLERS, ValueUse, callers_since, last_used_values};
