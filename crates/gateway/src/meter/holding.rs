//! Holding: what this node knows of its lease of one counter in one window, and what the ledger last said of it. Pure.
//!
//! Units come only from the ledger's answers, and every figure that travels is cumulative: an answer that is lost, doubled or
//! late changes nothing. What was once known to be granted is never forgotten within its window; asking anew from nothing
//! would be given the same units a second time.

use domain::{
    id::QuotaId,
    lease::{Answer, Ask, CounterId},
    time::{SECOND, Timestamp, Window},
};

/// An ask without an answer for this long is taken for lost and sent again; the ledger knows it by its figures.
const ANSWER_LOST_AFTER: i64 = 5 * SECOND;
/// How long the ledger's word "exhausted" holds before it is asked again.
const WORD_HOLDS: i64 = SECOND;
/// How long calls wait for the last units while other leases still hold some.
const LAST_UNITS_WAIT: i64 = 300_000;
/// How often the ledger is asked during that wait.
const LAST_UNITS_RETRY: i64 = 50_000;
/// How long to wait after the ledger could not be reached.
const UNAVAILABLE_RETRY: i64 = 250_000;
/// How long the ledger may be away before calls are refused at once instead of waiting; also the longest wait of a call.
pub(super) const PATIENCE: i64 = 5 * SECOND;
/// How long to wait after the ledger refused; meanwhile the counter serves nothing.
const REFUSED_RETRY: i64 = SECOND;

/// The ledger could not be asked, or its answer did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable;

/// What the node holds of a counter. Moments are microseconds on the steady clock.
#[derive(Clone, Debug)]
pub(super) struct Holding {
    pub(super) window: Window,
    /// All units ever granted, as far as an answer told.
    pub(super) known: u64,
    /// All units ever given back.
    pub(super) returned: u64,
    /// What the ledger confirmed of `returned`.
    pub(super) confirmed: u64,
    /// Units in hand while this is not the window being served.
    pub(super) parked: u64,
    /// What the ledger last said remains on the counter.
    pub(super) left: Option<u64>,
    /// Somebody wants units.
    pub(super) wanted: bool,
    asked_at: Option<i64>,
    ask_after: i64,
    exhausted: Option<Exhausted>,
    exhausted_since: Option<i64>,
    unavailable_since: Option<i64>,
    refused_at: Option<i64>,
}

/// The ledger's word that fewer units remain than were needed.
#[derive(Clone, Copy, Debug)]
struct Exhausted {
    left: u64,
    elsewhere: u64,
    told_at: i64,
}

/// What an answer does to the units in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// So many are new.
    Units(u64),
    /// None of them may be spent any more.
    Drop,
    /// Nothing.
    Nothing,
}

/// What a call that lacks units is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The ledger says there are no more.
    Exhausted,
    /// The ledger cannot be asked, or does not know us.
    Unavailable,
    /// Wait for an answer.
    Wait,
}

impl Holding {
    pub(super) fn new(window: Window) -> Holding {
        Holding {
            window,
            known: 0,
            returned: 0,
            confirmed: 0,
            parked: 0,
            left: None,
            wanted: false,
            asked_at: None,
            ask_after: i64::MIN,
            exhausted: None,
            exhausted_since: None,
            unavailable_since: None,
            refused_at: None,
        }
    }

    /// The counter that this is a lease of.
    pub(super) fn counter(&self, quota: QuotaId) -> CounterId {
        CounterId { quota, window: self.window.start }
    }

    /// Units spent of this lease, with so many in hand.
    pub(super) fn spent(&self, in_hand: u64) -> u64 {
        self.known.saturating_sub(self.returned).saturating_sub(in_hand)
    }

    /// Whether an ask may go out now: none is under way, and no pause is on.
    pub(super) fn may_ask(&self, steady: i64) -> bool {
        let under_way = self.asked_at.is_some_and(|at| steady.saturating_sub(at) < ANSWER_LOST_AFTER);
        !under_way && steady >= self.ask_after
    }

    /// The ask, from now on under way.
    pub(super) fn ask(&mut self, quota: QuotaId, need: u64, want: u64, steady: i64) -> Ask {
        self.wanted = false;
        self.asked_at = Some(steady);
        Ask { counter: self.counter(quota), known: self.known, want, need }
    }

    /// Takes the ledger's answer in.
    pub(super) fn hear(&mut self, ask: &Ask, answer: Result<Answer, Unavailable>, steady: i64) -> Effect {
        // An answer to an older ask may come after a newer one has changed what is known. It can still bring units that
        // were not known; its other words are out of date.
        let is_about_now = ask.known == self.known;
        if is_about_now {
            self.asked_at = None;
        }
        match answer {
            Ok(Answer::Granted { granted, left, .. }) => self.hear_granted(granted, left),
            _ if !is_about_now => Effect::Nothing,
            Ok(Answer::Exhausted { left, elsewhere, .. }) => {
                self.unavailable_since = None;
                self.left = Some(left);
                self.exhausted = Some(Exhausted { left, elsewhere, told_at: steady });
                self.exhausted_since.get_or_insert(steady);
                self.ask_after = steady + LAST_UNITS_RETRY;
                Effect::Nothing
            }
            Ok(Answer::Refused) => {
                self.refused_at = Some(steady);
                self.ask_after = steady + REFUSED_RETRY;
                Effect::Drop
            }
            Err(Unavailable) => {
                self.unavailable_since.get_or_insert(steady);
                self.ask_after = steady + UNAVAILABLE_RETRY;
                Effect::Nothing
            }
        }
    }

    fn hear_granted(&mut self, granted: u64, left: u64) -> Effect {
        let fresh = granted.saturating_sub(self.known);
        if fresh == 0 {
            return Effect::Nothing;
        }
        self.known = granted;
        self.left = Some(left);
        self.asked_at = None;
        self.ask_after = i64::MIN;
        self.forget_trouble();
        Effect::Units(fresh)
    }

    /// What a call is to do that lacks `need` units, and whether the ledger should be asked for them. A call that `goes_on`
    /// beyond the quota does not wait for the ledger to say "exhausted" again: the word that it asks for is for the next call.
    pub(super) fn verdict(&self, need: u64, goes_on: bool, steady: i64) -> (Verdict, bool) {
        let since = |moment: Option<i64>| moment.map(|at| steady.saturating_sub(at));
        if since(self.refused_at).is_some_and(|age| age < REFUSED_RETRY) {
            return (Verdict::Unavailable, false);
        }
        if let Some(word) = self.exhausted
            && need > word.left
        {
            let holds = steady.saturating_sub(word.told_at) < WORD_HOLDS;
            let waited = since(self.exhausted_since).is_some_and(|age| age >= LAST_UNITS_WAIT);
            if holds || goes_on {
                let is_over = word.elsewhere == 0 || waited;
                return if is_over { (Verdict::Exhausted, !holds) } else { (Verdict::Wait, true) };
            }
        }
        let away = since(self.unavailable_since).is_some_and(|age| age >= PATIENCE);
        (if away { Verdict::Unavailable } else { Verdict::Wait }, true)
    }

    /// Forgets what the ledger said against us: the limit was changed, or units came.
    pub(super) fn forget_trouble(&mut self) {
        self.exhausted = None;
        self.exhausted_since = None;
        self.unavailable_since = None;
        self.refused_at = None;
    }

    /// Gives back `units` that were in hand.
    pub(super) fn give_back(&mut self, units: u64) {
        self.returned += units;
    }

    /// The last moment at which the window may still be served.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.window.end <= now
    }
}

#[cfg(test)]
mod tests;
