//! The meter against a ledger in memory: exactness by property, by threads, and case by case.

pub(crate) mod world;

mod exactness;
mod overage;
mod permits;
mod rates;
mod threads;
mod waiting;
mod windows;
