//! What an audit can find, each with its figures.

use std::fmt;

use domain::{
    lease::{CounterId, Fence},
    request_log::Place,
};

/// A broken invariant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// I1: a counter's `granted` is not what its leases hold.
    GrantedDiffers {
        /// The counter.
        counter: CounterId,
        /// What it says.
        counter_says: i64,
        /// Σ (granted − returned) of its leases.
        leases_say: i64,
    },
    /// A lease is on a counter that is not there.
    NoCounter {
        /// The counter.
        counter: CounterId,
        /// Whose lease.
        fence: Fence,
    },
    /// I1: more was granted than the limit ever was.
    Overgranted {
        /// The counter.
        counter: CounterId,
        /// The highest that its limit was.
        peak: i64,
        /// What was granted.
        granted: i64,
    },
    /// I5: more was spent than the limit ever was.
    Overspent {
        /// The counter.
        counter: CounterId,
        /// The highest that its limit was.
        peak: i64,
        /// What was spent.
        spent: i64,
    },
    /// I2: a settled lease spent more than it held, or less than nothing.
    LeaseOverspent {
        /// The counter.
        counter: CounterId,
        /// Whose lease.
        fence: Fence,
        /// granted − returned.
        held: i64,
        /// What was spent.
        spent: i64,
    },
    /// I6: the rows of the log do not sum to what the lease says was spent.
    SpentDiffers {
        /// The counter.
        counter: CounterId,
        /// Whose lease.
        fence: Fence,
        /// What the lease says.
        lease_says: i64,
        /// Σ of the rows.
        log_says: i64,
    },
    /// I6: the cuts of a journal have gaps or overlap, or end elsewhere than its watermark.
    CutsBroken {
        /// The life of the node.
        fence: Fence,
        /// Its journal.
        ring: u16,
        /// Records that the cuts hold together.
        records: i64,
        /// Records from the first to the watermark.
        span: i64,
    },
    /// I6: a cut has other rows than arrived with it.
    RowsDiffer {
        /// The life of the node.
        fence: Fence,
        /// Its journal.
        ring: u16,
        /// The cut's first record.
        lo: u64,
        /// Rows that arrived.
        arrived: i64,
        /// Rows that are there.
        found: i64,
    },
    /// I6: a row is in no cut.
    RowOutsideCuts(Place),
    /// A row names a set of counters that is not there.
    NoChargeSet(Place),
    /// SQLite: a cut is in one of the two files only. Right after a crash this is so until the node is started again.
    HalfShipped {
        /// The life of the node.
        fence: Fence,
        /// Its journal.
        ring: u16,
        /// How far the log has it; −1: not at all.
        log: i64,
        /// How far the ledger has it; −1: not at all.
        ledger: i64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |c: &CounterId| format!("counter {} from {}", c.quota, c.window);
        let life = |fence: &Fence| format!("node {} epoch {}", fence.node.0, fence.epoch);
        match self {
            Finding::GrantedDiffers { counter, counter_says, leases_say } => {
                write!(f, "{}: granted is {counter_says}, its leases hold {leases_say}", named(counter))
            }
            Finding::NoCounter { counter, fence } => {
                write!(f, "{}: missing, {} has a lease", named(counter), life(fence))
            }
            Finding::Overgranted { counter, peak, granted } => {
                write!(f, "{}: {granted} granted of {peak}", named(counter))
            }
            Finding::Overspent { counter, peak, spent } => write!(f, "{}: {spent} spent of {peak}", named(counter)),
            Finding::LeaseOverspent { counter, fence, held, spent } => {
                write!(f, "{}: {} is settled with {spent} spent of {held} held", named(counter), life(fence))
            }
            Finding::SpentDiffers { counter, fence, lease_says, log_says } => {
                write!(f, "{}: {} spent {lease_says}, its rows sum to {log_says}", named(counter), life(fence))
            }
            Finding::CutsBroken { fence, ring, records, span } => {
                write!(f, "{} ring {ring}: cuts hold {records} records, up to the watermark are {span}", life(fence))
            }
            Finding::RowsDiffer { fence, ring, lo, arrived, found } => {
                write!(f, "{} ring {ring} cut {lo}: {arrived} rows arrived, {found} are there", life(fence))
            }
            Finding::RowOutsideCuts(place) => write!(f, "row {place:?}: in no cut"),
            Finding::NoChargeSet(place) => write!(f, "row {place:?}: its counters are not known"),
            Finding::HalfShipped { fence, ring, log, ledger } => {
                write!(f, "{} ring {ring}: log.db has it up to {log}, keyward.db up to {ledger}", life(fence))
            }
        }
    }
}
