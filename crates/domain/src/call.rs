//! Call: the unit that is decided on, charged for and logged: one REST request, or one JSON-RPC call.

use crate::quota::Metric;

/// What a call costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Charge {
    /// 1, or 0 for a free method.
    pub requests: u32,
    /// The price.
    pub credits: u32,
}

impl Charge {
    /// What a free or a denied call costs.
    pub const NOTHING: Charge = Charge { requests: 0, credits: 0 };

    /// One request at this price.
    pub const fn priced(credits: u32) -> Charge {
        Charge { requests: 1, credits }
    }

    /// The amount that a counter of this metric takes.
    pub const fn amount(&self, metric: Metric) -> u64 {
        match metric {
            Metric::Requests => self.requests as u64,
            Metric::Credits => self.credits as u64,
        }
    }
}
