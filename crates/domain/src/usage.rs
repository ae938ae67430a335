//! Usage: how much of a quota is used in its window, as people and answer headers show it.

use crate::{
    quota::{Metric, Period, Scope, bound_of_overage},
    time::Window,
};

/// The state of one quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Whose calls it counts.
    pub scope: Scope,
    /// What it counts.
    pub metric: Metric,
    /// How long it counts.
    pub period: Period,
    /// The window this is about.
    pub window: Window,
    /// Units in the window.
    pub limit: u64,
    /// Units used, as far as they are known here.
    pub used: u64,
    /// What it allows beyond; none: calls are refused.
    pub overage: Option<OverageUsage>,
}

/// How much was used beyond a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverageUsage {
    /// Units beyond in the window; none: as many as are used.
    pub limit: Option<u64>,
    /// Units used beyond.
    pub used: u64,
}

impl OverageUsage {
    /// So much used of an overage with this limit.
    pub fn new(limit: u64, used: u64) -> OverageUsage {
        OverageUsage { limit: bound_of_overage(limit), used }
    }
}

impl Usage {
    /// Units that remain.
    pub const fn left(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    /// The most that can be used in the window, and what of it remains, both with what is allowed beyond; none: there is no
    /// end, and calls are never refused.
    pub fn until_refused(&self) -> Option<(u64, u64)> {
        let Some(overage) = self.overage else { return Some((self.limit, self.left())) };
        let most = overage.limit?;
        let left = self.left().saturating_add(most.saturating_sub(overage.used));
        Some((self.limit.saturating_add(most), left))
    }
}
