//! Figures of the meter: how many counters there are, and how many of them can be served without the ledger.

use super::{Meter, lock};

/// What stands at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeterFigures {
    /// Counters of quotas that this node knows.
    pub counters: usize,
    /// Those with a lease in which units are left.
    pub with_units: usize,
    /// Those that want to ask the ledger and have not been heard yet.
    pub asking: usize,
}

impl Meter {
    /// Looks at all counters. For now and then: it takes the lock under which new counters are made.
    pub fn figures(&self) -> MeterFigures {
        let asking = lock(&self.asking).len();
        let counters = lock(&self.counters);
        let with_units = counters.values().filter(|counter| counter.look().word.balance() > 0).count();
        MeterFigures { counters: counters.len(), with_units, asking }
    }
}
