//! Usage: how much of a quota is used in its window, as people and answer headers show it.

use crate::{
    quota::{Metric, Period, Scope},
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
}

impl Usage {
    /// Units that remain.
    pub const fn left(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }
}
