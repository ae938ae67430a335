//! What a counter says to the ledger and hears from it. All of it at the desk, off the hot path.

use std::sync::atomic::Ordering;

use domain::{
    lease::{Answer, Ask, CounterId, size},
    time::Timestamp,
};

use super::Counter;
use crate::meter::{
    holding::{Effect, Holding, Unavailable},
    word::{MAX_IN_HAND, Word},
};

impl Counter {
    /// The asks that are due, for the current window and the next.
    pub(in crate::meter) fn asks(&self, nodes: u32, steady: i64, asks: &mut Vec<Ask>) {
        let mut desk = self.desk();
        let desk = &mut *desk;
        desk.queued = false;
        let limit = self.limit.load(Ordering::Relaxed);
        if let Some(current) = desk.current.as_mut().filter(|current| current.wanted && current.may_ask(steady)) {
            let in_hand = Word(self.word.load(Ordering::Acquire)).balance();
            let per_second = desk.demand.measure(current.spent(in_hand), steady);
            let need = desk.waiting.smallest().saturating_sub(in_hand);
            let left = current.left.unwrap_or(limit);
            let want = size(per_second, limit, need, left, nodes).max(desk.waiting.sum().saturating_sub(in_hand));
            asks.push(current.ask(self.quota.id, need, want.min(MAX_IN_HAND - in_hand), steady));
        }
        for ahead in desk.others.iter_mut().filter(|ahead| ahead.wanted && ahead.may_ask(steady)) {
            let want = size(desk.demand.per_second(), limit, 0, limit, nodes).min(MAX_IN_HAND);
            asks.push(ahead.ask(self.quota.id, 0, want, steady));
        }
    }

    /// Takes the ledger's answer in and wakes who waits for it.
    pub(in crate::meter) fn hear(&self, ask: &Ask, answer: Result<Answer, Unavailable>, steady: i64) {
        let mut desk = self.desk();
        let is_current = desk.current.as_ref().is_some_and(|current| current.window.start == ask.counter.window);
        let Some(holding) = desk.find(ask.counter.window) else { return };
        let effect = holding.hear(ask, answer, steady);
        let left = holding.left;
        if !is_current {
            holding.parked = match effect {
                Effect::Units(fresh) => (holding.parked + fresh).min(MAX_IN_HAND),
                Effect::Drop => 0,
                Effect::Nothing => holding.parked,
            };
            return;
        }
        if let Ok(Answer::Granted { limit, .. } | Answer::Exhausted { limit, .. }) = answer {
            self.limit.store(limit, Ordering::Relaxed);
        }
        self.left.store(left.unwrap_or(u64::MAX), Ordering::Relaxed);
        match effect {
            Effect::Units(fresh) => self.put(fresh, left),
            Effect::Drop => _ = self.empty(),
            Effect::Nothing => {}
        }
        drop(desk);
        self.changed.notify_waiters();
    }

    /// The policy names this limit. Where that is new, what the ledger said before is out of date.
    pub(in crate::meter) fn policy_limit(&self, limit: u64) {
        let mut desk = self.desk();
        if desk.policy_limit.replace(limit).is_none_or(|before| before == limit) {
            return;
        }
        self.limit.store(limit, Ordering::Relaxed);
        desk.current.iter_mut().for_each(Holding::forget_trouble);
        drop(desk);
        self.changed.notify_waiters();
    }

    /// Takes units out of hand for the ledger, and tells the cumulative figures that it has not confirmed yet.
    pub(in crate::meter) fn give_back(&self, also_current: bool, steady: i64, returns: &mut Vec<(CounterId, u64)>) {
        let mut desk = self.desk();
        let in_hand = Word(self.word.load(Ordering::Acquire)).balance();
        let limit = self.limit.load(Ordering::Relaxed);
        if also_current || desk.is_idle_near_the_end(in_hand, limit, steady) {
            let units = self.drain();
            desk.give_back_current(units);
        }
        if also_current {
            desk.give_back_parked();
        }
        desk.unconfirmed(self.quota.id, returns);
    }

    /// The ledger has taken back so much of the lease in all.
    pub(in crate::meter) fn confirm_returned(&self, window: Timestamp, returned: u64) {
        let mut desk = self.desk();
        if let Some(holding) = desk.find(window) {
            holding.confirmed = holding.confirmed.max(returned);
        }
    }

    /// Whether every lease of it belongs to a window that is over.
    pub(in crate::meter) fn is_over(&self, now: Timestamp) -> bool {
        let desk = self.desk();
        desk.current.iter().chain(&desk.others).all(|holding| holding.is_over(now))
    }
}
