//! Counter: one quota on this node. The hot half is a few atomics that every thread reads; the cold half, the desk, is where
//! leases are asked for, put in and changed.
//!
//! How a unit of one window never pays for a call of another: whoever changes the lease first takes the old word away (new
//! tag, no units), then writes the new bounds, then puts units in. A thread that read old bounds with the old word loses its
//! compare-and-swap; one that read the new word finds nothing in it until the new bounds can be seen.

use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use domain::{
    lease::CounterId,
    quota::Quota,
    time::{SECOND, Timestamp, Window},
    usage::Usage,
};
use tokio::sync::Notify;

use super::{
    desk::Desk,
    holding::Verdict,
    word::{Tag, Word},
};

mod ledger;

/// How long before a window's end the next one's lease is asked for. The store gives it out from 60 s before.
const PREFETCH_BEFORE: i64 = 30 * SECOND;
/// A call whose time lies so little before the current window belongs to a race at its start and is counted in it; more, and
/// somebody has set the clock back.
pub(super) const MAX_STEP_BACK: i64 = 60 * SECOND;

/// One quota on this node.
#[repr(align(64))]
pub(super) struct Counter {
    word: AtomicU64,
    start: AtomicI64,
    /// The first moment that needs the desk: shortly before the window's end, then its end.
    attention_at: AtomicI64,
    end: AtomicI64,
    /// With fewer units in hand, more are asked for; 0 while an ask is under way.
    refill_below: AtomicU64,
    left: AtomicU64,
    limit: AtomicU64,
    /// As it was first heard of; of the terms only the limit ever changes under one id.
    pub(super) quota: Quota,
    desk: Mutex<Desk>,
    /// Told whenever waiting calls should look again.
    pub(super) changed: Notify,
}

/// What a thread saw of a counter. Whether it is still so, the compare-and-swap of the take tells.
#[derive(Clone, Copy)]
pub(super) struct Glance {
    pub(super) word: Word,
    pub(super) start: i64,
    pub(super) attention_at: i64,
}

/// What a call that found too little is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Short {
    /// Look again: something moved, or a take is under way that may yet be undone.
    Again,
    /// The ledger says there are no more in this window.
    Exhausted(Window),
    /// The ledger cannot be asked.
    Unavailable,
    /// Wait until the counter tells of a change.
    Wait,
}

impl Counter {
    pub(super) fn new(quota: Quota) -> Counter {
        Counter {
            word: AtomicU64::new(0),
            start: AtomicI64::new(i64::MIN),
            attention_at: AtomicI64::new(i64::MIN),
            end: AtomicI64::new(i64::MIN),
            refill_below: AtomicU64::new(0),
            left: AtomicU64::new(quota.limit),
            limit: AtomicU64::new(quota.limit),
            quota,
            desk: Mutex::new(Desk::default()),
            changed: Notify::new(),
        }
    }

    #[inline]
    pub(super) fn look(&self) -> Glance {
        let word = Word(self.word.load(Ordering::Acquire));
        let start = self.start.load(Ordering::Acquire);
        Glance { word, start, attention_at: self.attention_at.load(Ordering::Acquire) }
    }

    /// Takes `amount` of the lease named by `tag`; tells what is in hand then. None: too little, or another lease.
    #[inline]
    pub(super) fn take(&self, tag: Tag, amount: u64, tentatively: bool) -> Option<u64> {
        let mut word = Word(self.word.load(Ordering::Relaxed));
        loop {
            if word.tag() != tag {
                return None;
            }
            let next = word.less(amount, tentatively)?;
            match self.word.compare_exchange_weak(word.0, next.0, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return Some(next.balance()),
                Err(actual) => word = Word(actual),
            }
        }
    }

    /// A tentative take is final.
    #[inline]
    pub(super) fn settle(&self, tag: Tag) {
        self.change(tag, Word::settled);
    }

    /// A tentative take is undone.
    #[cold]
    pub(super) fn undo(&self, tag: Tag, amount: u64) {
        self.change(tag, |word| word.settled().plus(amount));
        self.changed.notify_waiters();
    }

    /// Units come back that were taken for good: a refund, or a call that could not be recorded. Only into the lease that
    /// they came from; the units of a window that is over are gone with it.
    #[cold]
    pub(super) fn restore(&self, tag: Tag, window: Timestamp, amount: u64) {
        let desk = self.desk();
        if desk.current.as_ref().is_some_and(|current| current.window.start == window) {
            self.change(tag, |word| word.plus(amount));
        }
        drop(desk);
        self.changed.notify_waiters();
    }

    /// The counter that a take at `time` was charged on. The calendar is asked only where the lease has changed since.
    #[inline]
    pub(super) fn charged(&self, tag: Tag, time: Timestamp) -> CounterId {
        let start = self.start.load(Ordering::Acquire);
        let still = Word(self.word.load(Ordering::Acquire)).tag() == tag;
        let window = if still { Timestamp::from_micros(start) } else { self.quota.window(time).start };
        CounterId { quota: self.quota.id, window }
    }

    /// Whether so few units in hand call for more; true once, until an answer came.
    #[inline]
    pub(super) fn is_low(&self, in_hand: u64) -> bool {
        in_hand < self.refill_below.load(Ordering::Relaxed)
    }

    /// Asks for more in the background. True: this counter is to be queued.
    #[cold]
    pub(super) fn refill(&self, steady: i64) -> bool {
        if self.refill_below.swap(0, Ordering::Relaxed) == 0 {
            return false;
        }
        self.desk().want_current(steady)
    }

    /// Moves on to the window of `time`, or asks for the next one's lease ahead. True: this counter is to be queued.
    #[cold]
    pub(super) fn attend(&self, time: Timestamp, steady: i64) -> bool {
        let mut desk = self.desk();
        match &desk.current {
            Some(current) if current.window.contains(time) => {}
            Some(current) if time < current.window.start => {
                // The clock was set back. Only a lease that is still known may be used again: one that was forgotten
                // could be granted, and spent, a second time.
                let window = self.quota.window(time);
                if desk.has(window) {
                    self.serve(&mut desk, window);
                }
                return false;
            }
            _ => self.serve(&mut desk, self.quota.window(time)),
        }
        let Some(current) = &desk.current else { return false };
        let (end, in_use) = (current.window.end, current.known > 0);
        if time < end.plus(-PREFETCH_BEFORE) {
            return false;
        }
        self.attention_at.store(end.micros(), Ordering::Release);
        in_use && desk.want_ahead(self.quota.window(end), steady)
    }

    /// What a call is to do that found fewer than `amount` units in the lease named by `tag`; `goes_on` where an overage pays
    /// when there are no more. True: to be queued.
    #[cold]
    pub(super) fn short(&self, tag: Tag, amount: u64, goes_on: bool, steady: i64) -> (Short, bool) {
        let mut desk = self.desk();
        // Read under the lock: what the ledger said is then no newer than the units it speaks of.
        let word = Word(self.word.load(Ordering::Acquire));
        let Some(current) = &desk.current else { return (Short::Again, false) };
        if word.tag() != tag || word.balance() >= amount {
            return (Short::Again, false);
        }
        let (verdict, ask) = current.verdict(amount - word.balance(), goes_on, steady);
        let window = current.window;
        let queue = ask && desk.want_current(steady);
        let short = match verdict {
            Verdict::Exhausted if word.tentative() > 0 => Short::Again,
            Verdict::Exhausted => Short::Exhausted(window),
            Verdict::Unavailable => Short::Unavailable,
            Verdict::Wait => Short::Wait,
        };
        (short, queue)
    }

    /// Registers a call that waits for `amount` units. False: too many wait already.
    pub(super) fn begin_wait(&self, amount: u64) -> bool {
        self.desk().waiting.begin(amount)
    }

    /// The call waits no longer.
    pub(super) fn end_wait(&self, amount: u64) {
        self.desk().waiting.end(amount);
    }

    /// How much is used, as far as it is known here.
    pub(super) fn usage(&self, now: Timestamp) -> Usage {
        let glance = self.look();
        let end = self.end.load(Ordering::Acquire);
        let limit = self.limit.load(Ordering::Relaxed);
        let Quota { scope, metric, period, .. } = self.quota;
        if !(glance.start..end).contains(&now.micros()) {
            return Usage { scope, metric, period, window: self.quota.window(now), limit, used: 0, overage: None };
        }
        let window = Window { start: Timestamp::from_micros(glance.start), end: Timestamp::from_micros(end) };
        let left = glance.word.balance().saturating_add(self.left.load(Ordering::Relaxed)).min(limit);
        Usage { scope, metric, period, window, limit, used: limit - left, overage: None }
    }

    /// Takes the lease of one window away and puts another's in.
    fn serve(&self, desk: &mut Desk, window: Window) {
        let units = self.empty();
        let parked = desk.change_current(window, units);
        let left = desk.current.as_ref().and_then(|current| current.left);
        self.left.store(left.unwrap_or_else(|| self.limit.load(Ordering::Relaxed)), Ordering::Relaxed);
        self.start.store(window.start.micros(), Ordering::Release);
        self.end.store(window.end.micros(), Ordering::Release);
        self.attention_at.store(window.end.plus(-PREFETCH_BEFORE).max(window.start).micros(), Ordering::Release);
        self.put(parked, left);
        self.changed.notify_waiters();
    }

    /// Takes all units out of hand; those of calls under way may still come back to the same lease.
    fn drain(&self) -> u64 {
        self.refill_below.store(0, Ordering::Relaxed);
        let tag = Word(self.word.load(Ordering::Relaxed)).tag();
        let empty = |word: Word| word.less(word.balance(), false).expect("a word has its balance");
        self.change(tag, empty).map_or(0, Word::balance)
    }

    /// Takes all units out of hand and ends the tag.
    fn empty(&self) -> u64 {
        self.refill_below.store(0, Ordering::Relaxed);
        let mut word = Word(self.word.load(Ordering::Relaxed));
        loop {
            let next = word.next_lease().0;
            match self.word.compare_exchange_weak(word.0, next, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return word.balance(),
                Err(actual) => word = Word(actual),
            }
        }
    }

    /// Puts units in hand. More are asked for when half of what is there then is spent, if there are more.
    fn put(&self, units: u64, left: Option<u64>) {
        let word = Word(self.word.load(Ordering::Relaxed));
        let before = self.change(word.tag(), |word| word.plus(units)).map_or(0, Word::balance);
        let refill_below = if left.is_some_and(|left| left > 0) { (before + units) / 2 } else { 0 };
        self.refill_below.store(refill_below, Ordering::Relaxed);
    }

    /// Changes the word if it is still that lease's; tells what it was before.
    #[inline]
    fn change(&self, tag: Tag, change: impl Fn(Word) -> Word) -> Option<Word> {
        let mut word = Word(self.word.load(Ordering::Relaxed));
        while word.tag() == tag {
            match self.word.compare_exchange_weak(word.0, change(word).0, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return Some(word),
                Err(actual) => word = Word(actual),
            }
        }
        None
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().expect("nothing panics at the desk")
    }
}

#[cfg(test)]
mod tests;
