//! Lease: units of a quota that a node drew ahead. The ledger's rules, pure: the store loads, these decide, it saves.
//!
//! A counter is bounded in the sense of O'Neil's escrow method ("The Escrow Transactional Method", 1986): units move
//! from the counter to leases and back, and no unit is in two places. All figures of a lease only grow.

use crate::{id::QuotaId, quota::UNLIMITED, time::Timestamp};

/// A gateway node as the ledger knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub i64);

/// Which life of a node speaks; another life's messages are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fence {
    /// The node.
    pub node: NodeId,
    /// Counts the node's starts.
    pub epoch: u32,
}

/// A counter: one quota in one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CounterId {
    /// The quota.
    pub quota: QuotaId,
    /// Start of the window.
    pub window: Timestamp,
}

/// A counter's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// Units in the window.
    pub limit: u64,
    /// Units that are out: Σ (lease.granted − lease.returned).
    pub granted: u64,
}

/// A lease's row, for one counter and one life of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Lease {
    /// Units ever given.
    pub granted: u64,
    /// Units ever given back.
    pub returned: u64,
    /// Units known to be spent: what was shipped with the log.
    pub spent: u64,
    /// Settled: nothing moves any more.
    pub closed: bool,
}

/// A node asks for units of one counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Of which counter.
    pub counter: CounterId,
    /// What the node believes to have been granted ever: the request is idempotent by it.
    pub known: u64,
    /// Units it would like.
    pub want: u64,
    /// Units without which the waiting call cannot be served; a smaller grant is of no use.
    pub need: u64,
}

/// The ledger's answer to an [`Ask`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Units were given, now or by an earlier answer that was lost.
    Granted {
        /// All units ever granted on this lease.
        granted: u64,
        /// Units that remain on the counter.
        left: u64,
        /// The limit now.
        limit: u64,
    },
    /// Fewer than needed remain; nothing was given.
    Exhausted {
        /// Units that remain on the counter.
        left: u64,
        /// Units that other leases hold, spent or not.
        elsewhere: u64,
        /// The limit now.
        limit: u64,
    },
    /// Another life of the node has settled this lease, or the quota is gone.
    Refused,
}

/// Decides an ask. Returns the rows as they must be written, and the answer. Rows are to be written also when nothing
/// was given: a repeated grant must be as durable as a first one.
pub fn grant(counter: Counter, lease: Lease, ask: &Ask) -> (Counter, Lease, Answer) {
    let left = counter.limit.saturating_sub(counter.granted);
    if lease.closed || lease.granted < ask.known {
        return (counter, lease, Answer::Refused);
    }
    if lease.granted > ask.known {
        return (counter, lease, Answer::Granted { granted: lease.granted, left, limit: counter.limit });
    }
    let given = ask.want.max(ask.need).max(1).min(left);
    if given == 0 || given < ask.need {
        let elsewhere = counter.granted.saturating_sub(lease.granted - lease.returned);
        return (counter, lease, Answer::Exhausted { left, elsewhere, limit: counter.limit });
    }
    let counter = Counter { granted: counter.granted + given, ..counter };
    let lease = Lease { granted: lease.granted + given, ..lease };
    (counter, lease, Answer::Granted { granted: lease.granted, left: left - given, limit: counter.limit })
}

/// Takes units back: `returned` is all the node ever gave back on this lease. Less than known changes nothing.
pub fn take_back(counter: Counter, lease: Lease, returned: u64) -> (Counter, Lease) {
    if lease.closed {
        return (counter, lease);
    }
    let returned = returned.clamp(lease.returned, lease.granted.max(lease.returned));
    let freed = returned - lease.returned;
    (Counter { granted: counter.granted.saturating_sub(freed), ..counter }, Lease { returned, ..lease })
}

/// Settles a lease for good once all that was spent on it is known: what is over goes back to the counter.
pub fn settle(counter: Counter, lease: Lease) -> (Counter, Lease) {
    let (counter, lease) = take_back(counter, lease, lease.granted.saturating_sub(lease.spent));
    (counter, Lease { closed: true, ..lease })
}

/// How many units to ask for: two seconds of demand, at least a thousandth of the limit (a thousand where there is none), never
/// more than half a fair share of what remains, never less than the waiting call needs.
pub fn size(per_second: u64, limit: u64, need: u64, left: u64, nodes: u32) -> u64 {
    const SECONDS_AHEAD: u64 = 2;
    const GRANTS_A_WINDOW: u64 = 1_000;
    const WITHOUT_LIMIT: u64 = 1_000;
    let at_least = if limit >= UNLIMITED { WITHOUT_LIMIT } else { limit / GRANTS_A_WINDOW };
    let wish = per_second.saturating_mul(SECONDS_AHEAD).max(at_least);
    let share = left / (2 * u64::from(nodes.max(1)));
    wish.min(share).max(need).max(1)
}

#[cfg(test)]
mod tests;
