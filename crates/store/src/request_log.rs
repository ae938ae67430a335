//! Request log: one row per call, shipped from the nodes' journals exactly once.

pub(crate) mod charge_set;
pub(crate) mod cut;
mod filter;
mod list;
pub(crate) mod row;
mod ship;
mod tail;
mod totals;

pub use filter::{Cursor, Filter, MAX_LIMIT};
pub use list::list;
pub use ship::{MAX_ROWS, Shipped, ship, ship_to_ledger, ship_to_log};
pub use tail::{TailCursor, tail, tail_from_now};
pub use totals::{Totals, totals};
