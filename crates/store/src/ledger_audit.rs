//! Audit: do the ledger and the request log agree, to the unit? Asked nightly, by `keyward audit`, and after each test.
//!
//! Every finding is a broken invariant of the ledger (I1, I2, I6): there is no harmless one, except that a lowered
//! limit is below what was granted before, which is told apart.

mod counters;
mod finding;
mod rings;
mod view;

use crate::{Store, StoreError};

pub use finding::Finding;

/// What an audit saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong; empty: nothing.
    pub findings: Vec<Finding>,
    /// Counters that were checked.
    pub counters: u64,
    /// Journals, each in each life of its node, that were checked.
    pub rings: u64,
    /// Rows of the log that were checked.
    pub rows: u64,
    /// Counters whose limit was lowered below what had been granted: no fault, but they are over their limit now.
    pub lowered: u64,
}

/// The most findings that a report holds; beyond, the first ones tell enough.
pub const MAX_FINDINGS: usize = 1_000;

/// Checks everything, on a view of both databases that does not move. Nodes may go on working meanwhile.
pub async fn check(store: &Store) -> Result<Report, StoreError> {
    let view = view::open(store).await?;
    let mut report = Report::default();
    if view.half_shipped {
        report.findings.extend(rings::half_shipped(&view).await?);
    }
    rings::check(&view, &mut report).await?;
    counters::check(&view, &mut report).await?;
    report.findings.truncate(MAX_FINDINGS);
    Ok(report)
}
