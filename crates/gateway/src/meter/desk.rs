//! The desk of a counter: the leases it holds, who waits for units, how fast they are used. Behind a lock, off the hot path.

use std::collections::BTreeMap;

use domain::{
    id::QuotaId,
    lease::CounterId,
    time::{SECOND, Timestamp, Window},
};

use super::{demand::Demand, holding::Holding};

/// Windows remembered beside the current one: the last, for a clock that is set back, and the next, drawn ahead.
const MAX_OTHERS: usize = 2;
/// The most calls that may wait for units of one counter; more are refused at once.
pub(super) const MAX_WAITING: u64 = 4_096;
/// Units in hand go back to the ledger when less than one in so many of the limit remains there …
const NEARLY_EXHAUSTED: u64 = 20;
/// … and nothing was spent for so long.
const IDLE: i64 = 5 * SECOND;

/// The cold half of a counter.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) current: Option<Holding>,
    pub(super) others: Vec<Holding>,
    pub(super) waiting: Waiting,
    pub(super) demand: Demand,
    /// It stands in the queue of those that want to ask.
    pub(super) queued: bool,
    /// The limit that the policy named last; the ledger's own may lag behind it.
    pub(super) policy_limit: Option<u64>,
    spent_before: u64,
    spent_before_at: i64,
}

/// The amounts that calls wait for, and how many wait for each.
#[derive(Default)]
pub(super) struct Waiting(BTreeMap<u64, u64>);

impl Waiting {
    /// False: too many wait already.
    pub(super) fn begin(&mut self, amount: u64) -> bool {
        if self.0.values().sum::<u64>() >= MAX_WAITING {
            return false;
        }
        *self.0.entry(amount).or_default() += 1;
        true
    }

    pub(super) fn end(&mut self, amount: u64) {
        if let Some(count) = self.0.get_mut(&amount) {
            *count -= 1;
            if *count == 0 {
                self.0.remove(&amount);
            }
        }
    }

    /// Without this much no waiting call can be served; 0 when none waits.
    pub(super) fn smallest(&self) -> u64 {
        self.0.keys().next().copied().unwrap_or(0)
    }

    /// With this much all can.
    pub(super) fn sum(&self) -> u64 {
        self.0.iter().map(|(amount, count)| amount.saturating_mul(*count)).fold(0, u64::saturating_add)
    }
}

impl Desk {
    /// The holding of the window that starts then.
    pub(super) fn find(&mut self, start: Timestamp) -> Option<&mut Holding> {
        self.current.iter_mut().chain(&mut self.others).find(|holding| holding.window.start == start)
    }

    /// Whether the window's lease is remembered.
    pub(super) fn has(&mut self, window: Window) -> bool {
        self.find(window.start).is_some()
    }

    /// Puts the current holding aside with its units, takes up another's, and returns that one's units.
    pub(super) fn change_current(&mut self, window: Window, units_in_hand: u64) -> u64 {
        if let Some(mut last) = self.current.take() {
            last.parked += units_in_hand;
            self.others.push(last);
        }
        let known = self.others.iter().position(|holding| holding.window == window);
        let mut next = known.map_or_else(|| Holding::new(window), |place| self.others.swap_remove(place));
        while self.others.len() > MAX_OTHERS {
            self.forget_oldest();
        }
        self.demand.begin_lease();
        let parked = std::mem::take(&mut next.parked);
        self.current = Some(next);
        parked
    }

    /// Wants units for the current window. True: the counter is to be queued.
    pub(super) fn want_current(&mut self, steady: i64) -> bool {
        let Some(current) = &mut self.current else { return false };
        current.wanted = true;
        let may_ask = current.may_ask(steady);
        may_ask && !std::mem::replace(&mut self.queued, true)
    }

    /// Wants units for the window after the current one. True: the counter is to be queued.
    pub(super) fn want_ahead(&mut self, window: Window, steady: i64) -> bool {
        if !self.has(window) {
            self.others.push(Holding::new(window));
            while self.others.len() > MAX_OTHERS {
                self.forget_oldest();
            }
        }
        let may_ask = self.find(window.start).is_some_and(|ahead| {
            ahead.wanted = ahead.known == 0;
            ahead.wanted && ahead.may_ask(steady)
        });
        may_ask && !std::mem::replace(&mut self.queued, true)
    }

    /// Nothing was spent for a while, and so little remains that another node may need what is in hand here.
    pub(super) fn is_idle_near_the_end(&mut self, in_hand: u64, limit: u64, steady: i64) -> bool {
        let Some(current) = &self.current else { return false };
        let spent = current.spent(in_hand);
        if spent != self.spent_before || in_hand == 0 || self.waiting.smallest() > 0 {
            (self.spent_before, self.spent_before_at) = (spent, steady);
            return false;
        }
        let remains = current.left.unwrap_or(limit);
        remains < limit / NEARLY_EXHAUSTED && steady.saturating_sub(self.spent_before_at) >= IDLE
    }

    pub(super) fn give_back_current(&mut self, units: u64) {
        self.current.iter_mut().for_each(|current| current.give_back(units));
    }

    pub(super) fn give_back_parked(&mut self) {
        for holding in &mut self.others {
            let units = std::mem::take(&mut holding.parked);
            holding.give_back(units);
        }
    }

    /// The cumulative returns that the ledger has not confirmed.
    pub(super) fn unconfirmed(&self, quota: QuotaId, returns: &mut Vec<(CounterId, u64)>) {
        let holdings = self.current.iter().chain(&self.others);
        let due = holdings.filter(|holding| holding.returned > holding.confirmed);
        returns.extend(due.map(|holding| (holding.counter(quota), holding.returned)));
    }

    fn forget_oldest(&mut self) {
        let oldest = self.others.iter().enumerate().min_by_key(|(_, holding)| holding.window.start);
        if let Some((place, _)) = oldest {
            self.others.swap_remove(place);
        }
    }
}
